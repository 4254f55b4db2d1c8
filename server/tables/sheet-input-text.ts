/** An input as it travels: the hash of the whole in 32 hex digits, a colon, and the marks of its parts with commas between. */
export function inputText(hash: number | bigint, parts: string): string {
  return `${BigInt(hash).toString(16).padStart(32, "0")}:${parts}`;
}

/** The whole and the parts of an input's text; of the empty text, which stands for an unknown input, null and none. */
export function parseInput(text: string): { readonly hash: bigint | null; readonly parts: string } {
  const colon = text.indexOf(":");
  if (colon < 0) return { hash: null, parts: "" };
  return { hash: BigInt(`0x${text.slice(0, colon)}`), parts: text.slice(colon + 1) };
}
