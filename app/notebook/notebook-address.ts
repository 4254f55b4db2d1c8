/** The page of a notebook by its path in the workspace. */
export function notebookAddress(path: string): string {
  return `/n/${path
    .replace(/^notebooks\//, "")
    .replace(/\.md$/, "")
    .split("/")
    .map(encodeURIComponent)
    .join("/")}`;
}

/** The path of a notebook by the address of its page, without `/n/`. */
export function notebookPath(address: string): string {
  return `notebooks/${address.split("/").map(decodeURIComponent).join("/")}.md`;
}
