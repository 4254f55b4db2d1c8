import { createEffect, createSignal, on, onCleanup, type Accessor } from "solid-js";

/** Milliseconds after the last change before the server is asked. */
const settle = 400;

/** What `ask` says of a subject, once that has been the same for a moment; what it said before stays until then. Null stands for no subject, and for no answer yet or any more. */
export function createSettledEstimate<Estimate>(
  /** Changes with the subject and with all the answer depends on. */
  version: Accessor<unknown>,
  isAsked: Accessor<boolean>,
  ask: () => Promise<Estimate>,
): Accessor<Estimate | null> {
  const [estimate, setEstimate] = createSignal<Estimate | null>(null);
  createEffect(
    on(version, () => {
      if (!isAsked()) return void setEstimate(null);
      let isWanted = true;
      const keep = (found: Estimate | null): unknown => isWanted && setEstimate(() => found);
      const timer = setTimeout(
        // What is being typed may have none for a moment, and what cannot be said says why when it is sent.
        () => void ask().then(keep, () => keep(null)),
        settle,
      );
      onCleanup(() => {
        isWanted = false;
        clearTimeout(timer);
      });
    }),
  );
  return estimate;
}
