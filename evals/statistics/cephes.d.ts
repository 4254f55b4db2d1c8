/** What is used of cephes, whose own types its `exports` do not name. Arguments are in Cephes' order. */
declare module "cephes" {
  export const compiled: Promise<void>;
  export function ndtri(probability: number): number;
  export function stdtri(degrees: number, probability: number): number;
  export function stdtr(degrees: number, value: number): number;
  export function bdtr(successes: number, trials: number, probability: number): number;
}
