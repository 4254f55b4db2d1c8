import { flag, text } from "./arguments.ts";
import { order } from "./compare.ts";
import { aggregate, type AggregateName } from "./aggregates.ts";
import { calculate } from "./arithmetic.ts";
import { Fault } from "./language-error.ts";
import { hostValue, isHost, type HostValue, type LanguageValue, type Result } from "./language-value.ts";
import { elements } from "./lists.ts";
import { entriesOf, given, required } from "./list-filters.ts";
import type { Context, Filter } from "./signature.ts";
import { jsonOf, textOf } from "./value-text.ts";

/** The filters that compare elements. Texts compare without regard to case unless `case_sensitive`; null is last in order and no extreme. */
export const orderFilters: readonly Filter[] = [
  {
    name: "dictsort",
    parameters: ["case_sensitive?", "by?", "reverse?"],
    summary: "The pairs of a mapping in the order of their keys, or with `by='value'` of their values.",
    apply: (input, [caseSensitive, by, reverse], meter) => {
      const side = text(by, "by", "key");
      if (side !== "key" && side !== "value") throw new Fault("language.value", "`by` is `key` or `value`");
      const fold = folding(caseSensitive, meter);
      const place = side === "key" ? 0 : 1;
      return sorted(entriesOf(input, meter), (pair) => [fold(pair[place]!)], flag(reverse, "reverse"), meter);
    },
  },
  {
    name: "groupby",
    parameters: ["attribute", "default?", "case_sensitive?"],
    summary: "Groups by an attribute, in its order: `for value, items in …`, or `.grouper` and `.list`.",
    apply: (input, [path, standard, caseSensitive], meter) => {
      const fold = folding(caseSensitive, meter);
      const keyOf = (item: LanguageValue) => required(item, path!, meter, standard);
      const groups: { key: LanguageValue; items: LanguageValue[] }[] = [];
      let last: string | undefined;
      for (const item of sorted(elements(input, meter), (one) => [fold(keyOf(one))], false, meter)) {
        const identity = jsonOf(fold(keyOf(item)), meter);
        if (identity !== last) groups.push({ key: keyOf(item), items: [] });
        groups.at(-1)!.items.push(item);
        last = identity;
      }
      return groups.map(({ key, items }) => group(key, items, meter));
    },
  },
  extreme("max", 1),
  statistic("mean", "The average of the numbers, null left out."),
  statistic("median", "The middle of the numbers, null left out."),
  extreme("min", -1),
  {
    name: "sort",
    parameters: ["reverse?", "case_sensitive?", "attribute?"],
    summary: 'In ascending order, by attributes where given (`"a,b.c"`); equal ones keep their places.',
    apply: (input, [reverse, caseSensitive, paths], meter) => {
      const fold = folding(caseSensitive, meter);
      const parts: readonly LanguageValue[] =
        typeof paths === "string" ? paths.split(",") : given(paths) ? [paths] : [];
      const keyOf = (item: LanguageValue): readonly LanguageValue[] =>
        parts.length === 0 ? [fold(item)] : parts.map((path) => fold(required(item, path, meter)));
      return sorted(elements(input, meter), keyOf, flag(reverse, "reverse"), meter);
    },
  },
  statistic("stdev", "The standard deviation of the numbers as a sample, null left out."),
  {
    name: "sum",
    aggregates: 1,
    parameters: ["attribute?", "start?"],
    summary: "The numbers added up, null left out, beginning with `start` (0).",
    apply: (input, [path, start], meter) => {
      if (!given(path) && start === undefined) return aggregate("sum", [input], meter);
      let total = counted(start ?? 0);
      for (const item of elements(input, meter)) {
        const value = given(path) ? required(item, path, meter) : item;
        if (value !== null) total = calculate("+", total, counted(value), meter);
      }
      return total;
    },
  },
  {
    name: "unique",
    parameters: ["case_sensitive?", "attribute?"],
    summary: "Each element once, where it came first.",
    apply: (input, [caseSensitive, path], meter) => {
      const fold = folding(caseSensitive, meter);
      const seen = new Set<string>();
      return elements(input, meter).filter((item) => {
        const identity = jsonOf(fold(given(path) ? required(item, path, meter) : item), meter);
        const fresh = !seen.has(identity);
        seen.add(identity);
        return fresh;
      });
    },
  },
];

/** As in every aggregate, true counts as 1. */
function counted(value: LanguageValue): LanguageValue {
  return typeof value === "boolean" ? Number(value) : value;
}

/** The function of that name as a filter. */
function statistic(name: AggregateName, summary: string): Filter {
  return { name, parameters: [], aggregates: 1, summary, apply: (input, _, meter) => aggregate(name, [input], meter) };
}

function extreme(name: "min" | "max", sign: 1 | -1): Filter {
  return {
    name,
    parameters: ["case_sensitive?", "attribute?"],
    aggregates: 1,
    summary: `The ${name === "min" ? "smallest" : "largest"} element, null left out.`,
    apply: (input, [caseSensitive, path], meter) => {
      const own = isHost(input) ? input.aggregate?.(name) : undefined;
      if (own !== undefined) return own;
      const fold = folding(caseSensitive, meter);
      let best: Result;
      let bestKey: LanguageValue = null;
      for (const item of elements(input, meter)) {
        const key = fold(given(path) ? required(item, path, meter) : item);
        if (key === null || (best !== undefined && sign * (order(key, bestKey, meter) ?? 0) <= 0)) continue;
        best = item;
        bestKey = key;
      }
      return best;
    },
  };
}

function folding(caseSensitive: Result, meter: Context): (value: LanguageValue) => LanguageValue {
  if (flag(caseSensitive, "case_sensitive")) return (value) => value;
  return (value) => {
    if (typeof value !== "string") return value;
    // The steps bound how many copies are kept, too.
    meter.spend(value.length >> 4);
    return value.toLowerCase();
  };
}

function sorted<Item extends LanguageValue>(
  items: readonly Item[],
  keyOf: (item: Item) => readonly LanguageValue[],
  reverse: boolean,
  meter: Context,
): Item[] {
  meter.spend(items.length * Math.ceil(Math.log2(items.length + 1)));
  const keyed = items.map((item) => ({ item, key: keyOf(item) }));
  const sign = reverse ? -1 : 1;
  keyed.sort((left, right) => {
    for (const [index, key] of left.key.entries()) {
      const difference = sign * compare(key, right.key[index]!, meter);
      if (difference !== 0) return difference;
    }
    return 0;
  });
  return keyed.map(({ item }) => item);
}

/** A total order: null after everything else. */
function compare(left: LanguageValue, right: LanguageValue, meter: Context): number {
  if (left === null || right === null) return Number(left === null) - Number(right === null);
  return order(left, right, meter) ?? 0;
}

/** A pair of value and elements that also answers to the names `grouper` and `list`. */
function group(key: LanguageValue, items: readonly LanguageValue[], meter: Context): HostValue {
  const pair: readonly LanguageValue[] = [key, items];
  return {
    [hostValue]: true,
    kind: "group",
    attribute: (name) => (name === "grouper" ? key : name === "list" ? items : undefined),
    names: () => ["grouper", "list"],
    iterate: () => pair,
    length: () => 2,
    index: (index) => pair[index],
    text: () => textOf(pair, meter),
  };
}
