import { hostFunction, skipped, type LanguageValue, type Scope } from "#server/language/index.ts";
import { keyAt } from "./key-at.ts";
import type { Item } from "./cell-kind.ts";
import { toLanguageValue } from "./language-value.ts";
import { resultsValue, type Paired } from "./results-value.ts";
import type { Datum } from "./value.ts";

/** The names an item's expressions and templates may read, each made when it is asked for. `more` stands before everything. */
export function itemScope(
  item: Item<unknown>,
  paired: Paired,
  more: { readonly [name: string]: Datum } = noMore,
): Scope {
  return new ItemScope(item, paired, more);
}

const noMore = {};

/** A class, for each of thousands of items has one. */
class ItemScope implements Scope {
  readonly #item: Item<unknown>;
  readonly #paired: Paired;
  readonly #more: { readonly [name: string]: Datum };

  constructor(item: Item<unknown>, paired: Paired, more: { readonly [name: string]: Datum }) {
    this.#item = item;
    this.#paired = paired;
    this.#more = more;
  }

  get(name: string): LanguageValue | undefined {
    const item = this.#item;
    if (Object.hasOwn(this.#more, name)) return this.#more[name] as LanguageValue;
    const value = item.inputs[name];
    if (value !== undefined && value.type !== "table") return toLanguageValue(value);
    switch (name) {
      case "row":
        return item.row === null ? undefined : rowValue(item.row, item.skipped);
      case "vary":
        return item.vary as LanguageValue;
      case "meta":
        return metaFunction(item);
      default:
        return item.skipped.includes(name) ? skipped : resultsValue(item, name, this.#paired);
    }
  }

  all(name: string): LanguageValue | undefined {
    const isRead = Object.keys(this.#item.results).some((key) => key.split(/[.{]/, 1)[0] === name);
    return isRead && !Object.hasOwn(this.#more, name) ? resultsValue(this.#item, name, this.#paired) : undefined;
  }

  at(name: string, labels: Parameters<NonNullable<Scope["at"]>>[1]): LanguageValue | undefined {
    const item = this.#item;
    const key = keyAt([...Object.keys(item.inputs), ...item.skipped], name, labels);
    if (key === undefined) return undefined;
    return item.skipped.includes(key) ? skipped : toLanguageValue(item.inputs[key]!);
  }
}

/** The row; a column that was skipped is so as a cell is, and stands among what was skipped as `row.topic`. */
function rowValue(row: NonNullable<Item<unknown>["row"]>, names: readonly string[]): LanguageValue {
  const columns = names.filter((name) => name.startsWith("row."));
  if (columns.length === 0) return row as LanguageValue;
  return { ...row, ...Object.fromEntries(columns.map((name) => [name.slice(4), skipped])) } as LanguageValue;
}

/** `meta(topic).cost`, and `meta(topic.at(model="big")).cost`: facts of a result, by the name as it is written. */
function metaFunction(item: Item<unknown>): LanguageValue {
  return hostFunction("meta", ([name], labels) => {
    const key = keyAt(Object.keys(item.meta), String(name), labels);
    return key === undefined ? undefined : (item.meta[key] as LanguageValue | undefined);
  });
}
