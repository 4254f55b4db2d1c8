import type { Datum, Message } from "#server/notebook/value.ts";

const roles: ReadonlySet<Datum> = new Set(["system", "user", "assistant"]);

/** Whether a value is a list of messages. */
export function isMessages(value: Datum): value is never[] & readonly Message[] {
  return (
    Array.isArray(value) &&
    value.every(
      (item: Datum) =>
        item !== null &&
        typeof item === "object" &&
        "role" in item &&
        "content" in item &&
        roles.has(item.role) &&
        typeof item.content === "string",
    )
  );
}
