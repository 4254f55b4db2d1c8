/** What has the keys as soon as it has the focus. */
const taking = "[role=dialog], [role=alertdialog], [role=menu], .side-panel";
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
  for (let frames = 0; frames < mostFrames && (document.activeElement?.matches("[role=menu]") ?? false); frames += 1)
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

function typeAt(target: Element, { key, code, shiftKey, altKey }: KeyboardEvent): void {
  const event = new KeyboardEvent("keydown", { key, code, shiftKey, altKey, bubbles: true, cancelable: true });
  if (!target.dispatchEvent(event)) return;
  // The one way to type as a person does: with events of input and change, and to be undone.
  if (key.length === 1) document.execCommand("insertText", false, key);
  // A question that nobody has read is answered by no key pressed before.
  if (target instanceof HTMLButtonElement && key === "Enter" && target.closest("[role=alertdialog]") === null)
    target.click();
}
