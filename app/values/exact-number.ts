/** The number a text says; null where it says none, and where it is a whole number that would be rounded. */
export function exactNumber(text: string): number | null {
  const trimmed = text.trim();
  const value = Number(trimmed);
  if (trimmed === "" || !Number.isFinite(value)) return null;
  return /^[+-]?\d+$/.test(trimmed) && !Number.isSafeInteger(value) ? null : value;
}
