import { placeOfGap } from "../notebook/block-edits";
import { blockFinder } from "../notebook/block-finder";
import { proseKey } from "../notebook/blocks";
import type { ActionContext, KindChoice } from "./action-context";
import type { Choice } from "./page-hands";

/** What stands among the kinds for a block of text. */
const textChoice = { value: "text", label: "Text", hint: "Markdown: headings, paragraphs, lists." };

/** A kind of cell as it stands in a menu. */
export function kindChoice({ kind, title, description }: KindChoice): Choice {
  return { value: kind, label: title, hint: description };
}

/** Asks for a kind of cell and puts one into a gap between blocks; `at` is the block at which it is asked. */
export async function insertCell(context: ActionContext, gap: number, at: string | null): Promise<void> {
  const choices = async () => [...(await context.kinds()).map(kindChoice), textChoice];
  const kind = await context.page.choose("Insert", choices(), at);
  if (kind !== null) await insertKind(context, kind, gap);
}

/** Puts a cell of a kind, or a block of text, into a gap between blocks. */
export async function insertKind(
  { blocks, view, server, page }: ActionContext,
  kind: string,
  gap: number,
): Promise<void> {
  if (kind !== textChoice.value) {
    const cell = await server.insertCell(kind, placeOfGap(blocks.all, gap));
    if (cell !== null) page.show(cell);
    return;
  }
  // Text beside text is one block: then it goes on there.
  const [before, behind] = [blocks.all[gap - 1], blocks.all[gap]];
  const beside = [before, behind].find((block) => block !== undefined && proseKey(block) !== null);
  if (beside !== undefined) {
    const find = blockFinder(view, blocks, [beside]);
    let shown = beside;
    const isDone = await server.editShown(() => {
      const [found] = find().chosen;
      if (found === undefined) return [];
      shown = found;
      const { segment, text: base, around } = view.prose[proseKey(found)!]!;
      const text = beside === before ? `${around[0]}${base}\n\nText\n\n` : `Text\n\n${base}${around[1]}`;
      return [{ type: "set-prose", segment, text }];
    });
    if (isDone) page.select({ cell: shown, mode: "edit" });
    return;
  }
  await server.edit([{ type: "insert", at: placeOfGap(blocks.all, gap), text: "Text\n" }]);
  page.show(`prose:${before ?? ""}`);
}
