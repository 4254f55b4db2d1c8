const quotes =
  "Put the value in quotes: text with `: `, ` #` or a first `@`, `%`, `*`, `&`, `!` or backtick needs them.";

const cures: { readonly [code: string]: string } = {
  TAB_AS_INDENT: "Indent with spaces instead of the tab.",
  MULTIPLE_DOCS: "Remove the line `---` or `...` inside the YAML.",
  BLOCK_AS_IMPLICIT_KEY: quotes,
  BAD_SCALAR_START: quotes,
  TAG_RESOLVE_FAILED: "Remove the tag that begins with `!`, or put the value in quotes.",
};

/** What to do about an error of the YAML parser, by its code. */
export function yamlCure(code: string): string {
  return cures[code] ?? "Check the brackets, quotes and indentation here.";
}
