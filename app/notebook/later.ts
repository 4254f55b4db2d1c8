type Asynchronous = (...given: never[]) => Promise<unknown>;

/** Something whose every member is an asynchronous function, which is loaded when the first of them is called. Where that fails it is told, the call is refused, and the next one tries again. */
export function later<Of extends { readonly [Name in keyof Of]: Asynchronous }>(
  load: () => Promise<Of>,
  failed: () => void,
): Of {
  let loaded: Promise<Of> | undefined;
  const tried = (): Promise<Of> =>
    load().catch((thrown: unknown) => {
      loaded = undefined;
      failed();
      throw thrown;
    });
  return new Proxy({} as Of, {
    get:
      (_, name) =>
      async (...given: never[]) => {
        loaded ??= tried();
        return (await loaded)[name as keyof Of](...given);
      },
  });
}
