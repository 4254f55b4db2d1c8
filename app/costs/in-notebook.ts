/** Where a call comes from, before what it is for: `letters.md · `; nothing outside notebooks. */
export function inNotebook(path: string): string {
  return path === "" ? "" : `${path.replace(/^notebooks\//, "")} · `;
}
