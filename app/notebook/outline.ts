import type { NotebookView } from "#server/workbench/view.ts";
import { proseBlock } from "./blocks";

/** One line of a notebook's outline: a heading of its prose, or a cell. */
export type OutlineItem =
  | {
      readonly type: "heading";
      readonly block: string;
      readonly level: number;
      readonly text: string;
      /** Which of the block's headings it is, from 0. */
      readonly index: number;
      /** What its fold is remembered by: its text, and which of that text it is. */
      readonly key: string;
    }
  | { readonly type: "cell"; readonly block: string; readonly kind: string; readonly name: string };

const heading = /<h([1-6])>([\s\S]*?)<\/h\1>/g;

/** The headings and cells of a notebook in their order. */
export function outlineOf({ head, prose, cells }: NotebookView): readonly OutlineItem[] {
  const seen = new Map<string, number>();
  return head.head.order.flatMap((block): readonly OutlineItem[] => {
    if (block.type === "cell") {
      const cell = cells[block.path];
      return cell === undefined ? [] : [{ type: "cell", block: block.path, kind: cell.kind, name: block.path }];
    }
    return [...(prose[block.key]?.html ?? "").matchAll(heading)].map(([, level, html], index) => {
      const text = plainText(html!);
      const times = (seen.get(text) ?? 0) + 1;
      seen.set(text, times);
      const key = times === 1 ? text : `${text} (${times})`;
      return { type: "heading", block: proseBlock(block.key), level: Number(level), text, index, key };
    });
  });
}

const entities: { readonly [name: string]: string } = { amp: "&", lt: "<", gt: ">", quot: '"', "#39": "'" };

/** The words of HTML that the server made of Markdown. */
function plainText(html: string): string {
  return html
    .replaceAll(/<[^>]*>/g, "")
    .replaceAll(/&(amp|lt|gt|quot|#39);/g, (_, name: string) => entities[name]!)
    .trim();
}
