/** What a sheet over a plain list has of each row: its element, and the element's number from 0. */
export const listNames = ["item", "index"] as const;

/** Whether a name is that of a plain list's current element, or of its number. */
export function isListName(name: string): boolean {
  return (listNames as readonly string[]).includes(name);
}
