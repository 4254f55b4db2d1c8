import { parseExpression, parseTemplate, type Expression, type Template } from "#server/language/index.ts";

/** A parsed template whose role lines begin messages, kept for as long as it is among the last twenty thousand: the same source is rendered for many rows. */
export const parsedMessages: (source: string) => Template = remember(parseTemplate, 20_000);
/** A parsed template that is text alone: a line that looks like a role is text. */
export const parsedTemplate: (source: string) => Template = remember(
  (source) => parseTemplate(source, { roles: false }),
  20_000,
);
/** A parsed expression, kept likewise. */
export const parsedExpression: (source: string) => Expression = remember(parseExpression, 20_000);

function remember<Parsed>(parse: (source: string) => Parsed, size: number): (source: string) => Parsed {
  const known = new Map<string, Parsed>();
  return (source) => {
    let parsed = known.get(source);
    if (parsed === undefined) {
      parsed = parse(source);
      if (known.size >= size) known.delete(known.keys().next().value!);
      known.set(source, parsed);
    }
    return parsed;
  };
}
