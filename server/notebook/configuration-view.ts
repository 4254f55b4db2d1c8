import { bodyLines, indentationOf } from "./file-position.ts";
import { isAllConfiguration } from "./cell-forms.ts";
import type { Cell, Notebook, Span } from "./notebook.ts";
import { matterEnd } from "./parse/matter-end.ts";
import { linesOf } from "./text-lines.ts";
import { viewOf, type TextView } from "./text-view.ts";

/** The YAML of a configuration as it stands in the file. */
export interface ConfigurationText {
  readonly view: TextView;
  /** The `---` lines with all between them; null where the whole body is configuration. */
  readonly block: Span | null;
}

/** A cell's configuration in the file; null where it has none and its kind has a body. */
export function configurationText(text: string, cell: Cell): ConfigurationText | null {
  const body = bodyLines(text, cell);
  const matter = matterEnd(text, body);
  if (typeof matter === "number") {
    const view = viewOf(text, body.slice(1, matter), body[matter]!.start);
    return { view, block: { start: cell.bodySpan.start, end: body[matter]!.next } };
  }
  if (!isAllConfiguration(cell.form)) return null;
  const spaces = /^ */.exec(text.slice(cell.bodySpan.end, cell.span.end))![0].length;
  return { view: viewOf(text, body, cell.bodySpan.end + Math.min(spaces, indentationOf(text, cell))), block: null };
}

/** The front matter's YAML in the file; null where there is none. */
export function frontMatterView(notebook: Pick<Notebook, "text" | "segments">): TextView | null {
  const front = notebook.segments.find(({ kind }) => kind === "front-matter");
  if (front === undefined) return null;
  const lines = linesOf(notebook.text.slice(0, front.end));
  return viewOf(notebook.text, lines.slice(1, -1), lines.at(-1)!.start);
}
