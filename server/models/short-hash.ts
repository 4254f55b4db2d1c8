/** As much of a key's SHA-256 in hex as tells the keys of a workspace apart, and no more: 8 digits. */
export function shortHash(keyHash: string): string {
  return keyHash.slice(0, 8);
}
