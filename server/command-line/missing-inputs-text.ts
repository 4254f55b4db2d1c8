import type { Input } from "#server/notebook/notebook.ts";
import { errorText } from "./show-error.ts";

/** Inputs without a value, at least one: all of them with their types, and a command line that gives them. */
export function missingInputsText(missing: readonly Input[], command: string, file: string): string {
  const [first] = missing;
  const count = missing.length === 1 ? "1 input has" : `${missing.length} inputs have`;
  const names = missing.map((input) => `${input.name} (${input.type === "choice" ? labels(input) : input.type})`);
  const settings = missing.map((input) => ` --set ${input.name}=${example(input)}`);
  return errorText(
    {
      code: "input.missing",
      message: `${count} no value: ${names.join(", ")}`,
      cure: `Give defaults in the front matter, or write, for example:\n    sheaf ${command} ${word(file)}${settings.join("")}`,
      position: first!.position,
    },
    file,
  );
}

function labels({ options = [] }: Input): string {
  return options.join(" or ");
}

function example({ name, type, options }: Input): string {
  switch (type) {
    case "string":
      return "'…'";
    case "number":
      return "1";
    case "boolean":
      return "true";
    case "choice":
      return word((options?.[0] ?? "…").replace(/^@/, "@@"));
    case "json":
    case "messages":
      return `@${name}.json`;
    case "table":
      return `@${name}.csv`;
    case "file":
      return `@${name}.pdf`;
    case "image":
      return `@${name}.png`;
  }
}

/** A text as one word of a shell. */
function word(text: string): string {
  return /^[\w./@:-]+$/.test(text) ? text : `'${text.replaceAll("'", String.raw`'\''`)}'`;
}
