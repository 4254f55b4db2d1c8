import { createSignal, lazy, Show, Suspense } from "solid-js";
import { holdKeys } from "./type-ahead";

/** A question with two answers. */
export interface Question {
  readonly title: string;
  readonly text: string;
  /** What the answer that does it is called: `Delete`. */
  readonly yes: string;
  readonly isDangerous?: boolean;
}

/** A question for a line of text. */
export interface TextQuestion {
  readonly title: string;
  readonly label: string;
  readonly value: string;
  readonly yes: string;
  /** What is wrong with an answer; null where nothing is. */
  readonly problem?: (text: string) => string | null;
}

export type OpenDialog = { readonly before: HTMLElement | null } & (
  | { readonly type: "question"; readonly question: Question; readonly answer: (yes: boolean) => void }
  | { readonly type: "text"; readonly question: TextQuestion; readonly answer: (text: string | null) => void }
);

const [dialog, setDialog] = createSignal<OpenDialog | null>(null);
const load = () => import("./dialog-window");
const DialogWindow = lazy(async () => ({ default: (await load()).DialogWindow }));

function opening<Answer>(make: (answer: (given: Answer) => void) => OpenDialog): Promise<Answer> {
  holdKeys();
  return new Promise((resolve) =>
    setDialog(() =>
      make((given) => {
        setDialog(null);
        resolve(given);
      }),
    ),
  );
}

const focused = (): HTMLElement | null =>
  document.activeElement instanceof HTMLElement ? document.activeElement : null;

/** Asks yes or no. */
export function ask(question: Question): Promise<boolean> {
  return opening<boolean>((answer) => ({ type: "question", question, answer, before: focused() }));
}

/** Asks for a line of text; null where none was given. */
export function askText(question: TextQuestion): Promise<string | null> {
  return opening<string | null>((answer) => ({ type: "text", question, answer, before: focused() }));
}

/** Fetches what dialogs are drawn with before the first is opened. */
export const warmDialogs = (): void => void load();

/** Where the page's dialogs are drawn. */
export function DialogHost() {
  return (
    <Show when={dialog()} keyed>
      {(open) => (
        <Suspense>
          <DialogWindow dialog={open} />
        </Suspense>
      )}
    </Show>
  );
}
