/** The first key that stands twice in one object of a JSON text, with its place; null where none does. The text must be JSON. */
export function repeatedKey(text: string): { readonly key: string; readonly offset: number } | null {
  /** The keys so far of each object that is open; null for a list. */
  const open: (Set<string> | null)[] = [];
  for (let at = 0; at < text.length; at += 1) {
    switch (text[at]) {
      case "{":
        open.push(new Set());
        break;
      case "[":
        open.push(null);
        break;
      case "}":
      case "]":
        open.pop();
        break;
      case '"': {
        const end = textEnd(text, at);
        const keys = open.at(-1) ?? null;
        if (keys !== null && nextIsColon(text, end)) {
          const written = text.slice(at, end);
          const key = written.includes("\\") ? (JSON.parse(written) as string) : written.slice(1, -1);
          if (keys.has(key)) return { key, offset: at };
          keys.add(key);
        }
        at = end - 1;
      }
    }
  }
  return null;
}

/** Where the text ends that begins with the quote at `start`: behind its last quote. */
function textEnd(json: string, start: number): number {
  for (let quote = json.indexOf('"', start + 1); ; quote = json.indexOf('"', quote + 1)) {
    let before = quote;
    while (json[before - 1] === "\\") before -= 1;
    if ((quote - before) % 2 === 0) return quote + 1;
  }
}

function nextIsColon(json: string, from: number): boolean {
  let at = from;
  while (" \t\n\r".includes(json[at] ?? ",")) at += 1;
  return json[at] === ":";
}
