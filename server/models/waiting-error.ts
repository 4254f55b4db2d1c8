import type { WaitingOn } from "#server/notebook/cell-kind.ts";

/** Thrown where nothing is wrong but something must come first: an agreement, a budget, a person. Carries what is waited for. */
export class WaitingError extends Error {
  override readonly name = "WaitingError";
  readonly code = "model.waiting";
  readonly on: WaitingOn;

  constructor(on: WaitingOn) {
    super(on.message);
    this.on = on;
  }
}
