import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { filters } from "./filters.ts";
import { functions } from "./functions.ts";
import { LanguageError, parseTemplate, renderMessages, renderTemplate, scopeOf, type LanguageRecord } from "./index.ts";
import { predicates } from "./predicates.ts";
import type { Signature } from "./signature.ts";

const page = readFileSync(new URL("../../docs/expression-language.md", import.meta.url), "utf8");

interface Example {
  readonly line: number;
  readonly values: LanguageRecord;
  readonly template: string;
  readonly kind: string;
  readonly expected: string;
}

/** The examples of the page: perhaps a `json` block of values, a `jinja` block, and a block with what comes of it. */
function examples(): readonly Example[] {
  const blocks = [...page.matchAll(/^```(\w+)\n([^]*?)^```$/gm)].map(({ index, 1: kind, 2: text }) => ({
    kind: kind!,
    text: text!,
    line: page.slice(0, index).split("\n").length,
  }));
  return blocks.flatMap(({ kind, text, line }, place) => {
    if (kind !== "jinja") return [];
    const before = blocks[place - 1];
    const after = blocks[place + 1]!;
    const values = before?.kind === "json" ? (JSON.parse(before.text) as LanguageRecord) : {};
    return [{ line, values, template: text, kind: after.kind, expected: after.text }];
  });
}

function outcome({ values, template, kind }: Example): string {
  const parsed = parseTemplate(template);
  switch (kind) {
    case "text":
      return renderTemplate(parsed, scopeOf(values));
    case "messages":
      return renderMessages(parsed, scopeOf(values))
        .map(({ role, content }) => `${role}: ${content}\n`)
        .join("");
    case "error":
      try {
        return renderTemplate(parsed, scopeOf(values));
      } catch (thrown) {
        if (!(thrown instanceof LanguageError)) throw thrown;
        return `${thrown.position.line}:${thrown.position.column} ${thrown.message}\n`;
      }
    default:
      throw new Error(`an example cannot be followed by a block of ${kind}`);
  }
}

describe("docs/expression-language.md", () => {
  test("has examples", () => {
    expect(examples().length).toBeGreaterThan(10);
  });

  test.each(examples())("has an example at line $line that comes out as it says", (example) => {
    expect(outcome(example)).toBe(example.expected);
  });

  test("lists every filter, test and function as it is", () => {
    const rows = new Set(page.split("\n"));
    const listed = (signature: Signature, called: boolean) => {
      const parameters =
        signature.variadic === true ? ["…"] : signature.parameters.map((name) => name.replace("?", ""));
      const call = called || parameters.length > 0 ? `(${parameters.join(", ")})` : "";
      return `| \`${signature.name}${call}\` | ${signature.summary} |`;
    };
    for (const one of [...filters.values(), ...predicates.values()]) expect(rows).toContain(listed(one, false));
    for (const one of functions.values()) expect(rows).toContain(listed(one, true));
  });
});
