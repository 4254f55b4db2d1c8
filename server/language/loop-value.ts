import { equal } from "./compare.ts";
import { Fault } from "./language-error.ts";
import { hostValue, type HostValue, type LanguageValue, type Result } from "./language-value.ts";
import type { Meter } from "./meter.ts";

/** The `loop` of a `for`. */
export class LoopValue implements HostValue {
  readonly [hostValue] = true as const;
  readonly kind = "loop";
  place = 0;
  private readonly items: readonly LanguageValue[];
  private readonly meter: Meter;
  private last: readonly LanguageValue[] | null = null;

  constructor(items: readonly LanguageValue[], meter: Meter) {
    this.items = items;
    this.meter = meter;
  }

  attribute(name: string): Result {
    const { items, place } = this;
    switch (name) {
      case "index":
        return place + 1;
      case "index0":
        return place;
      case "revindex":
        return items.length - place;
      case "revindex0":
        return items.length - place - 1;
      case "first":
        return place === 0;
      case "last":
        return place === items.length - 1;
      case "length":
        return items.length;
      case "previtem":
        return items[place - 1];
      case "nextitem":
        return items[place + 1];
      default:
        return undefined;
    }
  }

  names(): Iterable<string> {
    return loopNames;
  }

  method(name: string, positional: readonly LanguageValue[]): Result {
    if (name === "cycle") {
      if (positional.length === 0) throw new Fault("language.type", "`loop.cycle` needs the values to go through");
      return positional[this.place % positional.length];
    }
    if (name !== "changed") return undefined;
    const changed = this.last === null || !equal(this.last, positional, this.meter);
    this.last = positional;
    return changed;
  }
}

/** The members of `loop`, for suggestions and completion. */
export const loopNames: readonly string[] = [
  "index",
  "index0",
  "first",
  "last",
  "length",
  "previtem",
  "nextitem",
  "revindex",
  "revindex0",
  "cycle",
  "changed",
];
