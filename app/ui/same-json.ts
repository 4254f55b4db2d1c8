/** Whether two values are the same as JSON: what is drawn of one that is told anew as it was stays. */
export function sameJson(one: unknown, other: unknown): boolean {
  return JSON.stringify(one) === JSON.stringify(other);
}
