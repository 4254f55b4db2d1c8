import { expect, test } from "vitest";
import { fence, graphOf } from "../notebook/__fixtures__/graph-of.ts";
import { planRun } from "../notebook/plan.ts";
import { compareContracts, type Seen } from "./compare-contracts.ts";
import { contractOf } from "./contract.ts";

function seen(inputs: string, cells: readonly string[], more: Partial<Seen> = {}): Seen {
  const names = cells.map((cell) => /^`+\w+ (\w+)/.exec(cell)![1]!);
  const graph = graphOf(`inputs: { ${inputs} }\noutputs: [${names.join(", ")}]\n`, ...cells);
  const plan = planRun(graph, { type: "outputs", cells: names }, { effect: () => "pure" });
  return { contract: contractOf(graph, plan), models: {}, price: null, ...more };
}

const a = fence("template a", "1");
const model = (name: string) => ({ m: { model: name, identity: {} } });
const price = (likely: number) => ({ low: likely / 2, likely, high: likely * 2 });
const sheet = (...columns: readonly string[]): string =>
  fence("sheet s", `---\nrows: d\n---\n${columns.map((name) => fence(`template ${name}`, "1")).join("\n")}`);
const prompt = (schema: string): string => fence("prompt a", `---\nmodel: m\nschema: ${schema}\n---\nHi`);

test.each<[string, Seen, Seen, readonly string[]]>([
  ["nothing changed", seen("n: string", [a]), seen("n: string", [a]), []],
  ["only what a caller does not see", seen("n: string", [a]), seen("n: string", [fence("template a", "2")]), []],
  [
    "inputs",
    seen("gone: string, loose: { default: x }, strict: string, moved: { default: 1 }, typed: string", [a]),
    seen(
      "fresh: string, optional: { default: [] }, loose: string, strict: { type: string, default: y }, moved: { default: 2 }, typed: number",
      [a],
    ),
    [
      "! `fresh` is a new input and is required: requests without it are refused",
      "! `loose` is required now: requests without it are refused",
      "! `typed` takes a number, and did a text",
      "! `gone` is no input any more: requests that give it are refused",
      "`optional` is a new input, [] where it is not given",
      '`strict` need not be given any more, and is "y" then',
      "`moved` is 2 where it is not given, and was 1",
    ],
  ],
  [
    "labels of an input",
    seen("tone: [formal, plain]", [a]),
    seen("tone: [plain, warm]", [a]),
    ["! `tone` takes formal no more", "`tone` takes warm, too"],
  ],
  [
    "outputs",
    seen("n: string", [a, fence("template b", "1")]),
    seen("n: string", [fence("js a", "return 1"), fence("sql c", "select 1")]),
    ["! `a` gives any JSON, and did a text", "! `b` is no output any more", "`c` is a new output"],
  ],
  [
    "labels of an output",
    seen("n: string", [prompt("[x, y]")]),
    seen("n: string", [prompt("[y, z]")]),
    ["! `a` gives z, too", "`a` gives x no more"],
  ],
  [
    "fields of an output",
    seen("n: string", [prompt("{ x: string }")]),
    seen("n: string", [prompt("{ x: string, y: number }")]),
    ["`a` gives a field `y`, too"],
  ],
  [
    "fields that go or are of another type, also in the rows of a sheet",
    seen("n: string", [prompt("{ x: string, y: number }"), sheet("one", "two")]),
    seen("n: string", [prompt("{ y: string }"), sheet("two", "three")]),
    [
      "! `a` gives in `y` a text, and did a number",
      "! `a` gives no field `x` any more",
      "! `s` gives in `rows` no field `one` any more",
      "`s` gives in `rows` a field `three`, too",
    ],
  ],
  [
    "inputs that take more than before, and less",
    seen("a: string, b: [x, y], c: json, d: table", [a]),
    seen("a: json, b: string, c: string, d: messages", [a]),
    [
      "! `c` takes a text, and did any JSON",
      "! `d` takes a list, each an object with role, content, and did a list, each an object",
      "`a` takes any JSON, and did a text",
      "`b` takes a text, and did one of x, y",
    ],
  ],
  [
    "an output that is never skipped any more",
    seen("n: string", [fence("template a", "---\nwhen: =n\n---\n1")]),
    seen("n: string", [a]),
    ["`a` gives a text, and did a text or null"],
  ],
  [
    "an output that may be skipped",
    seen("n: string", [a]),
    seen("n: string", [fence("template a", "---\nwhen: =n\n---\n1")]),
    ["! `a` gives a text or null, and did a text"],
  ],
  [
    "models and price",
    seen("n: string", [a], { models: model("x/small"), price: price(0.001) }),
    seen("n: string", [a], { models: model("x/big"), price: price(0.0123) }),
    ["x/big answers instead of x/small", "a request costs about $0.012 instead of $0.0010, 12 times as much"],
  ],
  [
    "a price that is not known",
    seen("n: string", [a], { models: model("x/small"), price: price(0) }),
    seen("n: string", [a], { models: { ...model("x/small"), n: { model: "y/new", identity: {} } } }),
    ["y/new is called, too", "what a request costs is not known; it costs about $0 now"],
  ],
])("callers notice: %s", (_what, live, draft, expected) => {
  const differences = compareContracts(live, draft);
  expect(differences.map(({ breaks, text }) => `${breaks ? "! " : ""}${text}`)).toEqual(expected);
});
