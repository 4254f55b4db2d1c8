import type { Action } from "./action";
import type { ActionContext } from "./action-context";

/** Does an action where it has a place, and says why where it cannot be done. */
export async function perform(action: Action, context: ActionContext): Promise<void> {
  if (!action.available(context)) return;
  const reason = action.disabled(context);
  if (reason === null) await action.run(context);
  else context.page.say(`${reason}.`);
}
