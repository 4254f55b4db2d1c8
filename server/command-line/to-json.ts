/** JSON text with integers of any size by their digits. */
export function toJson(value: unknown): string {
  return JSON.stringify(value, (_key, part: unknown) =>
    typeof part === "bigint" ? (JSON as unknown as { rawJSON(text: string): unknown }).rawJSON(part.toString()) : part,
  );
}
