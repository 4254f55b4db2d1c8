import type {
  CallOrder,
  CallPlace,
  CallsOf,
  CallsQuestion,
  CostGrouping,
  CostQuestion,
} from "#server/tables/call-store.ts";
import { clockOf } from "./clock-of.ts";

/** What a page of costs, or of the calls behind a figure of it, shows: as its address has it. */
export type CostAddress = { readonly [Grouping in CostGrouping]?: string } & {
  readonly days?: string;
  readonly by?: string;
  readonly chart?: string;
  readonly kind?: string;
  readonly order?: string;
  /** The place after which a page of calls begins: `VALUE ID`. */
  readonly after?: string;
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
  { by: "hour", word: "Hour" },
  { by: "outcome", word: "Outcome" },
];

/** Those of which an address asks for one group alone. */
export function groupingsAsked(address: CostAddress): typeof groupings {
  return groupings.filter(({ by }) => address[by] !== undefined);
}

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
/** Nothing was called before there was a Sheaf. */
const firstCalls = Date.UTC(2025, 0);

export function daysOf({ days }: CostAddress): number {
  const known = periods.find((period) => String(period.days) === days);
  return known?.days ?? usual.days;
}

export function groupingOf({ by }: CostAddress): CostGrouping {
  return groupings.find((grouping) => grouping.by === by)?.by ?? usual.by;
}

/** The calls an address is about at a moment, in the time zone of that. */
function callsOf(address: CostAddress, now: Date): CallsOf {
  const days = daysOf(address);
  const from = new Date(now);
  from.setHours(0, 0, 0, 0);
  from.setDate(from.getDate() - (days - 1));
  return {
    from: days === 0 ? 0 : from.getTime(),
    to: now.getTime() + ahead,
    ...clockOf(days === 0 ? firstCalls : from.getTime(), now.getTime() + ahead),
    only: Object.fromEntries(groupings.flatMap(({ by }) => (address[by] === undefined ? [] : [[by, address[by]]]))),
  };
}

/** The question of an address of figures. */
export function costQuestion(address: CostAddress, now: Date): CostQuestion {
  return { ...callsOf(address, now), by: groupingOf(address) };
}

/** What is listed: calls, all or some of them, or the answers that came free. */
export const listKinds = [
  { kind: "all", word: "All calls" },
  { kind: "failed", word: "Failed" },
  { kind: "unpriced", word: "Unpriced" },
  { kind: "free", word: "Came free" },
] as const;
export type ListKind = (typeof listKinds)[number]["kind"];

export const listOrders: readonly { readonly order: CallOrder; readonly word: string }[] = [
  { order: "newest", word: "Newest" },
  { order: "dearest", word: "Dearest" },
  { order: "slowest", word: "Slowest" },
];

export function kindOf({ kind }: CostAddress): ListKind {
  return listKinds.find((each) => each.kind === kind)?.kind ?? "all";
}

export function orderOf({ order }: CostAddress): CallOrder {
  return listOrders.find((each) => each.order === order)?.order ?? "newest";
}

/** Calls on a page of a list. */
const perPage = 50;

/** The question of an address of a list of calls; of the answers that came free there is no more to ask than which. */
export function callsQuestion(
  address: CostAddress,
  now: Date,
): ({ readonly free: false } & CallsQuestion) | ({ readonly free: true } & CallsOf) {
  const of = callsOf(address, now);
  const kind = kindOf(address);
  if (kind === "free") return { free: true, ...of };
  return { free: false, ...of, kind, order: orderOf(address), after: placeOf(address), limit: perPage };
}

function placeOf({ after = "" }: CostAddress): CallPlace | null {
  const [value, id] = after.split(" ").map(Number);
  return value !== undefined && id !== undefined && Number.isFinite(value) && Number.isSafeInteger(id) && id >= 0
    ? { value, id }
    : null;
}

export function placeText({ value, id }: CallPlace): string {
  return `${value} ${id}`;
}

/** What of an address says which calls it is about: what a page of figures and the lists behind them have in common. */
export function sameCalls(address: CostAddress): { readonly [member: string]: string } {
  const members = ["days", ...groupings.map(({ by }) => by)] as const;
  return Object.fromEntries(
    members.flatMap((member) => (address[member] === undefined ? [] : [[member, address[member]]])),
  );
}

/** The page of one group alone, drawn as it is now. In the address the name stays where it is empty, as outside notebooks. */
export function groupPath(address: CostAddress, by: CostGrouping, name: string): string {
  const { chart } = address;
  const members = { ...sameCalls(address), ...(chart === undefined ? {} : { chart }), ...within(by, name) };
  return `/costs?${new URLSearchParams(members).toString()}`;
}

/** The page of the calls behind a figure. */
export function callsPath(
  address: CostAddress,
  figure: Partial<Pick<CostAddress, CostGrouping>> & { readonly kind?: ListKind; readonly order?: CallOrder },
): string {
  return `/costs/calls?${new URLSearchParams({ ...sameCalls(address), ...figure }).toString()}`;
}

/** What is asked of one group: it alone, by what tells most of it. */
function within(by: CostGrouping, name: string): { readonly [member: string]: string } {
  const next: { readonly [Grouping in CostGrouping]: CostGrouping } = {
    day: "model",
    hour: "model",
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
