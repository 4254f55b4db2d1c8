import type { Action } from "./action";
import { cellActions } from "./cell-actions";
import { compareActions } from "./compare-actions";
import { fileActions } from "./file-actions";
import { selectionActions } from "./selection-actions";
import { requestActions } from "./request-actions";
import { runActions } from "./run-actions";
import { grantActions } from "./grant-actions";
import { pageActions } from "./page-actions";
import { textActions } from "./text-actions";

/** Everything a person can do on a notebook's page. */
export const allActions: readonly Action[] = [
  ...runActions,
  ...grantActions,
  ...cellActions,
  ...compareActions,
  ...requestActions,
  ...textActions,
  ...selectionActions,
  ...pageActions,
  ...fileActions,
];

/** An action by its id. */
export function actionNamed(id: string): Action {
  const action = allActions.find((each) => each.id === id);
  if (action === undefined) throw new Error(`there is no action ${id}`);
  return action;
}
