/** JSON text with integers of any size by their digits. */
export function toJson(value: unknown): string {
  try {
    return JSON.stringify(value);
  } catch {
    // Looking at every member makes it several times slower, so only what has a bigint pays.
    return JSON.stringify(value, (_key, part: unknown) =>
      typeof part === "bigint"
        ? (JSON as unknown as { rawJSON(text: string): unknown }).rawJSON(part.toString())
        : part,
    );
  }
}
