/** What has the keys as soon as it has the focus. */
const taking = "[role=dialog], [role=alertdialog], [role=menu], .side-panel";
const focusable = "input, textarea, select, button, a[href], summary, [tabindex]";
/** Milliseconds until what was to open is given up: its code did not come. */
const patience = 4_000;
/** Frames a menu has to give the focus to its first line. */
const mostFrames = 30;

interface Holding {
  readonly keys: KeyboardEvent[];
  /** Whether what was waited for has the focus. */
  isOpen: boolean;
  timer: ReturnType<typeof setTimeout>;
  readonly stop: AbortController;
}

let holding: Holding | null = null;

/**
 * Keeps what is typed from now on for what is about to open: a menu, a dialog or a panel. As soon as that has the focus it is typed there,
 * and nothing of it is done on the page that is left. What still waits when nothing has opened after 4 s is forgotten.
 */
export function holdKeys(): void {
  const timer = setTimeout(end, patience);
  if (holding !== null) {
    // One of the keys that waited has something else open.
    clearTimeout(holding.timer);
    return void Object.assign(holding, { isOpen: false, timer });
  }
  const stop = new AbortController();
  holding = { keys: [], isOpen: false, timer, stop };
  addEventListener("keydown", hold, { capture: true, signal: stop.signal });
  addEventListener("focusin", opened, { capture: true, signal: stop.signal });
}

function end(): void {
  clearTimeout(holding?.timer);
  holding?.stop.abort();
  holding = null;
}

function hold(event: KeyboardEvent): void {
  if (!event.isTrusted || event.isComposing || event.ctrlKey || event.metaKey) return;
  // It has the focus, and nothing waits: the browser itself does more with a key than can be done for it.
  if (holding?.isOpen === true && holding.keys.length === 0 && !isMenu(document.activeElement)) return end();
  event.preventDefault();
  event.stopImmediatePropagation();
  holding?.keys.push(event);
}

function opened({ target }: FocusEvent): void {
  if (holding === null || holding.isOpen || !(target instanceof Element) || target.closest(taking) === null) return;
  holding.isOpen = true;
  void typeHeld();
}

/** Types what was held, a key at a time: what one of them does is done before the next. */
async function typeHeld(): Promise<void> {
  for (let frames = 0; frames < mostFrames && isMenu(document.activeElement); frames += 1)
    await new Promise(requestAnimationFrame);
  for (;;) {
    await new Promise((resolve) => setTimeout(resolve));
    // What a key has open is waited for in its turn.
    if (holding?.isOpen !== true) return;
    const key = holding.keys.shift();
    if (key === undefined) return end();
    typeAt(document.activeElement ?? document.body, key);
  }
}

/** Whether none of a menu's lines has the focus yet. */
function isMenu(focused: Element | null): boolean {
  return focused?.matches("[role=menu]") === true;
}

/** Does with a key what the browser would have done. */
function typeAt(target: Element, { key, code, shiftKey, altKey }: KeyboardEvent): void {
  const event = new KeyboardEvent("keydown", { key, code, shiftKey, altKey, bubbles: true, cancelable: true });
  if (!target.dispatchEvent(event)) return;
  // The one way to type as a person does: with events of input and change, and to be undone.
  if (key.length === 1) document.execCommand("insertText", false, key);
  if (key === "Backspace") document.execCommand("delete");
  if (key === "Tab") goOn(target, shiftKey);
  // A question that nobody has read is answered by no key pressed before.
  if (key !== "Enter" || target.closest("[role=alertdialog]") !== null) return;
  if (target instanceof HTMLButtonElement) target.click();
  // One in a form is read by whoever sends that.
  if (target instanceof HTMLInputElement && target.form === null)
    target.dispatchEvent(new Event("change", { bubbles: true }));
}

/** Gives the focus to the next of what can have it where a person is, or the one before. */
function goOn(from: Element, back: boolean): void {
  const all = [...(from.closest(taking)?.querySelectorAll<HTMLElement>(focusable) ?? [])].filter(
    (each) => each.tabIndex >= 0 && !each.matches(":disabled, [data-focus-trap]") && each.checkVisibility(),
  );
  const at = all.findIndex((each) => each === from);
  all.at((at + (back ? -1 : 1)) % all.length)?.focus();
}
