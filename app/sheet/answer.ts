import { createEffect, createMemo, createSignal, on, onCleanup, untrack, type Accessor } from "solid-js";

/** What the server answered to a question that may change. */
export interface Answer<Value> {
  /** The last answer; it stays while the next is on its way, and is undefined before the first and where nothing is asked. */
  readonly value: Accessor<Value | undefined>;
  readonly problem: Accessor<unknown>;
}

/**
 * Asks whenever the question is another; null asks nothing. Unlike a resource it never has the page around it wait. `forgets`:
 * the answer to the question before is not shown meanwhile.
 */
export function createAnswer<Question, Value>(
  question: Accessor<Question | null>,
  ask: (question: Question) => Promise<Value>,
  { forgets = false }: { readonly forgets?: boolean } = {},
): Answer<Value> {
  const other = createMemo(question, null, {
    equals: (before, after) => JSON.stringify(before) === JSON.stringify(after),
  });
  const [value, setValue] = createSignal<Value | undefined>();
  const [problem, setProblem] = createSignal<unknown>();
  createEffect(
    on(other, (asked) => {
      if (asked === null || forgets) setValue(undefined);
      if (asked === null) return;
      let current = true;
      onCleanup(() => (current = false));
      untrack(() => ask(asked)).then(
        (answer) => {
          if (!current) return;
          setProblem(undefined);
          setValue(() => answer);
        },
        (thrown: unknown) => {
          if (current) setProblem(thrown);
        },
      );
    }),
  );
  return { value, problem };
}
