import type { Datum } from "../value.ts";
import { parseYaml } from "./parse-mapping.ts";

/** A value as YAML in one line, plain where that reads back the same and quoted where not: `{ tone: [formal, plain], k: 5 }`. */
export function printValue(value: Datum): string {
  if (value === null || typeof value !== "object") return printScalar(value);
  if (Array.isArray(value)) return `[${value.map(printValue).join(", ")}]`;
  const members = Object.entries(value).map(([key, member]) => `${printKey(key)}: ${printValue(member)}`);
  return members.length === 0 ? "{}" : `{ ${members.join(", ")} }`;
}

/** A key as it is written before its colon. */
export function printKey(key: string): string {
  return /^[A-Za-z_][A-Za-z0-9_ -]*$/.test(key) && !key.endsWith(" ") ? key : JSON.stringify(key);
}

const plainText = /^[A-Za-z0-9_=./\\(][A-Za-z0-9_./\\+*()<>=|~%'"$; -]*$/;

function printScalar(value: null | boolean | number | bigint | string): string {
  if (typeof value !== "string") return String(value);
  if (!plainText.test(value)) return JSON.stringify(value);
  // Only the parser knows every text that is something else than itself: `yes`, `1e3`, `0x1F`, `~`.
  const [read] = parseYaml(`[${value}]`).toJS() as readonly unknown[];
  return read === value ? value : JSON.stringify(value);
}
