import { mkdir, writeFile } from "node:fs/promises";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { addressText } from "#server/notebook/address.ts";
import { chosenVariant } from "#server/notebook/axis.ts";
import { toValue, type Datum, type Value } from "#server/notebook/value.ts";
import { openPrepared, type Fork, type Prepared } from "./prepared.ts";
import { externalKind } from "./__fixtures__/external-kind.ts";
import { fence, notebookText, testWorkspace, type TestWorkspace } from "./__fixtures__/test-workspace.ts";

let workspace: TestWorkspace;
beforeAll(async () => void (workspace = await testWorkspace()));
afterAll(() => workspace[Symbol.asyncDispose]());

let notebooks = 0;
const prepare = (text: string): Promise<Prepared> =>
  openPrepared(workspace.runtime, { path: `prepared@v${(notebooks += 1)}`, text });

async function valuesOf(inputs: { readonly [name: string]: Datum }): Promise<{ readonly [name: string]: Value }> {
  const values: { [name: string]: Value } = {};
  for (const [name, datum] of Object.entries(inputs))
    values[name] = Array.isArray(datum)
      ? { type: "table", value: await workspace.runtime.tables.fromRows(datum) }
      : toValue(datum);
  return values;
}

let forks = 0;
async function ran(prepared: Prepared, inputs: { readonly [name: string]: Datum } = {}): Promise<Fork> {
  const fork = await prepared.fork(`fork-${(forks += 1)}`, await valuesOf(inputs));
  await fork.start({}).done;
  return fork;
}

function shown({ state }: Fork, cell: string): Datum {
  const at = chosenVariant(state.graph.nodes.get(cell)!.axes, state.graph.front.choose);
  const { value, outcome } = state.results.get(addressText({ cell, at }))!;
  return value !== null && "value" in value ? (value.value as Datum) : outcome;
}

describe("a prepared notebook", () => {
  const text = notebookText(
    "inputs:\n  name: { type: string, default: Ada }\noutputs: [letter]\n",
    fence("data people", "name\nBo\nCy"),
    fence("sql counted", "select count(*) as n from people"),
    fence("prompt greeting", "---\nmodel: server/small\n---\nprepared {{ name }}"),
    fence("template letter", "{{ greeting }}, one of {{ counted[0].n }}"),
    fence("prompt beside", "---\nmodel: server/small\n---\nbeside"),
  );

  test("runs for many at a time, each with inputs of its own and the defaults of the others", async () => {
    const prepared = await prepare(text);
    const all = await Promise.all([ran(prepared, { name: "Bo" }), ran(prepared), ran(prepared, { name: "Cy" })]);
    expect(all.map((fork) => shown(fork, "letter"))).toEqual(
      ["Bo", "Ada", "Cy"].map((name) => `<prepared ${name}>, one of 2`),
    );
    expect(workspace.sent()).toEqual(["prepared Ada", "prepared Bo", "prepared Cy"]);
  });

  test("computes what all callers share once, and for each only what hangs on the inputs", async () => {
    const prepared = await prepare(text);
    const [first, second] = [await ran(prepared, { name: "Bo" }), await ran(prepared, { name: "Bo" })];
    for (const { recorded } of [first, second])
      expect(recorded.map(({ address }) => address)).toEqual(["greeting", "letter"]);
    expect(first.recorded).toMatchObject([{ outcome: "ok", callKeys: [expect.any(String)] }, { outcome: "ok" }]);
    expect(second.state.results.get("counted")).toBe(first.state.results.get("counted"));
  });

  test("does what reaches outside for each caller, and never beforehand", async () => {
    using external = externalKind();
    const prepared = await prepare(
      notebookText("outputs: [told]\n", fence("send mail", "to: Ada"), fence("template told", "{{ mail }}")),
    );
    await (await prepared.fork("asked", {})).estimate({});
    expect(external.sent()).toEqual([]);
    const forks = [await ran(prepared), await ran(prepared)];
    expect(forks.map((fork) => shown(fork, "told"))).toEqual(["sent to Ada", "sent to Ada"]);
    expect(external.sent()).toEqual(["mail", "mail"]);
    // Of a request that goes on after a restart nobody knows what it has done.
    await expect(prepared.fork("begun before", {}, true)).rejects.toMatchObject({
      code: "request.outside",
      message: "`mail` reaches outside and may have done so already: the request does not go on",
    });
  });

  test("books what was spent on the caller, and answers from the journal for free", async () => {
    const prepared = await prepare(text.replace("server/small", "openai/gpt-5-mini"));
    const fork = await prepared.fork("booked", await valuesOf({ name: "Di" }));
    const { outcome, money } = await fork.start({}).done;
    expect(outcome).toBe("done");
    expect(money).toMatchObject({ made: 1, cached: 0, unpriced: 0, input: expect.any(Number) as number });
    expect(money.cost).toBeGreaterThan(0);
    expect(money.output).toBeGreaterThan(0);
    expect(
      (await workspace.runtime.journal.list({ run: "booked", limit: 10 })).map(({ notebook }) => notebook),
    ).toEqual([fork.state.path]);
    const again = await (await prepared.fork("again", await valuesOf({ name: "Di" }))).start({}).done;
    expect(again.money).toEqual({ made: 0, cached: 1, cost: 0, unpriced: 0, input: 0, output: 0 });
  });

  test("leaves no trace among a notebook's results and runs", async () => {
    const prepared = await prepare(text);
    const { state } = await ran(prepared);
    expect(await workspace.runtime.results.all(state.path)).toEqual([]);
    expect(await workspace.runtime.store.runs.list(state.path, 10)).toEqual([]);
  });

  test("says what it would send before it sends anything, behind all that costs nothing", async () => {
    const prepared = await prepare(
      notebookText(
        "inputs: { name: string }\noutputs: [second]\n",
        fence("template asked", "estimate {{ name }}"),
        fence("prompt first", "---\nmodel: openai/gpt-5-mini\n---\n{{ asked }}"),
        fence("prompt second", "---\nmodel: openai/gpt-5-mini\n---\n{{ first }}"),
      ),
    );
    workspace.sent();
    const before = await (await prepared.fork("before", await valuesOf({ name: "Ada" }))).estimate();
    expect(before).toMatchObject({ known: { calls: 1, cached: 0, unpriced: [] }, open: 1 });
    expect(before.known.cost.high).toBeGreaterThan(before.known.cost.low);
    expect(workspace.sent()).toEqual([]);
    await ran(prepared, { name: "Ada" });
    expect(await (await prepared.fork("after", await valuesOf({ name: "Ada" }))).estimate()).toMatchObject({
      known: { calls: 0, cached: 2, cost: { high: 0 } },
      open: 0,
    });
  });

  test("computes cells with another answer at every run for each caller", async () => {
    const prepared = await prepare(
      notebookText("outputs: [drawn]\n", fence("sql drawn", "select random() as x"), fence("sql same", "select 1")),
    );
    const [one, two] = [await ran(prepared), await ran(prepared)];
    expect(one.state.results.get("drawn")!.valueHash).not.toBe(two.state.results.get("drawn")!.valueHash);
  });

  test("tries again for each caller what failed when it was computed for all", async () => {
    const prepared = await prepare(
      notebookText("outputs: [n]\n", fence("data people", "---\nfile: late.csv\n---"), fence("sql n", "from people")),
    );
    expect(shown(await ran(prepared), "n")).toBe("blocked");
    await mkdir(`${workspace.folder}/datasets`);
    await writeFile(`${workspace.folder}/datasets/late.csv`, "a\n1\n");
    expect(shown(await ran(prepared), "n")).toMatchObject({ rowCount: 1 });
  });
});

describe("a field that an input decides", () => {
  const text = notebookText(
    "inputs:\n  n: { default: 2 }\n  which: { default: small }\n  name: { default: Ada }\nchoose: { size: =which }\noutputs: [said, count]\n",
    fence("data people", "name\nBo\nCy"),
    fence("sql counted", "select count(*) as n from people"),
    fence("js asked", "---\nrepeat: =n\n---\nreturn 1"),
    fence("template count", "{{ count(asked) }} {{ counted[0].n }}"),
    fence("template said", "---\nvary: { size: [small, big] }\n---\n{{ vary.size }} {{ name }}"),
  );

  test("is as each caller's inputs say, many callers at a time", async () => {
    const prepared = await prepare(text);
    const given = [{}, { n: 3 }, { n: 1, which: "big" }, { n: 3, name: "Bo" }, { n: 2 }];
    const forks = await Promise.all(given.map((inputs) => ran(prepared, inputs)));
    expect(forks.map((fork) => [shown(fork, "count"), shown(fork, "said")])).toEqual([
      ["2 2", "small Ada"],
      ["3 2", "small Ada"],
      ["1 2", "big Ada"],
      ["3 2", "small Bo"],
      ["2 2", "small Ada"],
    ]);
  });

  test("is worked out once for all callers who give the same, and what hangs on no input is shared by all", async () => {
    const prepared = await prepare(text);
    const [usual, one, two, other] = [
      await ran(prepared),
      await ran(prepared, { n: 3, name: "Bo" }),
      await ran(prepared, { n: 3, name: "Cy" }),
      await ran(prepared, { n: 4 }),
    ];
    expect(one.state.graph).toBe(two.state.graph);
    expect(other.state.graph).not.toBe(one.state.graph);
    expect(usual.state.graph).toBe(prepared.graph);
    for (const fork of [one, other]) {
      expect(fork.recorded.map(({ address }) => address)).not.toContain("counted");
      expect(fork.state.results.get("counted")).toBe(usual.state.results.get("counted"));
    }
  });

  test("is kept for the callers of late alone", async () => {
    const prepared = await prepare(text);
    const graphOf = async (n: number) => (await prepared.fork(`late ${n}`, await valuesOf({ n }))).state.graph;
    const first = await graphOf(3);
    for (let n = 4; n < 23; n += 1) await graphOf(n);
    expect(await graphOf(3)).toBe(first);
    await graphOf(23);
    expect(await graphOf(3)).toBe(first);
    for (let n = 4; n < 24; n += 1) await graphOf(n);
    expect(await graphOf(3)).not.toBe(first);
  });

  test("leaves the rows that all callers share as they are", async () => {
    const prepared = await prepare(
      notebookText(
        "inputs: { n: { default: 1 } }\noutputs: [made, much]\n",
        fence("data known", "topic\ncards\nrates"),
        fence(
          "sheet made",
          `---\nrows: known\n---\n${fence("js length", "---\nrepeat: =n\n---\nreturn row.topic.length")}`,
        ),
        fence("template much", "{{ count(made.length) }}"),
      ),
    );
    const counts = async (inputs: { readonly [name: string]: Datum }) => shown(await ran(prepared, inputs), "much");
    expect([await counts({}), await counts({ n: 3 }), await counts({}), await counts({ n: 3 })]).toEqual([
      "2",
      "6",
      "2",
      "6",
    ]);
  });
});

describe("a prepared sheet", () => {
  const text = notebookText(
    "inputs:\n  message: { type: string, default: Hi }\n  given: table\noutputs: [triage]\n",
    fence("data known", "topic\ncards\nrates"),
    fence("prompt topic", "---\nmodel: server/small\n---\nrow {{ message }}"),
    fence(
      "sheet triage",
      [
        "---\nrows: given\nwith: { message: =row.text }\ncolumns: [topic]\n---",
        fence("template up", "{{ topic }}!"),
      ].join("\n"),
    ),
  );
  const rowsOf = async ({ state }: Fork) => {
    const { value } = state.results.get("triage")!;
    if (value?.type !== "table") throw new Error("no table");
    return workspace.runtime.tables.rows(value.value, 0, 100);
  };

  test("takes each caller's rows, many callers at a time, and lets go of them", async () => {
    const prepared = await prepare(text);
    workspace.sent();
    const texts = Array.from({ length: 6 }, (_, index) => `t${index}`);
    const all = await Promise.all(texts.map((one) => ran(prepared, { given: [{ text: one }, { text: "same" }] })));
    for (const [index, fork] of all.entries())
      expect(await rowsOf(fork)).toEqual([
        [`t${index}`, `<row t${index}>`, `<row t${index}>!`],
        ["same", "<row same>", "<row same>!"],
      ]);
    expect(workspace.sent()).toEqual(["row same", ...texts.map((one) => `row ${one}`)]);
    const frames = all.map(({ state }) => state.frames.get("triage")!.frame);
    await Promise.all(all.map((fork) => fork.close()));
    for (const frame of frames)
      await expect(workspace.runtime.tables.sheets.page({ frame, from: 0, to: 1, columns: [] })).rejects.toMatchObject({
        code: "sheet.frame",
      });
  });

  test("whose rows and columns hang on no input is computed once for all", async () => {
    const prepared = await prepare(
      notebookText(
        "inputs: { limit: { type: number, default: 1 } }\noutputs: [enough]\n",
        fence("data known", "topic\ncards\nrates"),
        fence("sheet lengths", `---\nrows: known\n---\n${fence("formula n", "length(topic)")}`),
        fence("template enough", "{{ mean(lengths.n) > limit }}"),
      ),
    );
    const [one, two] = [await ran(prepared, { limit: 4 }), await ran(prepared, { limit: 6 })];
    expect([shown(one, "enough"), shown(two, "enough")]).toEqual(["true", "false"]);
    expect(two.state.frames.get("lengths")).toBe(one.state.frames.get("lengths"));
    await one.close();
    expect(shown(await ran(prepared, { limit: 1 }), "enough")).toBe("true");
  });
});
