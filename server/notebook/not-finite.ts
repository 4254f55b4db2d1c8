import { SheafError } from "./sheaf-error.ts";

/** The error of a number that is none to be kept, for JSON cannot say it: NaN or an infinite one. */
export function notFinite(number: number): SheafError {
  return new SheafError("value.not-finite", `${number} is no number that can be kept`, {
    cure: "Give null or a text in its place.",
  });
}
