import { createSignal } from "solid-js";
import type { CellError } from "#server/notebook/value.ts";

/** What a toast offers to do about what it says. */
export interface ToastAction {
  readonly label: string;
  readonly run: () => void;
}

/** One of them, as it is shown. */
export interface Toast {
  readonly id: number;
  readonly text: string;
  readonly cure: string | null;
  readonly bad: boolean;
  readonly action: ToastAction | null;
}

/** Short words about what just happened. What went wrong stays until it is closed. */
export interface Toasts {
  say(text: string, action?: ToastAction): void;
  problem(error: CellError): void;
}

const [shown, setShown] = createSignal<readonly Toast[]>([]);
let last = 0;
const shortly = 4_000;
/** Milliseconds for which something can be taken back from the toast that says it. */
const longer = 10_000;

function add(toast: Omit<Toast, "id">): void {
  const id = (last += 1);
  setShown((before) => {
    // The same problem again is one toast, not a pile; another that nobody has read yet goes for no good word.
    const all = [...before.filter(({ text }) => text !== toast.text), { ...toast, id }];
    return all.filter(({ bad }, index) => bad || index > all.length - 5).slice(-8);
  });
  if (!toast.bad) setTimeout(() => closeToast(id), toast.action === null ? shortly : longer);
}

/** Takes a toast away. */
export function closeToast(id: number): void {
  setShown((before) => before.filter((toast) => toast.id !== id));
}

/** The toasts there are. */
export const shownToasts: () => readonly Toast[] = shown;

/** The page's toasts. */
export const toasts: Toasts = {
  say: (text, action) => add({ text, cure: null, bad: false, action: action ?? null }),
  problem: ({ message, cure = null }) => add({ text: message, cure, bad: true, action: null }),
};
