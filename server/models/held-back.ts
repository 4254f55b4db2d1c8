/** A call that was let out and did not leave: by the time it had its turn, there was no money for it. It has to be let out anew. */
export class HeldBack extends Error {
  constructor() {
    super("held back, as there is no money for it by now");
  }
}
