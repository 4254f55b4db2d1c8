const reserved = new Set(
  `arguments await break case catch class const continue debugger default delete do else enum eval export extends false
  finally for function if implements import in instanceof interface let new null package private protected public return
  static super switch this throw true try typeof var void while with yield`.split(/\s+/),
);

/** The names that can be parameters of a function, each once. A cell called `class` is left out: no code can name it. */
export function parameterNames(names: readonly string[]): string[] {
  return [...new Set(names)].filter((name) => /^[A-Za-z_$][\w$]*$/.test(name) && !reserved.has(name));
}
