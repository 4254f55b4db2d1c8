/**
 * Whether prose stands at a point where it is not to be sent before it is left: emptied, so that its block would go, or with fences that
 * would take lines out of it as a cell, or those below into it, while they are typed.
 */
export function isHalfTyped(before: string, text: string): boolean {
  if (text.trim() === "") return true;
  const had = fences(before);
  const has = fences(text);
  if (has.join("\n") === had.join("\n")) return false;
  return has.length % 2 === 1 || has.some((line) => isNamed(line) && !had.includes(line));
}

/** The lines of a text that begin or end a fenced block. */
export function fences(text: string): readonly string[] {
  return text.match(/^[ \t]*(?:`{3}|~{3}).*$/gm) ?? [];
}

/** A cell's has a kind and a name. */
function isNamed(fence: string): boolean {
  return /^\s*[`~]+\s*\S+\s+\S/.test(fence);
}
