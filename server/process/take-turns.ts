/** Does something when all that was given before has ended, whatever came of it, and gives what it gives. */
export type InTurn = <Answer>(work: () => Promise<Answer>) => Promise<Answer>;

/** A queue in which one thing is done at a time. */
export function takeTurns(): InTurn {
  let last: Promise<unknown> = Promise.resolve();
  return (work) => {
    const done = last.then(work);
    // Whoever asked is told; the next one begins all the same.
    last = done.catch(() => {});
    return done;
  };
}
