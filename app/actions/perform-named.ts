import type { ActionContext } from "./action-context";
import { actionNamed } from "./all-actions";
import { perform } from "./perform";

/** Does the action of an id where it has a place, and says why where it cannot be done. */
export function performNamed(id: string, context: ActionContext): Promise<void> {
  return perform(actionNamed(id), context);
}
