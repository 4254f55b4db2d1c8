/** The midnight before a time, by this machine's clock: where a day's spending counts from. Milliseconds since 1970, both. */
export function startOfDay(time: number): number {
  return new Date(time).setHours(0, 0, 0, 0);
}
