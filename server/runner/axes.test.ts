import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { fence, fresh, notebookText, shown, testWorkspace, type TestWorkspace } from "./__fixtures__/test-workspace.ts";

let workspace: TestWorkspace;
beforeAll(async () => void (workspace = await testWorkspace()));
afterAll(() => workspace[Symbol.asyncDispose]());

const inputs = "inputs:\n  name: { type: string, default: Ada }\n";
const prompt = (name: string, source: string, configuration = "model: server/small"): string =>
  fence(`prompt ${name}`, `---\n${configuration}\n---\n${source}`);

describe("axes", () => {
  test("a cell that reads a cell with variants has them too, so a whole chain is compared", async () => {
    const session = await workspace.open(
      notebookText(
        `${inputs}choose: { tone: cold }\n`,
        prompt(
          "greeting",
          "a {{ vary.tone }} {{ name }}",
          "model: server/small\nvary: { tone: [warm, cold], n: [1, 2] }",
        ),
        fence("template letter", "{{ greeting }}!"),
        fence("template warm_two", '{{ letter.at(tone="warm", n=2) }}'),
      ),
    );
    workspace.sent();
    await session.run({ type: "stale" }).done;
    // `n` is not read, so its labels make equal requests.
    expect(workspace.sent()).toEqual(["a cold Ada", "a warm Ada"]);
    expect([...session.state.results.keys()].filter((address) => address.startsWith("letter"))).toEqual([
      "letter{n=1,tone=warm}",
      "letter{n=2,tone=warm}",
      "letter{n=1,tone=cold}",
      "letter{n=2,tone=cold}",
    ]);
    expect([shown(session, "letter"), shown(session, "warm_two")]).toEqual(["<a cold Ada>!", "<a warm Ada>!"]);
  });

  test("choosing another variant computes nothing, and what reads at its own label stays", async () => {
    const text = (choice: string): string =>
      notebookText(
        `choose: { tone: ${choice} }\n`,
        fence("template greeting", "---\nvary: { tone: [warm, cold] }\n---\n{{ vary.tone }}"),
      );
    const session = await workspace.open(text("warm"));
    await session.run({ type: "stale" }).done;
    expect(shown(session, "greeting")).toBe("warm");
    await session.setText(text("cold"));
    expect([shown(session, "greeting"), fresh(session, "greeting{tone=cold}")]).toEqual(["cold", "current"]);
  });

  test("a label that is added is computed alone, and the others stay", async () => {
    const text = (labels: string): string =>
      notebookText("", prompt("greeting", "b {{ vary.tone }}", `model: server/small\nvary: { tone: [${labels}] }`));
    const session = await workspace.open(text("warm, cold"));
    await session.run({ type: "stale" }).done;
    workspace.sent();
    await session.setText(text("cold, dry, warm"));
    expect(fresh(session, "greeting{tone=warm}")).toBe("current");
    await session.run({ type: "stale" }).done;
    expect(workspace.sent()).toEqual(["b dry"]);
  });

  test("a cell may read another at its own label and all of its results under an aggregate, and hangs on both", async () => {
    const text = (values: string): string =>
      notebookText(
        "",
        fence("js size", `---\nvary: { n: [1, 2] }\n---\nreturn ${values}[vary.n - 1]`),
        fence("template share", "{{ size }} of {{ sum(size) }}, {{ sum(size.at(n=2)) }}, {{ size.at(n=2) }}"),
        fence("test gate", "sum(size) == 4\nsize < sum(size)"),
        fence("data rows", "id\n1"),
        fence("sheet every", ["---\nrows: rows\n---", fence("template own", "{{ size }}/{{ sum(size) }}")].join("\n")),
        fence("template long", "{{ every.own | map(attribute='own') | join(' ') }}"),
      );
    const session = await workspace.open(text("[1, 3]"));
    expect(session.diagnostics).toEqual([]);
    await session.run({ type: "stale" }).done;
    const value = (address: string): unknown => session.state.results.get(address)?.value;
    expect(value("share{n=1}")).toEqual({ type: "string", value: "1 of 4, 3, 3" });
    expect(value("share{n=2}")).toEqual({ type: "string", value: "3 of 4, 3, 3" });
    expect(value("gate{n=1}")).toMatchObject({ value: { verdict: "pass" } });
    expect(value("long")).toEqual({ type: "string", value: "1/4 3/4" });
    await session.setText(text("[1, 5]"));
    await session.run({ type: "cells", cells: ["size"] }).done;
    expect(fresh(session, "share{n=1}")).toBe("stale: all(size), all(size{n=2}), size{n=2}");
    await session.run({ type: "stale" }).done;
    expect([value("share{n=1}"), value("long")]).toEqual([
      { type: "string", value: "1 of 6, 5, 5" },
      { type: "string", value: "1/6 5/6" },
    ]);
  });

  test("wordings of one cell are variants on the axis `prompt`, each with its own text", async () => {
    const text = (long: string): string =>
      notebookText("", prompt("greeting.short", "c short"), fence("prompt greeting.long", long));
    const session = await workspace.open(text("c long"));
    workspace.sent();
    await session.run({ type: "stale" }).done;
    expect(workspace.sent()).toEqual(["c long", "c short"]);
    await session.setText(text("c longer"));
    expect([fresh(session, "greeting{prompt=short}"), fresh(session, "greeting{prompt=long}")]).toEqual([
      "current",
      "stale: source",
    ]);
  });

  test("models are compared on the axis `model`; the model that answered is a fact of the result", async () => {
    const session = await workspace.open(
      notebookText(
        "models:\n  small: server/small\n  big: { model: openai/gpt-5-mini, temperature: 0 }\n",
        prompt("greeting", "d", "models: [small, big]"),
      ),
    );
    await session.run({ type: "stale" }).done;
    const model = (label: string): unknown => session.state.results.get(`greeting{model=${label}}`)!.calls[0]!.model;
    expect([model("small"), model("big")]).toEqual(["small", "gpt-5-mini"]);
  });
});

describe("repeats", () => {
  test("`repeat: n` asks n times, each a call of its own, and `reduce` makes one value of them", async () => {
    let count = 0;
    workspace.script = () => ["yes", "no", "yes"][(count += 1) - 1]!;
    const session = await workspace.open(
      notebookText(
        "",
        prompt("answer", "e", "model: server/small\nrepeat: 3\nreduce: majority"),
        fence("template said", "{{ answer }}"),
      ),
    );
    workspace.sent();
    expect((await session.run({ type: "stale" }).done).money).toMatchObject({ made: 3, cached: 0 });
    expect([workspace.sent(), shown(session, "said")]).toEqual([["e", "e", "e"], "yes"]);
    await session.run({ type: "all" }).done;
    expect(workspace.sent()).toEqual([]);
    workspace.script = null;
  });

  test("without `reduce` they are a dimension, and readers have it", async () => {
    const session = await workspace.open(
      notebookText(
        "",
        prompt("answer", "f", "model: server/small\nrepeat: 2"),
        fence("template said", "{{ answer }}!"),
      ),
    );
    await session.run({ type: "stale" }).done;
    // Answers come in any order.
    expect([...session.state.results.keys()].toSorted()).toEqual([
      "answer{repeat=1}",
      "answer{repeat=2}",
      "said{repeat=1}",
      "said{repeat=2}",
    ]);
  });
});

describe("binding in a sheet", () => {
  test("what a row binds is substituted in every outer cell it computes; what does not depend on it is computed once and shared", async () => {
    const session = await workspace.open(
      notebookText(
        inputs,
        fence("data people", "---\nkey: who\n---\nwho\nBo\nCy"),
        prompt("tone", "g tone"),
        prompt("greeting", "g {{ tone }} {{ name }}"),
        fence("template letter", "{{ greeting }}!"),
        fence("sheet mail", '---\nrows: people\nwith: { name: =row.who | upper + "!" }\ncolumns: [letter]\n---'),
      ),
    );
    workspace.sent();
    await session.run({ type: "stale" }).done;
    expect(workspace.sent()).toEqual(["g <g tone> Ada", "g <g tone> BO!", "g <g tone> CY!", "g tone"]);
    expect(shown(session, "letter")).toBe("<g <g tone> Ada>!");
    const table = session.shown("mail")!.value;
    expect(table?.type === "table" && table.value.rows).toEqual([
      ["Bo", "<g <g tone> BO!>!"],
      ["Cy", "<g <g tone> CY!>!"],
    ]);
    await session.setInput("name", "Eve");
    expect((await session.sheetFreshness("mail", { exact: true }))!.columns["letter"]).toMatchObject([
      { counts: { current: 2 } },
    ]);
  });

  test("`from sheet.cell` is a record an address with its axes, so that no join inflates n", async () => {
    const session = await workspace.open(
      notebookText(
        inputs,
        fence("data people", "---\nkey: who\n---\nwho\nBo\nCy"),
        prompt("greeting", "h {{ vary.n }} {{ name }}", "model: server/small\nvary: { n: [1, 2, 3] }"),
        fence("sheet mail", "---\nrows: people\nwith: { name: =row.who }\ncolumns: [greeting]\n---"),
        fence("sql counted", "select n, count(*) as answers from mail.greeting group by all order by n"),
      ),
    );
    await session.run({ type: "stale" }).done;
    const table = session.shown("counted")!.value;
    expect(table?.type === "table" && table.value.rows!.map((row) => row.map(Number))).toEqual([
      [1, 2],
      [2, 2],
      [3, 2],
    ]);
  });
});
