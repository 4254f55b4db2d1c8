import { stripTypeScriptTypes } from "node:module";
import { SheafError } from "#server/notebook/sheaf-error.ts";
import type { Position } from "#server/notebook/value.ts";

/** How QuickJS names the cell's code in its stack traces. */
export const fileName = "<cell>";

/** The source as the body of a function whose parameters are its variables, one line below the function's head. */
export function wrapSource(source: string, names: readonly string[]): string {
  return `(async (${names.join(", ")}) => { "use strict";\n${source}\n})`;
}

/**
 * The wrapped source without its types; every other character keeps its place. Throws `js.syntax` where it is not
 * TypeScript, and `js.typescript` where it is TypeScript with a meaning at run time (`enum`, `namespace`, parameter properties).
 */
export function stripTypes(source: string, names: readonly string[]): string {
  try {
    return stripTypeScriptTypes(wrapSource(source, names));
  } catch (cause) {
    if (!(cause instanceof Error)) throw cause;
    // Node says where in the stack's head alone: `:3`, a line or two, and `^` under the place in the last.
    const [, line, marks] = /^:(\d+)\n(?:.*\n)*?( *)\^+\n/.exec(cause.stack ?? "") ?? [];
    const position = line === undefined ? undefined : positionAtLine(source, Number(line) - 1, marks!.length + 1);
    // The list of everything that could have stood there helps no one.
    const message = cause.message.split(". Expected")[0]!;
    const more = { cause, ...(position === undefined ? {} : { position }) };
    // What is TypeScript, but more than types, is told as such whatever JavaScript makes of it.
    if ("code" in cause && cause.code === "ERR_UNSUPPORTED_TYPESCRIPT_SYNTAX")
      throw new SheafError("js.typescript", message, {
        ...more,
        cure: "Only types can be removed: write the rest in JavaScript.",
      });
    throw new SheafError("js.syntax", message, more);
  }
}

/** The first place in the cell's code that a stack trace of QuickJS names, as a position in the cell's source. */
export function positionInSource(source: string, stack: string): Position | undefined {
  const found = new RegExp(`${fileName}:(\\d+):(\\d+)`).exec(stack);
  return found === null ? undefined : positionAtLine(source, Number(found[1]) - 1, Number(found[2]));
}

/** The position of a line and of a column counted in whole characters, both from 1, moved into the source. */
function positionAtLine(source: string, line: number, character: number): Position {
  const lines = source.split("\n");
  const row = Math.min(Math.max(line, 1), lines.length);
  const before = lines.slice(0, row - 1).reduce((sum, text) => sum + text.length + 1, 0);
  const column = [...lines[row - 1]!].slice(0, character - 1).join("").length;
  return { line: row, column: column + 1, offset: before + column, length: 0 };
}
