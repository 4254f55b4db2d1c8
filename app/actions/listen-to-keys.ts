import { withPasted } from "~/notebook/clipboard";
import { isMac } from "~/ui/platform";
import { menuIsOpen } from "~/ui/menu";
import type { Action, KeyMode } from "./action";
import type { ActionContext } from "./action-context";
import { actionNamed, allActions } from "./all-actions";
import { keyModeAt } from "./key-mode-at";
import { matchKeys } from "./match-keys";
import { perform } from "./perform";
import { pressOf } from "./press";

/** Milliseconds between presses that belong together. */
const together = 1_200;

/** Milliseconds that an action may keep those after it waiting: while the server is away one can still move about. */
const patience = 1_000;

/** Does the actions of the keys that are pressed on a notebook's page, one after another; gives what ends it. */
export function listenToKeys(context: () => ActionContext): () => void {
  let begun: readonly string[] = [];
  let at = 0;
  let doing: Promise<void> | null = null;

  /** What an action is done to is known when the one before is done. */
  function inTurn(action: Action): void {
    const before = doing;
    const done = before === null ? perform(action, context()) : before.then(() => perform(action, context()));
    const turn = Promise.race([done, new Promise<void>((resolve) => setTimeout(resolve, patience))]).catch(reportError);
    doing = turn;
    void turn.finally(() => {
      if (doing === turn) doing = null;
    });
  }

  /** While the editor of a block that is to be edited still comes, what is typed is no command. */
  function modeAt(target: Element): KeyMode {
    const mode = keyModeAt(target);
    return mode === "command" && context().selection.mode === "edit" ? "edit" : mode;
  }

  function onKeyDown(event: KeyboardEvent): void {
    if (event.defaultPrevented || event.isComposing || menuIsOpen()) return;
    const target = event.target instanceof Element ? event.target : document.body;
    const press = pressOf(event, isMac);
    if (press === null || target.closest("[role=dialog], [role=alertdialog], [role=menu]") !== null) return;
    if (isNative(press, target) || (press === "Mod+v" && keyModeAt(target) === "command")) return;
    if (event.timeStamp - at > together) begun = [];
    at = event.timeStamp;
    const match = matchKeys(allActions, begun, press, modeAt(target));
    begun = match.type === "begun" ? match.presses : [];
    if (match.type === "none") return;
    if (match.type === "action" && !match.action.available(context())) return;
    event.preventDefault();
    if (match.type === "action" && !(event.repeat && isOnce(press))) inTurn(match.action);
  }

  /** The browser gives what is pasted by its own keys unasked. */
  function onPaste(event: ClipboardEvent): void {
    const target = event.target instanceof Element ? event.target : document.body;
    if (event.defaultPrevented || menuIsOpen() || keyModeAt(target) !== "command") return;
    event.preventDefault();
    const text = event.clipboardData?.getData("text/plain") ?? "";
    withPasted(text, () => void perform(actionNamed("cell.paste"), context()));
  }

  document.addEventListener("keydown", onKeyDown);
  document.addEventListener("paste", onPaste);
  return () => {
    document.removeEventListener("keydown", onKeyDown);
    document.removeEventListener("paste", onPaste);
  };
}

/** Keys that the element itself or the browser answers: Enter on a button, copying words that are selected. */
function isNative(press: string, target: Element): boolean {
  if (press === "Enter" || press === "Space") return target.closest("button, a[href], summary, [role=button]") !== null;
  const selected = window.getSelection();
  return (press === "Mod+c" || press === "Mod+x") && selected !== null && !selected.isCollapsed;
}

/** A key that is held down moves on and on, and does everything else once. */
function isOnce(press: string): boolean {
  return !/(?:^|\+)(?:j|k|Arrow\w+)$/.test(press);
}
