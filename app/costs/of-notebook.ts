/** Where a call comes from, after what it is for: ` · letters.md`; nothing outside notebooks. */
export function ofNotebook(path: string): string {
  return path === "" ? "" : ` · ${path.replace(/^notebooks\//, "")}`;
}
