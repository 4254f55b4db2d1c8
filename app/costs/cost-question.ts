import type { CostGrouping, CostQuestion } from "#server/tables/call-store.ts";

/** What a page of costs shows, as its address has it. */
export type CostAddress = { readonly [Grouping in CostGrouping]?: string } & {
  readonly days?: string;
  readonly by?: string;
};

/** Ways to put calls together, with what each is called. */
export const groupings: readonly { readonly by: CostGrouping; readonly word: string }[] = [
  { by: "model", word: "Model" },
  { by: "provider", word: "Provider" },
  { by: "key", word: "Key" },
  { by: "notebook", word: "Notebook" },
  { by: "cell", word: "Cell" },
  { by: "run", word: "Run" },
  { by: "day", word: "Day" },
  { by: "outcome", word: "Outcome" },
];

/** Lengths of time that are looked at: so many days, today included; 0 for all there is. */
export const periods: readonly { readonly days: number; readonly word: string }[] = [
  { days: 1, word: "Today" },
  { days: 7, word: "7 days" },
  { days: 30, word: "30 days" },
  { days: 0, word: "All" },
];

const usual = { days: 30, by: "model" } as const;
/** Calls that begin while one looks are counted too. */
const ahead = 60 * 60_000;

export function daysOf({ days }: CostAddress): number {
  const known = periods.find((period) => String(period.days) === days);
  return known?.days ?? usual.days;
}

export function groupingOf({ by }: CostAddress): CostGrouping {
  return groupings.find((grouping) => grouping.by === by)?.by ?? usual.by;
}

/** The question an address asks at a moment (milliseconds since 1970), in the time zone of `now`. */
export function costQuestion(address: CostAddress, now: Date): CostQuestion {
  const days = daysOf(address);
  const from = new Date(now);
  from.setHours(0, 0, 0, 0);
  from.setDate(from.getDate() - (days - 1));
  return {
    from: days === 0 ? 0 : from.getTime(),
    to: now.getTime() + ahead,
    by: groupingOf(address),
    ahead: -now.getTimezoneOffset(),
    only: Object.fromEntries(groupings.flatMap(({ by }) => (address[by] === undefined ? [] : [[by, address[by]]]))),
  };
}

/** What is asked of one group: it alone, by what tells most of it. */
export function within(by: CostGrouping, name: string): { readonly [member: string]: string } {
  const next: { readonly [Grouping in CostGrouping]: CostGrouping } = {
    day: "model",
    model: "cell",
    provider: "model",
    key: "model",
    notebook: "cell",
    cell: "model",
    run: "cell",
    outcome: "model",
  };
  return { [by]: name, by: next[by] };
}
