import { createEffect, createMemo, createSignal, on, onCleanup, untrack, type Accessor } from "solid-js";
import { sameJson } from "~/ui/same-json";

/** What the server answered to a question that may change. */
export interface Answer<Value> {
  /** The last answer; it stays while the next is on its way, and is undefined before the first and where nothing is asked. */
  readonly value: Accessor<Value | undefined>;
  readonly problem: Accessor<unknown>;
}

/**
 * Asks whenever the question is another; null asks nothing. Unlike a resource it never has the page around it wait. `forgets`:
 * the answer to the question before is not shown meanwhile. `after`: so many milliseconds a question must stand before it is asked.
 * What is asked is given up, by its signal, when the question is another.
 */
export function createAnswer<Question, Value>(
  question: Accessor<Question | null>,
  ask: (question: Question, signal: AbortSignal) => Promise<Value>,
  {
    forgets = false,
    after = () => 0,
  }: { readonly forgets?: boolean; readonly after?: (question: Question) => number } = {},
): Answer<Value> {
  const other = createMemo(question, null, {
    equals: sameJson,
  });
  const [value, setValue] = createSignal<Value | undefined>();
  const [problem, setProblem] = createSignal<unknown>();
  createEffect(
    on(other, (asked) => {
      if (asked === null || forgets) setValue(undefined);
      if (asked === null) return;
      const { signal, abort } = abortable();
      onCleanup(abort);
      const begin = (): void =>
        void untrack(() => ask(asked, signal)).then(
          (answer) => {
            if (signal.aborted) return;
            setProblem(undefined);
            setValue(() => answer);
          },
          (thrown: unknown) => {
            if (!signal.aborted) setProblem(thrown);
          },
        );
      const wait = after(asked);
      if (wait === 0) return begin();
      const timer = setTimeout(begin, wait);
      onCleanup(() => clearTimeout(timer));
    }),
  );
  return { value, problem };
}

function abortable(): { readonly signal: AbortSignal; readonly abort: () => void } {
  const controller = new AbortController();
  return { signal: controller.signal, abort: () => controller.abort() };
}
