import { addressText, type Address } from "#server/notebook/address.ts";
import { sha256 } from "#server/notebook/hash.ts";
import type { Moment } from "#server/notebook/services.ts";
import { SheafError } from "#server/notebook/sheaf-error.ts";

/** The clock and the seed of a run: those it is given, else the time it begins and a seed made of its id. Throws `run.moment` for what is neither. */
export function runMoment(id: string, now: number, given: Partial<Moment>): Moment {
  const { clock = now, seed = seedFrom(id) } = given;
  if (!Number.isSafeInteger(clock) || Math.abs(clock) > latest)
    throw new SheafError("run.moment", `a run cannot be at ${clock}`, {
      cure: "Give its clock as milliseconds since 1970.",
    });
  if (seed >>> 0 !== seed)
    throw new SheafError("run.moment", `${seed} is no seed`, { cure: "Give a whole number from 0 to 4294967295." });
  return { clock, seed };
}

/** The last millisecond JavaScript has a date for. */
const latest = 8.64e15;

/** The moment of one result: random numbers that are its own, whatever else is computed and in whatever order. */
export function momentAt({ clock, seed }: Moment, address: Address): Moment {
  return { clock, seed: seedFrom(`${seed} ${addressText(address)}`) };
}

function seedFrom(text: string): number {
  return Number.parseInt(sha256(text).slice(0, 8), 16);
}
