/** The object that a text is as JSON. Throws what `wrong` makes of one that is no JSON, with the parser's words, or no object. */
export function objectIn(text: string, wrong: (what: "no JSON" | "no object", cause?: unknown) => Error): object {
  let data: unknown;
  try {
    data = JSON.parse(text);
  } catch (thrown) {
    throw wrong("no JSON", thrown);
  }
  if (typeof data !== "object" || data === null || Array.isArray(data)) throw wrong("no object");
  return data;
}
