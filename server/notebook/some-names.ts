const most = 12;

/** Names in a row for a message, the first twelve of many: `a, b, c and 997 more`. */
export function someNames(names: readonly string[]): string {
  const more = names.length - most;
  return more <= 0 ? names.join(", ") : `${names.slice(0, most).join(", ")} and ${more.toLocaleString("en")} more`;
}
