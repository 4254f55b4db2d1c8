import { placeOfGap } from "../notebook/block-edits";
import type { ActionContext } from "./action-context";

/** Puts text into a gap between blocks, shows what came of it, and says what of it could not be taken. */
export async function pasteInto(
  context: ActionContext,
  text: string | null,
  gap: number,
  { request = false } = {},
): Promise<void> {
  const { page, server, blocks } = context;
  if (text === null || text.trim() === "") return page.say("There is nothing to paste.");
  const pasted = await server.paste(text, placeOfGap(blocks.all, gap), request);
  if (pasted === null) return;
  const [first] = pasted.cells;
  if (first !== undefined) page.show(first, { flash: true });
  if (pasted.isRequest) page.say(["The request is a prompt now.", ...pasted.notices].join(" "));
}
