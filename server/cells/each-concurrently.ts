/**
 * Starts `run` for 0 … count - 1 at once and yields what they emit as it comes; ends when all have. How many really work at
 * the same time is the models' and processes' own limit. The first to throw ends it with that error.
 */
export async function* eachConcurrently<Event>(
  count: number,
  run: (index: number, emit: (event: Event) => void) => Promise<void>,
): AsyncGenerator<Event> {
  const events: Event[] = [];
  let wake: () => void = () => {};
  let left = count;
  let failure: { readonly error: unknown } | undefined;
  const changed = (): void => wake();
  for (let index = 0; index < count; index += 1) {
    run(index, (event) => {
      events.push(event);
      changed();
    })
      .catch((error: unknown) => {
        failure ??= { error };
      })
      .finally(() => {
        left -= 1;
        changed();
      });
  }
  for (;;) {
    yield* events.splice(0);
    // More may have come while those were read.
    if (events.length > 0) continue;
    if (failure !== undefined) throw failure.error;
    if (left === 0) return;
    await new Promise<void>((resolve) => (wake = resolve));
  }
}
