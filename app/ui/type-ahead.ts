/** What has the keys as soon as it has the focus. */
const taking =
  "[role=dialog], [role=alertdialog], [role=menu], .side-panel, .cell-name-field, .top-title input, .prose-edit";
const focusable = "input, textarea, select, button, a[href], summary, [tabindex]";
/** Milliseconds until what was to open is given up: its code did not come. */
const openingPatience = 4_000;
/** Milliseconds that a key waits for what is being done: while the server is away one can still move about. */
const doingPatience = 1_000;
/** Frames a menu has to give the focus to its first line. */
const mostFrames = 30;

/** What a person types: a key, or what is pasted. */
export type Typed = KeyboardEvent | ClipboardEvent;

/** What waits, anew as it is going to be typed. */
const held: Typed[] = [];
/** Something is about to open, until this gives it up. */
let opening: ReturnType<typeof setTimeout> | null = null;
/** What is being done, and is waited for. */
const doing = new Set<Promise<void>>();
/** Ends that wait. */
let waiting: ReturnType<typeof setTimeout> | null = null;
let isCommand: (event: Typed) => boolean = () => false;
let isTyping = false;
let listens = false;

/**
 * Keeps what is typed from now on for what is about to open: a menu, a dialog, a panel or a field. As soon as that has the focus it is typed there,
 * and nothing of it is done on the page that is left. What still waits when nothing has opened after 4 s is forgotten.
 */
export function holdKeys(): void {
  listen();
  if (opening !== null) clearTimeout(opening);
  opening = setTimeout(() => {
    opening = null;
    held.length = 0;
  }, openingPatience);
}

/**
 * Keeps the keys that are commands while one of them is being done, at most 1 s each: what they mean, and to what it is done, is known
 * when that is done. What opens meanwhile gets them instead.
 */
export function holdKeysWhile(done: Promise<void>, command: (event: Typed) => boolean): void {
  listen();
  isCommand = command;
  doing.add(done);
  void done.catch(reportError).finally(() => {
    doing.delete(done);
    if (held.length > 0) void typeHeld();
  });
}

function listen(): void {
  if (listens) return;
  listens = true;
  addEventListener("keydown", hold, { capture: true });
  addEventListener("paste", hold, { capture: true });
  addEventListener("focusin", opened, { capture: true });
  // Whoever points goes on there: what still waits was for another place, or for another notebook.
  addEventListener("pointerdown", () => void (held.length = 0), { capture: true });
}

function hold(event: Typed): void {
  const isKey = event instanceof KeyboardEvent;
  if (!event.isTrusted || (isKey && event.isComposing) || !isHeld(event)) return;
  event.preventDefault();
  event.stopImmediatePropagation();
  // A key that is held down is not to go on when it has been let go.
  if (isKey && event.repeat) return;
  held.push(isKey ? new KeyboardEvent("keydown", event) : pasted(event));
  waitAWhile();
}

/** A paste that can come later: its own data are gone by then. */
function pasted({ clipboardData: given }: ClipboardEvent): ClipboardEvent {
  const clipboardData = new DataTransfer();
  clipboardData.setData("text/plain", given?.getData("text/plain") ?? "");
  return new ClipboardEvent("paste", { clipboardData, bubbles: true, cancelable: true });
}

function waitAWhile(): void {
  if (held.length === 0 || doing.size === 0) return;
  waiting ??= setTimeout(() => {
    waiting = null;
    doing.clear();
    void typeHeld();
  }, doingPatience);
}

function isHeld(event: Typed): boolean {
  const isPlain = event instanceof ClipboardEvent || (!event.ctrlKey && !event.metaKey);
  if (opening !== null || (isTyping && isMenu(document.activeElement))) return isPlain || isCommand(event);
  // Nothing waits: the browser itself does more with a key than can be done for it.
  if (held.length === 0) return doing.size > 0 && isCommand(event);
  return isPlain || isCommand(event);
}

function opened({ target }: FocusEvent): void {
  if (opening === null || !(target instanceof Element) || target.closest(taking) === null) return;
  clearTimeout(opening);
  opening = null;
  void typeHeld();
}

/** Types what was held, a key at a time: what one of them does is done before the next. */
async function typeHeld(): Promise<void> {
  if (isTyping) return;
  isTyping = true;
  for (;;) {
    for (let frames = 0; frames < mostFrames && isMenu(document.activeElement); frames += 1)
      await new Promise(requestAnimationFrame);
    await new Promise((resolve) => setTimeout(resolve));
    // What a key has open, or does, is waited for in its turn.
    if (opening !== null || (doing.size > 0 && document.activeElement?.closest(taking) == null)) break;
    const event = held.shift();
    if (event === undefined) break;
    typeAt(document.activeElement ?? document.body, event);
  }
  isTyping = false;
  if (waiting !== null) clearTimeout(waiting);
  waiting = null;
  waitAWhile();
}

/** Whether none of a menu's lines has the focus yet. */
function isMenu(focused: Element | null): boolean {
  return focused?.matches("[role=menu]") === true;
}

/** Does with a key, or what is pasted, what the browser would have done. */
function typeAt(target: Element, event: Typed): void {
  if (!target.dispatchEvent(event)) return;
  // The one way to type as a person does: with events of input and change, and to be undone.
  const type = (text: string): boolean => document.execCommand("insertText", false, text);
  if (event instanceof ClipboardEvent) return void type(event.clipboardData!.getData("text/plain"));
  const { key, shiftKey, ctrlKey, metaKey } = event;
  if (ctrlKey || metaKey) return;
  if (key.length === 1) type(key);
  if (key === "Enter" && target instanceof HTMLTextAreaElement) type("\n");
  if (key === "Backspace") document.execCommand("delete");
  if (key === "Delete") document.execCommand("forwardDelete");
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
