/** Does something again and again, so many milliseconds apart, until what it gives is called. It keeps no process alive. */
export type Every = (milliseconds: number, work: () => void) => () => void;

/** By the machine's own clock. */
export const systemEvery: Every = (milliseconds, work) => {
  const timer = setInterval(work, milliseconds);
  timer.unref();
  return () => clearInterval(timer);
};
