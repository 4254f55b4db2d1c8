/** Does some work and gives what it tells meanwhile, of which only the newest waits to be read; at last what comes of it. */
export async function* newestNews<News, End>(
  work: (tell: (news: News) => void) => Promise<End>,
): AsyncGenerator<News | End> {
  let untold: { readonly news: News } | undefined;
  let isOver = false;
  let wake = Promise.withResolvers<void>();
  const end = work((news) => {
    untold = { news };
    wake.resolve();
  });
  const over = (): void => {
    isOver = true;
    wake.resolve();
  };
  end.then(over, over);
  for (;;) {
    if (untold !== undefined) {
      const { news } = untold;
      untold = undefined;
      yield news;
    } else if (isOver) {
      yield await end;
      return;
    } else {
      await wake.promise;
      wake = Promise.withResolvers<void>();
    }
  }
}
