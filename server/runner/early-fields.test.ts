import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Session } from "./session.ts";
import { fence, notebookText, shown, testWorkspace, type TestWorkspace } from "./__fixtures__/test-workspace.ts";

let workspace: TestWorkspace;
beforeAll(async () => void (workspace = await testWorkspace()));
afterAll(() => workspace[Symbol.asyncDispose]());

const inputs = "inputs:\n  n: { default: 2 }\n  word: { default: dry }\n";
const asked = (settings: string): string =>
  fence("prompt asked", `---\nmodel: server/small\n${settings}\n---\nsay {{ word }}`);

const states = (session: Session): { readonly [address: string]: string } =>
  Object.fromEntries([...session.freshness()].map(([address, { state }]) => [address, state]));

const run = (session: Session) => session.run({ type: "stale" }).done;

describe("a field that an input decides", () => {
  test("is read with the input as it is when the notebook is opened, and anew when that is set", async () => {
    const session = await workspace.open(notebookText(inputs, asked("repeat: =n")), { inputs: { n: 1 } });
    expect(Object.keys(states(session))).toEqual(["asked{repeat=1}"]);
    await session.setInput("n", 3);
    expect(Object.keys(states(session))).toEqual(["asked{repeat=1}", "asked{repeat=2}", "asked{repeat=3}"]);
  });

  test("is not read anew for another input, or the same value", async () => {
    const session = await workspace.open(notebookText(inputs, asked("repeat: =n")));
    const { graph } = session.state;
    await session.setInput("word", "warm");
    await session.setInput("n", 2);
    expect(session.state.graph).toBe(graph);
  });

  test("makes nothing stale beyond what it comes to", async () => {
    const session = await workspace.open(notebookText(inputs, asked("repeat: =n\ntitle: =word ~ n")));
    await run(session);
    expect(workspace.sent()).toHaveLength(2);
    await session.setInput("n", 3);
    expect(states(session)).toEqual({
      "asked{repeat=1}": "current",
      "asked{repeat=2}": "current",
      "asked{repeat=3}": "never",
    });
    await run(session);
    expect(workspace.sent()).toHaveLength(1);
    await session.setInput("n", 1);
    expect(states(session)).toEqual({ "asked{repeat=1}": "current" });
  });

  test("follows what is given while the text changes, and a rename of the input", async () => {
    const session = await workspace.open(notebookText(inputs, asked("repeat: =n")));
    await session.setInput("n", 1);
    await session.setText(notebookText(inputs.replace("n:", "many:"), asked("repeat: =many")), [
      { cell: "n", to: "many" },
    ]);
    expect(Object.keys(states(session))).toEqual(["asked{repeat=1}"]);
  });

  test("keeps its cell from being computed until the input has a value, and says so", async () => {
    const text = notebookText(
      "inputs: { n: number }\n",
      fence("template line", "---\nrepeat: =n\n---\nx"),
      fence("template reader", "{{ line }}"),
    );
    const session = await workspace.open(text);
    expect(session.diagnostics).toContainEqual(
      expect.objectContaining({
        severity: "warning",
        code: "input.missing",
        cell: "line",
        message: "`repeat` goes by the input `n`, which has no value",
      }),
    );
    await run(session);
    expect(session.state.graph.nodes.get("line")!.blocked).toMatchObject({ code: "input.missing" });
    expect(session.state.results.get("reader")).toMatchObject({ outcome: "blocked" });
    await session.setInput("n", 2);
    await run(session);
    expect(session.diagnostics).toEqual([]);
    expect(states(session)).toEqual({
      "line{repeat=1}": "current",
      "line{repeat=2}": "current",
      "reader{repeat=1}": "current",
      "reader{repeat=2}": "current",
    });
  });

  test("makes one value of as many repeats as it comes to", async () => {
    const counted = fence("js counted", "---\nrepeat: =n\nreduce: mean\n---\nreturn 1");
    const session = await workspace.open(notebookText(inputs, counted));
    await session.setInput("n", 4);
    await run(session);
    expect(session.state.graph.nodes.get("counted#each")!.axes[0]!.labels).toHaveLength(4);
    expect(shown(session, "counted")).toBe(1);
  });

  test("that names cells is held to those there are, at its place", async () => {
    const session = await workspace.open(
      notebookText(
        "inputs: { before: { type: json, default: [first, nobody] } }\n",
        fence("template first", "x"),
        fence("template last", "---\nafter: =before\n---\ny"),
      ),
    );
    expect(session.state.graph.nodes.get("last")!.reads).toMatchObject([{ type: "after", node: "first" }]);
    expect(session.diagnostics).toMatchObject([
      { message: "there is no input or cell `nobody`", position: { line: 12, column: 8 } },
    ]);
  });

  test("of the front matter is what its cells go by", async () => {
    const text = notebookText(
      "inputs: { which: { default: '1' }, model: { default: server/small } }\nmodels: { mine: =model }\nchoose: { k: =which }\n",
      fence("prompt asked", "---\nmodel: mine\nvary: { k: [1, 2] }\n---\nk {{ vary.k }}"),
    );
    const session = await workspace.open(text);
    await session.setInput("which", "2");
    await run(session);
    expect(shown(session, "asked")).toBe("<k 2>");
  });
});

describe("in a sheet", () => {
  const rows = fence("data people", "id,name\n1,Ada\n2,Bo");

  test("a field goes by the notebook's input where the rows bind it, and that is told at its place", async () => {
    const session = await workspace.open(
      notebookText(
        inputs,
        rows,
        fence("template outer", "---\nrepeat: =n\n---\n{{ word }}"),
        `\`\`\`\`sheet triage\n---\nrows: people\nwith: { n: =row.id, word: =row.name }\ncolumns: [outer]\n---\n${fence("template inner", "---\ncache: =word\n---\n{{ row.name }}")}\n\`\`\`\``,
      ),
      { inputs: { word: "never" } },
    );
    expect(session.diagnostics).toMatchObject([
      {
        severity: "warning",
        cell: "outer",
        code: "sheet.early-field",
        position: { line: 16, column: 9 },
        message:
          "`repeat` of `outer` is read before there are rows: it goes by the notebook's `n`, whatever `triage` binds it to",
      },
      { severity: "warning", cell: "inner", message: expect.stringContaining("`cache` of `inner`") },
    ]);
    expect(session.state.graph.nodes.get("triage.outer")!.axes[0]!.labels).toEqual(["1", "2"]);
  });

  test("rows are told apart by the column that an input names", async () => {
    const sheet = (key: string): string =>
      `\`\`\`\`sheet triage\n---\nrows: people\nkey: ${key}\n---\n${fence("template inner", "{{ row.name }}")}\n\`\`\`\``;
    const session = await workspace.open(notebookText("inputs: { column: string }\n", rows, sheet("=column")));
    await run(session);
    expect(session.state.graph.nodes.get("triage.inner")!.blocked).toMatchObject({ code: "input.missing" });
    await session.setInput("column", "id");
    await run(session);
    expect(session.state.graph.sheets.get("triage")).toMatchObject({ key: "id" });
    expect((await session.sheetCell("triage", "1", "inner"))?.value).toEqual({ type: "string", value: "Ada" });
  });
});
