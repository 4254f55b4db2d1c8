import { diffArrays } from "diff";

/** A line of two texts: in both, or in one of them alone. */
export interface ChangedLine {
  readonly in: "both" | "theirs" | "mine";
  readonly text: string;
}

/** The lines of two texts in one order: what theirs has and mine has not comes before what mine has. */
export function lineChanges(theirs: string, mine: string): readonly ChangedLine[] {
  return diffArrays(theirs.split("\n"), mine.split("\n")).flatMap(({ added, removed, value }) =>
    value.map((text) => ({ in: added ? "mine" : removed ? "theirs" : "both", text }) as const),
  );
}
