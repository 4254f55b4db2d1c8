import { expect, test } from "vitest";
import { z } from "zod";
import { cellKinds } from "#server/cells/index.ts";
import { fence, notebookText } from "./__fixtures__/graph-of.ts";
import { configurationProblems, kindKeys } from "./configuration-problems.ts";
import { parseNotebook } from "./format.ts";

/** `severity code line:column message → cure` of each problem with a cell's configuration. */
function problems(info: string, yaml: string): readonly string[] {
  const [cell] = parseNotebook(notebookText("", fence(info, `---\n${yaml}\n---\nx`))).cells;
  return configurationProblems(cell!, cellKinds.get(cell!.kind)!).map(
    ({ severity, code, position, message, cure, cell: name }) =>
      `${severity} ${code} ${name} ${position.line}:${position.column} ${message} → ${cure}`,
  );
}

test("every kind knows the keys of all cells and of axes", () => {
  const yaml =
    "title: T\nhidden: true\nrun: manual\nwhen: =1\nafter: b\ncontinue_on_error: true\noptional: b\ncache: 1d\nreads: b\nvary: { a: [1] }\nmodels: [m]\nrepeat: 2\nreduce: mean";
  expect(problems("template a", yaml)).toEqual([]);
});

test("a key that its kind does not know is reported with the nearest one, and kept", () => {
  expect(problems("prompt a", "temprature: 0")).toEqual([
    "warning cell.unknown-key a 7:1 `temprature` is no setting of a `prompt` cell → Did you mean `temperature`?",
  ]);
  expect(problems("prompt a", "titel: T")).toEqual([
    "warning cell.unknown-key a 7:1 `titel` is no setting of a `prompt` cell → Did you mean `title`?",
  ]);
  expect(problems("js a", "xyzzyplugh: 1")).toEqual([
    "warning cell.unknown-key a 7:1 `xyzzyplugh` is no setting of a `js` cell → It is kept and has no effect.",
  ]);
  expect(problems("retrieve a", "xyzzyplugh: 1\nfrom: =b")).toEqual([
    expect.stringMatching(
      /^warning cell\.unknown-key a 7:1 `xyzzyplugh` is no setting of a `retrieve` cell → It is kept and has no effect\. There are: from, .*\bquery\b.*\.$/,
    ),
  ]);
});

test("a value that cannot be is an error at its place, with its path", () => {
  expect(problems("prompt a", "model: m\ntemperature: hot")).toEqual([
    expect.stringMatching(
      /^error cell\.configuration a 8:14 `temperature` must be a number, not a text → `prompt` takes model, .*\.$/,
    ),
  ]);
  const [cell] = parseNotebook(notebookText("", fence("template a", "---\nb: { c: x }\n---\nx"))).cells;
  const deep = z.object({ b: z.object({ c: z.number("is no number") }) });
  const [problem] = configurationProblems(cell!, { ...cellKinds.get("template")!, configuration: deep });
  expect(problem).toMatchObject({ message: "`b.c` is no number", position: { line: 7, column: 9 } });
});

test("a value that is not written itself is an error at the nearest one around it", () => {
  const [cell] = parseNotebook(notebookText("", fence("template a", "---\nb: { c: x }\n---\nx"))).cells;
  const inside = z
    .object({ b: z.unknown() })
    .refine(() => false, { path: ["b", "c", "d", "e"], message: "is missing" });
  const [problem] = configurationProblems(cell!, { ...cellKinds.get("template")!, configuration: inside });
  expect(problem).toMatchObject({ message: "`b.c.d.e` is missing", position: { line: 7, column: 9 } });
});

test("values of the keys that every cell has are checked", () => {
  expect(problems("template a", "when: 1 == 2")).toEqual([
    "warning cell.when a 7:7 `when: 1 == 2` is a text and no expression, so it always holds → Did you mean `=1 == 2`?",
  ]);
  expect(problems("template a", "continue_on_error: yes")).toEqual([
    "error cell.configuration a 7:20 `continue_on_error: yes` is neither true nor false, so it has no effect → Write `true` or `false`.",
  ]);
  expect(problems("template a", "run: automatic")).toEqual([
    "error cell.configuration a 7:6 `run: automatic` is neither auto nor manual, so it has no effect → Write `manual`, or leave it out.",
  ]);
  expect(problems("template a", "cache: 5 days")).toEqual([
    "error cell.cache a 7:8 `cache: 5 days` is no time → Write `never`, or a number with a unit: `45s`, `30m`, `12h`, `1d`.",
  ]);
  expect(problems("template a", 'when: ""')).toEqual([]);
  expect(problems("template a", "when: false\ncontinue_on_error: false\nrun: auto\ncache: never")).toEqual([]);
});

test("a filter that is a text and no expression is reported, as a condition is", () => {
  const search = (filter: string): readonly string[] => problems("retrieve a", `from: b\nquery: c\nfilter: ${filter}`);
  expect(search("item.id == 1")).toEqual([
    "warning cell.filter a 9:9 `filter: item.id == 1` is a text and no expression, so it always holds → Did you mean `=item.id == 1`?",
  ]);
  expect([...search("=item.id == 1"), ...search('""')]).toEqual([]);
});

test("a field that is missing is an error on the cell", () => {
  expect(problems("retrieve a", "text: b")).toEqual(
    expect.arrayContaining([expect.stringMatching(/^error cell\.configuration a 5:1 `query` is missing → /)]),
  );
});

test.each([
  ["prompt a", "max_tokens: -1", "`max_tokens` must be a whole number over 0"],
  ["prompt a", "max_tokens: 1.5", "`max_tokens` must be a whole number over 0"],
  ["prompt a", "seed: 1.5", "`seed` must be a whole number, not 1.5"],
  ["prompt a", "temperature: 3", "`temperature` must be at most 2"],
  ["prompt a", "top_p: -1", "`top_p` must be at least 0"],
  ["prompt a", "completion: yes", "`completion` must be true or false, not a text"],
  ["prompt a", "stop: 3", "`stop` must be a text or a list"],
  ["prompt a", "stop: [a, 3]", "`stop` `1` must be a text, not 3"],
  ["data a", "format: xml", "`format` must be one of csv, json, jsonl, yaml"],
  ["sheet a", "rows: b\nwith: [c]", "`with` must be a mapping, not a list"],
  ["sheet a", "rows: b\ncolumns: { c: d }", "`columns` must be a list, not a mapping"],
])("says in plain words what a value must be: %s with %s", (info, yaml, message) => {
  expect(problems(info, yaml)).toEqual([expect.stringContaining(` ${message} → `)]);
});

test.each([
  ["schema: text", "7:9 `schema` must be one of string, number, integer, boolean, json, not `text`"],
  ["schema: { a: { b: word } }", "7:19 `schema.a.b` must be one of string, number, integer, boolean, json, not `word`"],
  ["schema: { type: object, properties: 3 }", "7:37 `schema.properties` must be an object, not 3"],
  [
    "schema: { type: array, items: { type: nmber } }",
    '7:39 `schema.items.type` must be one of array, boolean, integer, null, number, object, string, not "nmber"',
  ],
  ["schema: { $ref: '#/none' }", "7:9 `schema` cannot be used: can't resolve reference #/none from id #"],
  ["schema: { type: string, pattern: '(?=a)b' }", "7:9 `schema` has a pattern that cannot be used: /(?=a)b/"],
])("a schema that is none is an error at its place: %s", (yaml, problem) => {
  expect(problems("prompt a", yaml)).toEqual([expect.stringContaining(`error cell.configuration a ${problem}`)]);
});

test("what an expression decides is checked when it is known", () => {
  expect(problems("prompt a", "model: =b\ntemperature: hot")).toEqual([]);
  expect(problems("prompt a", "model: m\nstop: [a, =b, 1]")).toEqual([]);
  expect(problems("prompt a", "model: m\nwhen: =b\ntemperature: hot")).toHaveLength(1);
});

test("a kind whose configuration is no mapping of known keys is not checked", () => {
  expect(kindKeys({ configuration: z.record(z.string(), z.string()) })).toBeNull();
  expect(kindKeys({ configuration: z.object({ a: z.string(), b: z.number() }) })).toEqual(new Set(["a", "b"]));
  const [cell] = parseNotebook(notebookText("", fence("template a", "---\nb: 1\n---\nx"))).cells;
  const any = { ...cellKinds.get("template")!, configuration: z.record(z.string(), z.string()) };
  expect(configurationProblems(cell!, any)).toEqual([]);
});

test("what is wrong with the whole is told without a path", () => {
  const [cell] = parseNotebook(notebookText("", fence("template a", "---\nb: 1\n---\nx"))).cells;
  const pair = z.object({ b: z.number() }).refine(({ b }) => b > 1, "b is too small");
  expect(configurationProblems(cell!, { ...cellKinds.get("template")!, configuration: pair })).toEqual([
    {
      severity: "error",
      code: "cell.configuration",
      cell: "a",
      message: "b is too small",
      cure: "`template` takes b.",
      position: cell!.position,
    },
  ]);
});
