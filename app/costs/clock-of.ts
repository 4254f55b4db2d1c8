import type { CallsOf, ClockChange } from "#server/tables/call-store.ts";

/** No clock goes there and back within it. */
const week = 7 * 24 * 60 * 60_000;

/** How far this machine's clock is ahead of UTC from one time to another, and when that changes. */
export function clockOf(from: number, to: number): Pick<CallsOf, "ahead" | "changes"> {
  const changes: ClockChange[] = [];
  for (let before = from; before < to; before += week) {
    const after = Math.min(before + week, to);
    if (aheadAt(before) !== aheadAt(after)) changes.push({ at: changeIn(before, after), ahead: aheadAt(after) });
  }
  return { ahead: aheadAt(from), ...(changes.length === 0 ? {} : { changes }) };
}

/** The first time of the later clock. */
function changeIn(before: number, after: number): number {
  if (after - before === 1) return after;
  const middle = Math.floor((before + after) / 2);
  return aheadAt(middle) === aheadAt(before) ? changeIn(middle, after) : changeIn(before, middle);
}

function aheadAt(time: number): number {
  return -new Date(time).getTimezoneOffset();
}
