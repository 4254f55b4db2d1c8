import { isMapping } from "#server/notebook/is-mapping.ts";
/** The object that a text is as JSON. Throws what `wrong` makes of one that is no JSON, with the parser's words, or no object. */
export function objectIn(text: string, wrong: (what: "no JSON" | "no object", cause?: unknown) => Error): object {
  let data: unknown;
  try {
    data = JSON.parse(text);
  } catch (thrown) {
    throw wrong("no JSON", thrown);
  }
  if (!isMapping(data)) throw wrong("no object");
  return data;
}
