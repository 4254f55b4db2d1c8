import { javascriptGlobals } from "./javascript-globals.ts";

/** What no variable of a function's body can be called. Source: ECMAScript 2025, "Keywords and Reserved Words". */
const reservedWords: ReadonlySet<string> = new Set(
  `await break case catch class const continue debugger default delete do else enum export extends false finally for
   function if import in instanceof new null return super switch this throw true try typeof var void while with`.split(
    /\s+/,
  ),
);

/** Whether JavaScript can read a cell or an input by this name: it is no word of the language and none of its globals. */
export function canBeReadInCode(name: string): boolean {
  return !javascriptGlobals.has(name) && !reservedWords.has(name);
}
