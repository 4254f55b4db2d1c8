import { CompletionContext, type CompletionResult, type CompletionSource } from "@codemirror/autocomplete";
import { ensureSyntaxTree } from "@codemirror/language";
import { EditorState, type Extension } from "@codemirror/state";
import { describe, expect, test } from "vitest";
import type { BodyLanguage, Field } from "#server/notebook/cell-kind.ts";
import type { EditorHost } from "../editor-host.ts";
import { languageSupport } from "../languages/language-support.ts";
import type { NamedThing, PageNames } from "../names/page-names.ts";
import { expressionAt } from "./expression-at.ts";
import { javascriptCompletion } from "./javascript-completion.ts";
import { languageCompletion } from "./language-completion.ts";
import { sqlCompletion } from "./sql-completion.ts";
import { checksCompletion, yamlCompletion } from "./yaml-completion.ts";

const cell = (name: string, kind: string, members: readonly string[], axes: readonly string[] = []): NamedThing => ({
  type: "cell",
  name,
  path: name,
  kind,
  node: name,
  members,
  axes: axes.map((axis) => ({ name: axis, labels: ["a"] })),
});

const things: readonly NamedThing[] = [
  { type: "input", name: "message" },
  cell("people", "data", ["name", "two words"]),
  cell("triage", "sheet", ["text", "correct"]),
  cell("triage.correct", "score", ["score", "pass"], ["model"]),
  cell("topic", "prompt", []),
];

const names: PageNames = {
  things: new Map(things.map((thing) => [thing.name, thing])),
  row: ["text"],
  axes: [{ name: "tone", labels: ["warm"] }],
  others: [],
};

const fields: readonly Field[] = [
  { key: "from", label: "From", control: "cell" },
  { key: "mode", label: "Mode", control: "choice", options: ["semantic", "keyword"] },
  { key: "query", label: "Query", control: "expression" },
  { key: "model", label: "Model", control: "model" },
  { key: "models", label: "Models compared", control: "list" },
];

const host = {
  names: () => names,
  datasetFiles: async () => ["bank/train.csv"],
  datasetColumns: async () => ["category"],
  fields: async () => fields,
  cell: () => ({ configuration: {} }),
  models: async () => [
    { name: "small", words: "ollama/qwen3:4b", embeds: false },
    { name: "ollama/qwen3:4b", words: "free · 32k", embeds: false },
  ],
  scorers: async () => [{ name: "contains", description: "" }],
} as unknown as EditorHost;

/** What is offered at the `^` of a text, asked for or while one types. */
async function offered(
  language: BodyLanguage,
  marked: string,
  sources: readonly CompletionSource[],
  explicit = true,
): Promise<readonly string[]> {
  const pos = marked.indexOf("^");
  const extensions: Extension = languageSupport(language, host);
  const state = EditorState.create({ doc: marked.replace("^", ""), extensions });
  ensureSyntaxTree(state, state.doc.length);
  const found: CompletionResult[] = [];
  for (const source of sources) {
    const result = await source(new CompletionContext(state, pos, explicit));
    if (result !== null) found.push(result);
  }
  return found.flatMap(({ options, from }) => {
    const written = state.sliceDoc(from, pos);
    return options.map(({ label }) => label).filter((label) => label.startsWith(written));
  });
}

describe("SQL offers", () => {
  const at = (marked: string): Promise<readonly string[]> => offered("sql", marked, [sqlCompletion(host)]);

  test("the tables there are, and the columns of those that are named", async () => {
    expect(await at("select na^ from people")).toEqual(expect.arrayContaining(["name"]));
    expect(await at("select na^ from triage")).not.toContain("name");
    expect(await at("select * from pe^")).toContain("people");
    expect(await at("select * from triage.^")).toContain("correct");
    expect(await at("select c.^ from triage.correct c")).toEqual(expect.arrayContaining(["score", "model"]));
  });

  test("the workspace's calls and their columns", async () => {
    expect(await at("select * from cal^")).toContain("calls");
    expect(await at("select cos^ from calls")).toContain("cost");
    expect(await at("select c.lat^ from calls c")).toContain("latency_ms");
  });

  test("inputs behind a dollar sign, files in quotes and their columns", async () => {
    expect(await at("select $me^")).toEqual(["message"]);
    expect(await at("from 'ba^'")).toEqual(["bank/train.csv"]);
    expect(await at("select cat^ from 'bank/train.csv'")).toContain("category");
    expect(await at("select 1 -- pe^")).toEqual([]);
  });
});

describe("code offers", () => {
  const at = (marked: string): Promise<readonly string[]> => offered("javascript", marked, javascriptCompletion(host));

  test("what the notebook gives it and what it sets itself, with their members", async () => {
    expect(await at("const total = 1;\nreturn to^")).toEqual(expect.arrayContaining(["total", "topic"]));
    expect(await at("return row.^")).toEqual(["text"]);
    expect(await at("return vary.^")).toEqual(["tone"]);
    expect(await at("return people.na^")).toEqual(["name"]);
  });
});

describe("a configuration offers", () => {
  const at = (marked: string): Promise<readonly string[]> =>
    offered("none", marked, [languageCompletion("none", host), yamlCompletion(host)]);

  test("keys that are not there yet, and what may stand behind them", async () => {
    expect(await at("from: people\n^")).toEqual(expect.arrayContaining(["mode", "when"]));
    expect(await at("from: people\nf^")).not.toContain("from");
    expect(await at("from: pe^")).toEqual(["people"]);
    expect(await at("mode: ^")).toEqual(["semantic", "keyword"]);
  });

  test("models, also in a list of them, with what is said of each", async () => {
    expect(await at("model: ^")).toEqual(["small", "ollama/qwen3:4b"]);
    expect(await at("model: ollama/qwen3:^")).toEqual(["ollama/qwen3:4b"]);
    expect(await at("models: [small, oll^]")).toEqual(["ollama/qwen3:4b"]);
    const state = EditorState.create({ doc: "model: oll" });
    const result = await yamlCompletion(host)(new CompletionContext(state, 10, true));
    expect(result!.options.map(({ detail }) => detail)).toEqual(["ollama/qwen3:4b", "free · 32k"]);
  });

  test("names in what begins with =", async () => {
    expect(await at("query: =mess^")).toEqual(["message"]);
    expect(await at("with: { message: =row.^ }")).toContain("text");
  });

  test("inputs alone in what is read before anything is computed", async () => {
    const names = async (marked: string): Promise<readonly string[]> =>
      (await at(marked)).filter((label) => ["message", "topic", "row", "vary", "item"].includes(label));
    expect(await names("repeat: =^")).toEqual(["message"]);
    expect(await names("vary:\n  tone: [=^]")).toEqual(["message"]);
    expect(await names("repeat: 2\nquery: =^")).toEqual(expect.arrayContaining(["message", "topic", "row"]));
  });

  test("scorers in a list of checks", async () => {
    const checks = [languageCompletion("checks", host), checksCompletion(host)];
    expect(await offered("checks", "- con^", checks)).toEqual(["contains"]);
    expect(await offered("checks", "- not-con^", checks)).toEqual(["contains"]);
    expect(await offered("checks", "- contains: =row.te^", checks)).toEqual(["text"]);
  });
});

describe("while one types, nothing is offered", () => {
  const at = (marked: string): Promise<readonly string[]> =>
    offered("messages", marked, [languageCompletion("messages", host)], false);

  test("but behind a letter, a point, a bar, or where a tag begins", async () => {
    expect(await at("{{ mess^")).toEqual(["message"]);
    expect(await at("{{ row.^")).toContain("text");
    expect(await at("{{ ^")).toContain("message");
    expect(await at("{{ message ^")).toEqual([]);
    expect(await at("{{ message == ^")).toEqual([]);
    expect(await at("plain words ^")).toEqual([]);
    expect(await at("us^")).toEqual(["user:"]);
  });
});

test("an expression is found where YAML has one, up to its end", () => {
  const found = (marked: string): string | null => {
    const offset = marked.indexOf("^");
    return expressionAt("none", marked.replace("^", ""), offset)?.source ?? null;
  };
  expect(found("query: =mes^sage")).toBe("message");
  expect(found("filter: '=item.a ^> 1' # c")).toBe("item.a > 1");
  expect(found("a: =b\nc: d^")).toBeNull();
  expect(found("a: b =^ c")).toBeNull();
});

test("an expression of a test is found up to the comment of its line", () => {
  const found = (marked: string): string | null =>
    expressionAt("expressions", marked.replace("^", ""), marked.indexOf("^"))?.source ?? null;
  expect(found("1 == 1\n'#' == o^ne # of two")).toBe("'#' == one ");
  expect(found("one == 1 # of t^wo")).toBeNull();
  expect(found(" ^ # of two")).toBeNull();
});
