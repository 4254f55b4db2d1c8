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

/** The key under which what is read at these labels stands: `name{model=big,shots=5}`. Labels are spelled as they are declared. */
export function keyAt(keys: readonly string[], name: string, labels: LanguageRecord): string | undefined {
  const at = Object.fromEntries(Object.entries(labels).map(([axis, label]) => [axis, String(label)]));
  const key = `${name}${coordinatesText(at)}`;
  return keys.includes(key) ? key : undefined;
}
