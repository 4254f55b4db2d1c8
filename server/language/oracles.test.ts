import { readFileSync } from "node:fs";
import { Environment } from "minijinja-js";
import { describe, expect, test } from "vitest";
import { corpus, notInMiniJinja, pointed, seed, world } from "./__fixtures__/corpus.ts";
import { differences, explain, type Oracle, type Outcome } from "./__fixtures__/differences.ts";
import { LanguageError, parseTemplate, renderTemplate, scopeOf } from "./index.ts";

interface Recorded {
  readonly jinja2: string;
  readonly world: unknown;
  readonly results: readonly ({ readonly source: string } & Outcome)[];
}

const recorded = JSON.parse(
  readFileSync(new URL("./__fixtures__/jinja2-results.json", import.meta.url), "utf8"),
) as Recorded;

function ours(source: string): Outcome {
  try {
    return { text: renderTemplate(parseTemplate(source), scopeOf(world)) };
  } catch (thrown) {
    if (thrown instanceof LanguageError) return { error: thrown.message };
    throw thrown;
  }
}

/** The templates no rule explains, and the rules that explained none. */
function compare(oracle: Oracle, answers: readonly ({ readonly source: string } & Outcome)[]) {
  const used = new Set<string>();
  const unexplained = answers.filter((theirs) => {
    const rules = explain(theirs.source, ours(theirs.source), theirs, oracle);
    for (const { rule } of rules ?? []) used.add(rule);
    return rules === null;
  });
  const listed = differences.filter(({ oracles }) => oracles.includes(oracle)).map(({ rule }) => rule);
  return {
    unexplained: unexplained.map((theirs) => ({ ...theirs, ours: ours(theirs.source) })),
    unused: listed.filter((rule) => !used.has(rule)),
  };
}

describe("Python's Jinja2", () => {
  test("was recorded with the corpus as the generator writes it", () => {
    expect(recorded.jinja2).toBe("3.1.6");
    expect(recorded.world).toEqual(world);
    expect(recorded.results.map(({ source }) => source)).toEqual([...pointed, ...corpus(seed, 500)]);
  });

  test("makes the same of every template, but for the listed differences, each of which occurs", () => {
    expect(compare("jinja2", recorded.results)).toEqual({ unexplained: [], unused: [] });
  });
});

describe("MiniJinja", () => {
  test("makes the same of every template, but for the listed differences, each of which occurs", () => {
    const environment = new Environment();
    environment.trimBlocks = true;
    environment.lstripBlocks = true;
    environment.keepTrailingNewline = true;
    environment.undefinedBehavior = "strict";
    environment.enablePyCompat();
    const answers = [...pointed, ...corpus(seed + 1, 400, notInMiniJinja)].map((source) => {
      try {
        return { source, text: environment.renderStr(source, world) };
      } catch (thrown) {
        return { source, error: String(thrown) };
      }
    });
    expect(compare("minijinja", answers)).toEqual({ unexplained: [], unused: [] });
    environment.free();
  });
});
