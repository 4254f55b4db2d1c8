import { parseExpression, parseTemplate, references } from "#server/language/index.ts";
import { positionAt } from "#server/language/position.ts";
import { parseList } from "../configuration/parse-mapping.ts";
import { expressionsOf } from "../expressions-of.ts";
import type { Diagnostic } from "../notebook.ts";
import type { Reference } from "../reference.ts";
import type { Position } from "../value.ts";
import { testLines } from "../test-lines.ts";
import { nothing, problemOf, type Found } from "./found.ts";
import { javascriptReferences } from "./javascript-references.ts";

/** What a template reads, or with `roles` a prompt's messages. */
export function templateReferences(source: string, roles: boolean): Found {
  return found(source, () => references(parseTemplate(source, { roles })));
}

/** What one expression reads. */
export function expressionReferences(source: string): Found {
  return found(source, () => references(parseExpression(source)));
}

/** What a test reads: one expression a line. */
export function testReferences(source: string): Found {
  return together(
    testLines(source).map(({ offset, text }) => {
      const shift = ({ position }: { readonly position: Position }): Position =>
        positionAt(source, offset + position.offset, offset + position.offset + position.length);
      return shifted(expressionReferences(text), shift);
    }),
  );
}

/** Whether a path in a list of checks is that of a person's own code. */
export function isCheckCode(path: readonly (string | number)[]): boolean {
  return /^\d+\.(?:not-)?code(?:\.value)?$/.test(path.join("."));
}

/** What a score's checks read: the values that begin with `=` in a list of YAML, and code. */
export function checkReferences(source: string): Found {
  const { configuration, diagnostics } = parseChecks(source);
  const found = expressionsOf(configuration).map(({ source: expression, position: place }) => {
    const shift = ({ position }: { readonly position: Position }): Position =>
      positionAt(source, place.offset + position.offset, place.offset + position.offset + position.length);
    return shifted(expressionReferences(expression), shift);
  });
  const code = Object.entries(configuration.positions)
    .filter(([path]) => isCheckCode(path.split(".")))
    .map(([, place]) => codeReferences(source, place));
  return together([{ references: [], problems: diagnostics }, ...found, ...code]);
}

/** What code in a list of YAML reads, as it stands there: behind the head of a block, or in quotes. What does not parse is told where it runs. */
function codeReferences(source: string, { offset, length }: Position): Found {
  const raw = source.slice(offset, offset + length);
  const head = /^[|>].*\n|^["']/.exec(raw)?.[0].length ?? 0;
  const code = raw.slice(head, /^["']/.test(raw) ? -1 : undefined);
  if (code.startsWith("=")) return nothing;
  const shift = ({ position }: { readonly position: Position }): Position =>
    positionAt(source, offset + head + position.offset, offset + head + position.offset + position.length);
  return { references: shifted(javascriptReferences(code), shift).references, problems: [] };
}

/** A score's list of checks as YAML, with positions in the source. What is no list is a problem of the whole, which prose and code are. */
export function parseChecks(source: string): ReturnType<typeof parseList> {
  const view = { text: `${source}\n`, toFile: (offset: number) => Math.min(offset, source.length) };
  const read = parseList({
    view,
    position: (start, end) => positionAt(source, start, end),
    what: "the list of checks",
  });
  const text = source.trim();
  const isList = text.startsWith("[") || /^(?:[ \t]*#.*\n|[ \t]*\n)*[ \t]*-(?:\s|$)/.test(source);
  if (text === "" || Array.isArray(read.root) || (isList && read.diagnostics.length > 0)) return read;
  const start = source.indexOf(text);
  const [firstLine = ""] = text.split("\n");
  const isCode = /\breturn\b|\bconst\b|\blet\b|=>|===|;\s*$/m.test(source);
  return {
    ...read,
    diagnostics: [
      {
        severity: "error",
        code: "score.no-checks",
        message: `the score's body is ${isCode ? "code" : "text"}, and no list of checks`,
        cure: isCode
          ? "Add `language: js` between `---` lines above it."
          : "Write a list of checks, such as `- equals`, or code with `language: js` between `---` lines above it.",
        position: positionAt(source, start, start + firstLine.length),
      },
    ],
  };
}

/** Several findings as one. */
export function together(parts: readonly Found[]): Found {
  return { references: parts.flatMap((part) => part.references), problems: parts.flatMap((part) => part.problems) };
}

function shifted(found: Found, shift: (at: { readonly position: Position }) => Position): Found {
  return {
    references: found.references.map((reference): Reference => ({ ...reference, position: shift(reference) })),
    problems: found.problems.map((problem): Diagnostic => ({ ...problem, position: shift(problem) })),
  };
}

function found(source: string, read: () => readonly Reference[]): Found {
  try {
    return { references: read(), problems: [] };
  } catch (thrown) {
    return { references: [], problems: [problemOf(thrown, positionAt(source, 0, 0))] };
  }
}
