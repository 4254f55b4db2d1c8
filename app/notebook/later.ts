type Asynchronous = (...given: never[]) => Promise<unknown>;

/** Something whose every member is an asynchronous function, which is loaded when the first of them is called. */
export function later<Of extends { readonly [Name in keyof Of]: Asynchronous }>(load: () => Promise<Of>): Of {
  let loaded: Promise<Of> | undefined;
  return new Proxy({} as Of, {
    get:
      (_, name) =>
      async (...given: never[]) => {
        loaded ??= load();
        return (await loaded)[name as keyof Of](...given);
      },
  });
}
