/** A provider's key as it is told from others: its place among several, and what its hash begins with. Null where there is none. */
export function keyWords(key: { readonly keyNumber: number | null; readonly keyHash: string | null }): string | null {
  const { keyNumber, keyHash } = key;
  if (keyHash === null) return keyNumber === null ? null : String(keyNumber);
  return keyNumber === null ? keyHash : `${keyNumber} (${keyHash})`;
}
