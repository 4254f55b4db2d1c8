import type { YAMLError } from "yaml";

const quotes =
  "Put the value in quotes: text with `: `, ` #` or a first `@`, `%`, `*`, `&`, `!` or backtick needs them.";

const problems: { readonly [code: string]: { readonly message?: string; readonly cure: string } } = {
  TAB_AS_INDENT: { cure: "Indent with spaces instead of the tab." },
  MULTIPLE_DOCS: {
    message: "a second YAML document begins here",
    cure: "Remove the line `---` or `...` inside the YAML.",
  },
  BLOCK_AS_IMPLICIT_KEY: { cure: quotes },
  BAD_SCALAR_START: { cure: quotes },
  TAG_RESOLVE_FAILED: { cure: "Remove the tag that begins with `!`, or put the value in quotes." },
};

/** An error of the YAML parser in words, with what to do about it. */
export function yamlProblem({ code, message }: YAMLError): { readonly message: string; readonly cure: string } {
  return { message, cure: "Check the brackets, quotes and indentation here.", ...problems[code] };
}
