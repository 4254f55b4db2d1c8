import { hostValue, type HostValue, type LanguageRecord, type LanguageValue } from "#server/language/index.ts";
import { coordinatesText } from "./address.ts";
import type { Item } from "./cell-kind.ts";
import { toLanguageValue } from "./language-value.ts";

/** A name that is read at fixed labels, `topic.at(model="big")`: its method `at` gives those, and without it the value at this address. */
export function atValue(item: Item<unknown>, name: string, plain: LanguageValue | undefined): HostValue {
  return {
    [hostValue]: true,
    kind: "cell",
    method(method, _positional, named) {
      if (method !== "at") return undefined;
      const key = keyAt(Object.keys(item.inputs), name, named);
      return key === undefined ? undefined : toLanguageValue(item.inputs[key]!);
    },
    ...(typeof plain === "string" ? { text: () => plain } : {}),
  };
}

/** The key under which what is read at these labels stands: `name{model=big,shots=5}`. A number finds its label however it is spelled. */
export function keyAt(keys: readonly string[], name: string, named: LanguageRecord): string | undefined {
  const exact = `${name}${coordinatesText(Object.fromEntries(Object.entries(named).map(([axis, label]) => [axis, String(label)])))}`;
  if (keys.includes(exact)) return exact;
  const wanted = Object.entries(named);
  return keys.find((key) => {
    if (!key.startsWith(`${name}{`)) return false;
    const labels = new Map(
      key
        .slice(name.length + 1, -1)
        .split(",")
        .map((part) => part.split("=") as [string, string]),
    );
    return labels.size === wanted.length && wanted.every(([axis, label]) => sameLabel(labels.get(axis), label));
  });
}

function sameLabel(label: string | undefined, value: LanguageValue | undefined): boolean {
  if (label === undefined) return false;
  if (typeof value === "number") return label.trim() !== "" && Number(label) === value;
  return decodeURIComponent(label) === String(value);
}
