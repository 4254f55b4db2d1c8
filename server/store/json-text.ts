/** The parts of JSON that TypeScript's library does not know yet; Node has had them since 22. */
interface SourceJson {
  rawJSON(text: string): unknown;
  parse(text: string, reviver: (key: string, value: unknown, context: { source?: string }) => unknown): unknown;
}
const sourceJson = JSON as unknown as SourceJson;

/** Before the text of a value with a `bigint`: JSON all the same, and the only sign of it that costs nothing to look for. */
const bigintMark = " ";

/** The JSON text of a value as it is kept in a column: members in their order, a `bigint` as its digits, `undefined` members left out. */
export function toJsonText(value: unknown): string {
  try {
    return JSON.stringify(value);
  } catch {
    // Looking at every member makes it several times slower, so only a value that has a bigint pays.
    const text = JSON.stringify(value, (_key, member: unknown) =>
      typeof member === "bigint" ? sourceJson.rawJSON(member.toString()) : member,
    );
    return bigintMark + text;
  }
}

const integer = /^-?\d+$/;

/** The value of a text of `toJsonText`, of the type it was written as. An integer beyond 2^53 that was a `bigint` is one again. */
export function fromJsonText<Type>(text: string): Type {
  if (!text.startsWith(bigintMark)) return JSON.parse(text) as Type;
  return sourceJson.parse(text, (_key, value, { source }) =>
    typeof value === "number" && source !== undefined && integer.test(source) && !Number.isSafeInteger(value)
      ? BigInt(source)
      : value,
  ) as Type;
}
