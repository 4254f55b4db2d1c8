/**
 * JSON text with U+FFFD for half a character, which a text has at its end where it was cut in the middle of one. JavaScript writes
 * it as an escape, and DuckDB refuses the text.
 */
export function wellFormedJson(json: string): string {
  if (!/\\ud[89a-f]/.test(json)) return json;
  return json.replace(/\\(?:ud[89a-f]..|.)/g, (escape) => (escape.length > 2 ? "\\ufffd" : escape));
}
