import type { Datum } from "#server/notebook/value.ts";

/**
 * Values cross into the sandbox and back as JSON, in which a string that begins with U+0000 is something JSON has not:
 * `\u0000n12` the integer 12n, `\u0000fNaN` a number, `\u0000sx` the string `x` itself. `guest.js` has the other end.
 */
export function toWire(value: Datum): string {
  return JSON.stringify(value, (_key, member: unknown) => {
    if (typeof member === "bigint") return `\u0000n${member}`;
    if (typeof member === "number" && !Number.isFinite(member)) return `\u0000f${member}`;
    if (typeof member === "string" && member.startsWith("\u0000")) return `\u0000s${member}`;
    return member;
  });
}

/** The value of a text that `guest.js` wrote. */
export function fromWire(text: string): Datum {
  return JSON.parse(text, text.includes("\\u0000") ? revive : undefined) as Datum;
}

function revive(_key: string, member: unknown): unknown {
  if (typeof member !== "string" || !member.startsWith("\u0000")) return member;
  return member[1] === "n" ? BigInt(member.slice(2)) : member.slice(2);
}
