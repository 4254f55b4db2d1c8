import { equal } from "./compare.ts";
import { Fault } from "./language-error.ts";
import {
  isHost,
  isList,
  isRecord,
  kindOf,
  memberOf,
  skipped,
  type LanguageRecord,
  type LanguageValue,
  type Result,
} from "./language-value.ts";
import { entriesOf } from "./list-filters.ts";
import { elements } from "./lists.ts";
import { suggestion } from "./nearest-name.ts";
import { arrangeValues, type Context, type Filter } from "./signature.ts";
import { textMethods } from "./text-methods.ts";
import { skippedFault, textOf } from "./value-text.ts";

const mappingMethods = byName([
  method("get", ["key", "default?"], (record, [key, standard = null], meter) => {
    const found = memberOf(record as LanguageRecord, textOf(key, meter));
    return found === undefined ? standard : found;
  }),
  method("items", [], (record, _, meter) => entriesOf(record, meter)),
  method("keys", [], (record, _, meter) => elements(record, meter)),
  method("values", [], (record, _, meter) => entriesOf(record, meter).map((entry) => entry[1]!)),
]);

const listMethods = byName([
  method("count", ["value"], (list, [value], meter) => {
    return elements(list, meter).filter((item) => equal(item, value, meter)).length;
  }),
  method("index", ["value"], (list, [value], meter) => {
    const index = elements(list, meter).findIndex((item) => equal(item, value, meter));
    if (index < 0) throw new Fault("language.value", "the list does not have this element", "Ask with `in` first.");
    return index;
  }),
]);

const stringMethods = byName(textMethods);

/** Methods of Python that change a list or mapping, which values here never do. */
const changing = new Set([
  "append",
  "extend",
  "insert",
  "pop",
  "remove",
  "clear",
  "sort",
  "reverse",
  "update",
  "setdefault",
]);

/** `value.name(…)`; throws a `Fault` where there is no such method. */
export function callMethod(
  value: LanguageValue,
  name: string,
  positional: readonly LanguageValue[],
  named: LanguageRecord,
  context: Context,
): Result {
  if (value === skipped) throw skippedFault();
  if (isHost(value)) {
    const found = value.method?.(name, positional, named);
    if (found !== undefined) return found;
    const what = name === "at" && value.method !== undefined ? "nothing at these labels" : `no method \`${name}\``;
    throw new Fault("language.undefined", `${kindOf(value)} has ${what}`);
  }
  const methods = methodsOf(value);
  const found = methods.get(name);
  if (found !== undefined) {
    if (typeof value === "string") context.spend(value.length >> 4);
    return found.apply(value, arrangeValues(found, positional, named), context, {});
  }
  const cure = changing.has(name)
    ? "Values never change; make a new one: `{% set list = list + [item] %}`, in a loop with a `namespace()`."
    : undefined;
  throw new Fault(
    "language.undefined",
    `${kindOf(value)} has no method \`${name}\`${suggestion(name, methods.keys())}`,
    cure,
  );
}

/** The names of the methods a text, list and mapping have, for completion. */
export const methodNames: readonly string[] = [
  ...new Set([...stringMethods.keys(), ...listMethods.keys(), ...mappingMethods.keys()]),
].sort();

function methodsOf(value: LanguageValue): ReadonlyMap<string, Filter> {
  if (typeof value === "string") return stringMethods;
  if (isList(value)) return listMethods;
  return isRecord(value) ? mappingMethods : new Map();
}

function byName(methods: readonly Filter[]): ReadonlyMap<string, Filter> {
  return new Map(methods.map((one) => [one.name, one]));
}

function method(name: string, parameters: readonly string[], apply: Filter["apply"]): Filter {
  return { name, parameters, summary: "", apply };
}
