import { parseNotebook } from "../format.ts";
import type { Notebook } from "../notebook.ts";
import type { TextEdit } from "../operation.ts";
import { SheafError } from "../sheaf-error.ts";
import { lineEndOf, withPlainLineEnds } from "../text-lines.ts";
import { fingerprints } from "./cell-fingerprint.ts";
import { isSubsequence } from "./insert.ts";
import { applyEdits, inOrder } from "./text-edits.ts";

/** Writes other prose in a segment's place. It may bring cells of its own, but all others must stay what they are. */
export function setProse(notebook: Notebook, index: number, prose: string): TextEdit[] {
  const { text, segments } = notebook;
  const segment = segments[index];
  if (segment?.kind !== "prose") {
    const prosaic = segments.flatMap(({ kind }, place) => (kind === "prose" ? [place] : []));
    throw new SheafError(
      "operation.no-prose",
      `segment ${index} is ${segment === undefined ? "not there" : "no prose"}`,
      {
        cure:
          prosaic.length === 0
            ? "Insert the text before or after a cell."
            : `Segments of prose are ${prosaic.join(", ")}.`,
      },
    );
  }
  const plain = withPlainLineEnds(prose);
  const whole = plain === "" || plain.endsWith("\n") || segment.end === text.length ? plain : `${plain}\n`;
  const edits = inOrder(text, [
    { start: segment.start, end: segment.end, text: whole.replaceAll("\n", lineEndOf(text)) },
  ]);
  const after = parseNotebook(applyEdits(text, edits), notebook.forms);
  if (!isSubsequence(fingerprints(notebook), fingerprints(after)))
    throw new SheafError("operation.place", "with this text other cells would no longer be read as cells", {
      cure: "Close every fence, comment and HTML block in the text.",
    });
  return edits;
}
