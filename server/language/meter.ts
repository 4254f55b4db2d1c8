import { Fault } from "./language-error.ts";

/** What a render may use. A step is about one operation or one element of a list. */
export interface Limits {
  /** Default 1,000,000. */
  readonly steps: number;
  /** The longest text, output or intermediate, in UTF-16 code units. Default 1,000,000. */
  readonly output: number;
  /** How deep macros may call each other. Default 100. */
  readonly depth: number;
}

export const defaultLimits: Limits = { steps: 1_000_000, output: 1_000_000, depth: 100 };

/** Values nested deeper than this are refused by what walks through them. */
export const deepest = 100;

/** Counts what an evaluation uses and ends it with a `language.limit` fault beyond its limits. */
export class Meter {
  readonly limits: Limits;
  private left: number;

  constructor(limits?: Partial<Limits>) {
    this.limits = limits === undefined ? defaultLimits : { ...defaultLimits, ...limits };
    this.left = this.limits.steps;
  }

  /** Takes steps from what is left. Called before the work, so that no amount of it is begun in vain. */
  spend(steps: number): void {
    this.left -= steps;
    // `NaN` must end it too, and nothing gives steps back.
    if (!(steps >= 0 && this.left >= 0)) throw tooMuch(`more than ${this.limits.steps.toLocaleString("en")} steps`);
  }

  /** Takes the steps of one operation on a value, which on a text grow with its length. */
  operate(value: unknown): void {
    this.spend(typeof value === "string" ? 1 + (value.length >> 4) : 1);
  }

  /** Checks the length of a text. */
  bound(length: number): void {
    if (!(length <= this.limits.output))
      throw tooMuch(`a text of more than ${this.limits.output.toLocaleString("en")} characters`);
  }

  /** Checks the length of a text before or after it is made, and takes steps for the work of making it. */
  room(length: number): void {
    this.bound(length);
    this.spend(length >> 4);
  }

  /** The text, once its length is checked. */
  fit(text: string): string {
    this.room(text.length);
    return text;
  }

  /** Checks how deep a walk through a value or a chain of calls is. */
  descend(depth: number, limit: number = deepest): void {
    if (depth > limit) throw new Fault("language.limit", `this is nested deeper than ${limit}`);
  }
}

function tooMuch(what: string): Fault {
  return new Fault(
    "language.limit",
    `this takes ${what}`,
    "Make the list, the text or the number smaller, or leave the work to a sql or js cell.",
  );
}
