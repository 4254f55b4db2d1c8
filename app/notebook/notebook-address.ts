/** The page of a notebook by its path in the workspace. */
export function notebookAddress(path: string): string {
  return `/n/${notebookFile(path).replace(/\.md$/, "").split("/").map(encodeURIComponent).join("/")}`;
}

/** The path of a notebook by the address of its page, without `/n/`. */
export function notebookPath(address: string): string {
  return `notebooks/${address.split("/").map(decodeURIComponent).join("/")}.md`;
}

/** A notebook's file as people call it: its path without the folder all notebooks are in. */
export function notebookFile(path: string): string {
  return path.replace(/^notebooks\//, "");
}
