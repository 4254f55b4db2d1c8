import type { ActionContext } from "./action-context";

/** Takes the last edit back, and shows where it was. */
export async function undo({ server, page }: Pick<ActionContext, "server" | "page">): Promise<void> {
  const block = await server.undo();
  if (block !== null) page.show(block, { flash: true });
}

/** Does it again. */
export async function redo({ server, page }: Pick<ActionContext, "server" | "page">): Promise<void> {
  const block = await server.redo();
  if (block !== null) page.show(block, { flash: true });
}

/** What a word about an edit, the last there is by now, offers: to take it back. */
export function undoing(context: Pick<ActionContext, "server" | "page" | "view">) {
  const { head } = context.view;
  const { revision } = head.head;
  const isLast = (): boolean => head.head.revision === revision;
  return {
    label: "Undo",
    run: () => (isLast() ? void undo(context) : context.page.say("Something was changed after it: undo that first.")),
  };
}
