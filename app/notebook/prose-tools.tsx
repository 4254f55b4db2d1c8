import { proseMenu } from "~/actions/menus";
import { DraftProblem } from "~/editor/draft-problem";
import { MenuButton } from "~/ui/menu-button";
import { useNotebook } from "./notebook-context";
import { useHands } from "./use-hands";

/** What can be done with a block of prose, and what is wrong with what is typed in it. */
export function ProseTools(props: { readonly block: string }) {
  const { selection, select } = useNotebook();
  const { actionContext } = useHands();
  const menu = async (at: Element): Promise<void> => {
    if (selection().cell !== props.block) select({ cell: props.block });
    const { openActionMenu } = await import("~/actions/action-menu");
    await openActionMenu(at, "Text", proseMenu, actionContext);
  };
  return (
    <>
      <DraftProblem part={props.block} />
      <span class="prose-tools">
        <MenuButton label="Menu of this text" tip="All that can be done" isOnHover open={(at) => void menu(at)} />
      </span>
    </>
  );
}
