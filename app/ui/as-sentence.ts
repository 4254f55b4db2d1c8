/** A message of the server as a sentence: its first word is capital, unless it is a name, and it ends. */
export function asSentence(text: string): string {
  const first = text.replace(/^[a-z]+(?=[ ,'])/, (word) => word.charAt(0).toUpperCase() + word.slice(1));
  return /[.!?…]$/.test(first) ? first : `${first}.`;
}
