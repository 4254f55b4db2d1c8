import { withPasted } from "~/notebook/clipboard";
import { isMac } from "~/ui/platform";
import { menuIsOpen } from "~/ui/menu";
import { holdKeysWhile, type Typed } from "~/ui/type-ahead";
import type { KeyMode } from "./action";
import type { ActionContext } from "./action-context";
import { actionNamed, allActions } from "./all-actions";
import { keyModeAt } from "./key-mode-at";
import { matchKeys } from "./match-keys";
import { perform } from "./perform";
import { pressOf } from "./press";

/** Milliseconds between presses that belong together. */
const together = 1_200;

/** Does the actions of the keys that are pressed on a notebook's page, one after another; gives what ends it. */
export function listenToKeys(context: () => ActionContext): () => void {
  let begun: readonly string[] = [];
  let at = 0;

  /** While the editor of a block that is to be edited still comes, what is typed is no command. */
  function modeAt(target: Element): KeyMode {
    const mode = keyModeAt(target);
    return mode === "command" && context().selection.mode === "edit" ? "edit" : mode;
  }

  /** What was pressed, where it may be for the page and not for the element it came to. */
  function pressFor(event: KeyboardEvent, target: Element): string | null {
    if (event.defaultPrevented || event.isComposing || menuIsOpen()) return null;
    if (target.closest("[role=dialog], [role=alertdialog], [role=menu]") !== null) return null;
    const press = pressOf(event, isMac);
    if (press === null || isNative(press, target)) return null;
    return press === "Mod+v" && keyModeAt(target) === "command" ? null : press;
  }

  /** Whether a key, or what is pasted, may mean something here once what is being done is done. */
  function isCommand(event: Typed): boolean {
    const target = targetOf(event);
    if (event instanceof ClipboardEvent) return !menuIsOpen() && keyModeAt(target) === "command";
    const press = pressFor(event, target);
    if (press === null) return false;
    const mode = modeAt(target);
    return (mode === "command" && isTyped(event)) || matchKeys(allActions, [], press, mode).type !== "none";
  }

  function onKeyDown(event: KeyboardEvent): void {
    const target = targetOf(event);
    const press = pressFor(event, target);
    if (press === null) return;
    if (event.timeStamp - at > together) begun = [];
    at = event.timeStamp;
    const match = matchKeys(allActions, begun, press, modeAt(target));
    begun = match.type === "begun" ? match.presses : [];
    if (match.type === "none") return;
    if (match.type === "action" && !match.action.available(context())) return;
    event.preventDefault();
    if (match.type !== "action" || (event.repeat && isOnce(press))) return;
    // What an action is done to is known when the one before is done.
    holdKeysWhile(perform(match.action, context()), isCommand);
  }

  /** The browser gives what is pasted by its own keys unasked. */
  function onPaste(event: ClipboardEvent): void {
    if (event.defaultPrevented || !isCommand(event)) return;
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

const targetOf = ({ target }: Event): Element => (target instanceof Element ? target : document.body);

/** Whether a key types something or takes it back, so that it may be for what is about to have the focus. */
function isTyped({ key, ctrlKey, metaKey }: KeyboardEvent): boolean {
  return !ctrlKey && !metaKey && (key.length === 1 || ["Enter", "Escape", "Backspace", "Delete"].includes(key));
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
