import type { z } from "zod";

/**
 * What a value of a configuration must be, in plain words: `must be a number, not a text`. For `safeParse(value, { error:
 * configurationWords })`; a kind's own messages go before it, and where it has no words those of zod stand.
 */
export function configurationWords(issue: z.core.$ZodRawIssue): string | undefined {
  switch (issue.code) {
    case "invalid_type":
      if (issue.input === undefined) return "is missing";
      return `must be ${nouns[issue.expected] ?? issue.expected}, not ${nounOf(issue.input)}`;
    case "invalid_value":
      return `must be ${issue.values.length === 1 ? "" : "one of "}${issue.values.map(String).join(", ")}`;
    case "too_small":
      return `must ${amount(issue.origin)} ${issue.inclusive === false ? "over" : "at least"} ${issue.minimum}`;
    case "too_big":
      return `must ${amount(issue.origin)} ${issue.inclusive === false ? "under" : "at most"} ${issue.maximum}`;
    case "unrecognized_keys":
      return `has no setting ${issue.keys.map((key) => `\`${key}\``).join(", ")}`;
    case "invalid_union":
      return issue.input === undefined ? "is missing" : alternatives(issue.errors);
    default:
      return undefined;
  }
}

const nouns: { readonly [type: string]: string } = {
  string: "a text",
  number: "a number",
  int: "a whole number",
  boolean: "true or false",
  array: "a list",
  object: "a mapping",
  record: "a mapping",
  null: "null",
};

function nounOf(value: unknown): string {
  if (value === null) return "null";
  if (Array.isArray(value)) return "a list";
  if (typeof value === "boolean" || typeof value === "number" || typeof value === "bigint") return String(value);
  return nouns[typeof value] ?? typeof value;
}

function amount(origin: string): string {
  if (origin === "string") return "have a length of";
  return origin === "array" ? "have a count of" : "be";
}

/** What is wrong inside the one form a value nearly has, or else all forms it may have. */
function alternatives(forms: readonly (readonly z.core.$ZodIssue[])[]): string | undefined {
  const firsts = forms.map(([issue]) => issue!);
  const inside = firsts.find(({ path }) => path.length > 0);
  if (inside !== undefined) return `\`${inside.path.join(".")}\` ${inside.message}`;
  const wanted = firsts.flatMap(({ message }) => /^must be (.*?)(?:, not .*)?$/.exec(message)?.[1] ?? []);
  return wanted.length === 0 ? undefined : `must be ${[...new Set(wanted)].join(" or ")}`;
}
