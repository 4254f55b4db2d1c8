import * as cephes from "cephes";

// Compiling WebAssembly is asynchronous where modules are; afterwards the functions are plain ones.
await cephes.compiled;

/** The quantile of the standard normal distribution, for a probability in 0…1 (exclusive). Cephes `ndtri`. */
export function normalQuantile(probability: number): number {
  return cephes.ndtri(probability);
}

/** The quantile of Student's t distribution with `degrees` ≥ 1 degrees of freedom (whole). Cephes `stdtri`. */
export function studentQuantile(probability: number, degrees: number): number {
  return cephes.stdtri(degrees, probability);
}

/** The probability that Student's t with `degrees` degrees of freedom is at most `value`. Cephes `stdtr`. */
export function studentProbability(value: number, degrees: number): number {
  return cephes.stdtr(degrees, value);
}

/** The probability of at most `successes` in `trials` fair coin tosses. Cephes `bdtr`. */
export function fairCoinProbability(successes: number, trials: number): number {
  return cephes.bdtr(successes, trials, 0.5);
}
