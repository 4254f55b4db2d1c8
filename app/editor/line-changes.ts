import { diffComm } from "node-diff3";

/** A line of two texts: in both, or in one of them alone. */
export interface ChangedLine {
  readonly in: "both" | "theirs" | "mine";
  readonly text: string;
}

/** The lines of two texts beside each other: what theirs has and mine has not comes before what mine has. */
export function lineChanges(theirs: string, mine: string): readonly ChangedLine[] {
  return diffComm(theirs.split("\n"), mine.split("\n")).flatMap((part): readonly ChangedLine[] =>
    "common" in part
      ? (part.common as string[]).map((text) => ({ in: "both", text }))
      : [
          ...(part.buffer1 as string[]).map((text): ChangedLine => ({ in: "theirs", text })),
          ...(part.buffer2 as string[]).map((text): ChangedLine => ({ in: "mine", text })),
        ],
  );
}
