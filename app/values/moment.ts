/** A time as people say it now: `12:04:09` today, `3 Feb, 12:04` this year, `3 Feb 2025, 12:04` before. Milliseconds since 1970. */
export function moment(at: number, now: number = Date.now()): string {
  const date = new Date(at);
  const today = new Date(now);
  const time = (more: Intl.DateTimeFormatOptions): string =>
    date.toLocaleTimeString("en-GB", { hour: "2-digit", minute: "2-digit", ...more });
  if (date.toDateString() === today.toDateString()) return time({ second: "2-digit" });
  const year = date.getFullYear() === today.getFullYear() ? {} : ({ year: "numeric" } as const);
  return `${date.toLocaleDateString("en-GB", { day: "numeric", month: "short", ...year })}, ${time({})}`;
}
