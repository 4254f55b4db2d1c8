import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Session } from "./session.ts";
import { fence, notebookText, shown, testWorkspace, type TestWorkspace } from "./__fixtures__/test-workspace.ts";

let workspace: TestWorkspace;
beforeAll(async () => void (workspace = await testWorkspace()));
afterAll(() => workspace[Symbol.asyncDispose]());

const inputs = "inputs:\n  long: { type: boolean, default: false }\n";
const summary = fence("template summary", "---\nwhen: =long\n---\nin short");
const template = (name: string, source: string, configuration = ""): string =>
  fence(`template ${name}`, configuration === "" ? source : `---\n${configuration}\n---\n${source}`);

async function ran(...cells: readonly string[]): Promise<Session> {
  const session = await workspace.open(notebookText(inputs, ...cells));
  expect(session.diagnostics.filter(({ severity }) => severity === "error")).toEqual([]);
  await session.run({ type: "stale" }).done;
  return session;
}

/** How a cell came out: its text, or its outcome with what it is because of. */
function out(session: Session, cell: string): string {
  const { outcome, value, because } = session.shown(cell)!;
  return value?.type === "string" ? value.value : [outcome, ...because].join(" ");
}

describe("skipping travels", () => {
  test("a cell whose `when` is false is skipped, and what reads it, and what reads that", async () => {
    const session = await ran(summary, template("mail", "{{ summary }}!"), template("sent", "{{ mail }}"));
    expect(["summary", "mail", "sent"].map((cell) => out(session, cell))).toEqual(["skipped", "skipped", "skipped"]);
    await session.setInput("long", true);
    await session.run({ type: "stale" }).done;
    expect(["summary", "mail", "sent"].map((cell) => out(session, cell))).toEqual([
      "in short",
      "in short!",
      "in short!",
    ]);
  });

  test("what counts as false is what does in the language: also what is empty", async () => {
    const when = (name: string, said: string): string => fence(`template ${name}`, `---\nwhen: ${said}\n---\nran`);
    const session = await workspace.open(
      notebookText(
        "inputs: { none_yet: { type: json, default: [] }, nothing: { type: json, default: {} } }\n",
        fence("sql no_rows", "select 1 as a where false"),
        fence("sql one_row", "select 1 as a"),
        ...[when("a", "=none_yet"), when("b", "=nothing"), when("c", "=none_yet and true"), when("d", "=no_rows")],
        ...[when("e", '=""'), when("f", "=0.0"), when("g", "=one_row"), when("h", "=[0]")],
        fence("sheet s", `---\nrows: one_row\nwhen: =no_rows\n---\n${fence("template i", "ran")}`),
      ),
    );
    await session.run({ type: "stale" }).done;
    const outcomes = Object.groupBy([..."abcdefgh", "s"], (cell) => session.shown(cell)?.outcome ?? "nothing");
    expect(outcomes).toEqual({ skipped: ["a", "b", "c", "d", "e", "f", "s"], ok: ["g", "h"] });
  });

  test("unless it is read through `or`, `default`, `is skipped` or `first`, or is `optional` and then null", async () => {
    const session = await ran(
      summary,
      template("by_or", "{{ summary or 'none' }}"),
      template("by_default", "{{ summary | default('none') }}"),
      template("by_test", "{% if summary is skipped %}none{% else %}{{ summary }}{% endif %}"),
      template("full", "in full"),
      template("by_first", "{{ first(summary, full) }}"),
      template("by_optional", "{{ summary is none }}", "optional: [summary]"),
    );
    expect(["by_or", "by_default", "by_test", "by_first", "by_optional"].map((cell) => out(session, cell))).toEqual([
      "none",
      "none",
      "none",
      "in full",
      "true",
    ]);
  });

  test("`optional` takes the plain name of what is read at a label, and of what a formula reads from outside its sheet", async () => {
    const session = await ran(
      template("one", "hi {{ vary.n }}", "vary: { n: [1, 2] }\nwhen: =vary.n == 1"),
      template("there", "[{{ one.at(n=1) }}{{ one.at(n=2) is none }}]", "optional: one"),
      summary,
      fence("data people", "id\n1"),
      fence(
        "sheet everyone",
        `---\nrows: people\n---\n${fence("formula told", "---\noptional: summary\n---\ncoalesce($summary, 'none')")}`,
      ),
      fence("sql lines", "select told from everyone"),
    );
    const value = session.shown("lines")!.value;
    expect(out(session, "there")).toBe("[hi 1true]");
    expect(value?.type === "table" && value.value.rows).toEqual([["none"]]);
  });

  test("in the rows of a sheet it is decided for each row", async () => {
    const session = await ran(
      fence("data people", "---\nkey: id\n---\nid,old\n1,true\n2,false\n3,true"),
      fence(
        "sheet everyone",
        [
          "---\nrows: people\n---",
          template("greeting", "Dear {{ row.id }}", "when: =row.old"),
          template("line", "{{ greeting }}!"),
          template("either", "{{ greeting or 'Hi' }}"),
        ].join("\n"),
      ),
      fence("sql lines", "select id, greeting, line, either from everyone"),
    );
    const { columns } = (await session.sheetFreshness("everyone", { exact: true }))!;
    expect([columns["greeting"]![0]!.outcomes, columns["line"]![0]!.outcomes]).toEqual([
      { ok: 2, skipped: 1 },
      { ok: 2, skipped: 1 },
    ]);
    const value = session.shown("lines")!.value;
    expect(value?.type === "table" && value.value.rows!.map((row) => row.slice(1))).toEqual([
      ["Dear 1", "Dear 1!", "Dear 1"],
      [null, null, "Hi"],
      ["Dear 3", "Dear 3!", "Dear 3"],
    ]);
  });

  test("repeats that are made one value are skipped together, and leave out those that are skipped alone", async () => {
    const repeated = (name: string, when: string): string =>
      template(name, "{{ vary.repeat }}", `when: =${when}\nrepeat: 3\nreduce: majority`);
    const session = await ran(
      repeated("nobody", "long"),
      template("mail", "{{ nobody }}!"),
      template("either", "{{ nobody or 'nothing' }}"),
      fence("score right", "---\noutput: =nobody\nexpected: '1'\n---\n- equals"),
      repeated("later", "vary.repeat > 1"),
    );
    expect(["nobody", "mail", "either", "right", "later"].map((cell) => out(session, cell))).toEqual([
      "skipped",
      "skipped",
      "nothing",
      "skipped",
      "2",
    ]);
    await session.setInput("long", true);
    await session.run({ type: "stale" }).done;
    expect(["nobody", "mail"].map((cell) => out(session, cell))).toEqual(["1", "1!"]);
  });

  test("in rows too: what is skipped in all of its repeats counts for no mean", async () => {
    const session = await ran(
      fence("data people", "---\nkey: id\n---\nid,old\n1,true\n2,false\n3,true"),
      fence(
        "sheet everyone",
        `---\nrows: people\n---\n${fence("js age", "---\nwhen: =row.old\nrepeat: 2\nreduce: mean\n---\nreturn 80")}`,
      ),
      template("told", "{{ mean(everyone.age) }}"),
    );
    const { columns } = (await session.sheetFreshness("everyone", { exact: true }))!;
    expect(columns["age"]![0]!.outcomes).toEqual({ ok: 2, skipped: 1 });
    expect(out(session, "told")).toBe("80");
  });
});

test("a name that is nowhere is undefined for what looks whether it is, and a warning", async () => {
  const session = await workspace.open(
    notebookText(
      "",
      fence("template looked", "{{ nosuch | default('none') }} {{ nosuch is defined }}"),
      fence("template blind", "{{ nosuch }}"),
    ),
  );
  await session.run({ type: "stale" }).done;
  expect(shown(session, "looked")).toBe("none false");
  const said = session.diagnostics.map(({ severity, cell, message }) => `${severity} ${cell}: ${message}`);
  expect([...new Set(said)]).toEqual([
    "warning looked: there is no input or cell `nosuch`",
    "error blind: there is no input or cell `nosuch`",
  ]);
});

test("a name in `optional` that the cell does not read is a warning at its place", async () => {
  const session = await ran(summary, template("mail", "{{ summary }}", "optional: [summary, sumary]"));
  expect(session.diagnostics).toMatchObject([
    {
      severity: "warning",
      code: "graph.unread-optional",
      cell: "mail",
      message: "`optional` lists `sumary`, and `mail` does not read it",
      cure: "Did you mean `summary`?",
      position: { line: 16, column: 21 },
    },
  ]);
});

test("an input without a value is an error of what reads it, at the input, and told before", async () => {
  const text = notebookText(
    "inputs:\n  q: string\n  unread: string\n",
    template("ask", "{{ q }}"),
    template("mail", "{{ ask }}"),
  );
  const session = await workspace.open(text);
  const missing = {
    code: "input.missing",
    message: "the input `q` has no value",
    cure: "Give `--set q=…`, or a default in the front matter.",
    position: { line: 4, column: 3 },
  };
  expect(session.diagnostics).toMatchObject([{ severity: "warning", ...missing }]);
  await session.run({ type: "stale" }).done;
  expect(session.shown("ask")).toMatchObject({ outcome: "error", error: missing });
  expect(out(session, "mail")).toBe("blocked ask");
  await session.setInput("q", "why");
  await session.run({ type: "stale" }).done;
  expect([out(session, "mail"), session.diagnostics]).toEqual(["why", []]);
});

describe("errors", () => {
  const broken = fence("js broken", "throw new Error('no luck')");

  test("block what reads them, with the names; the rest runs", async () => {
    const session = await ran(
      broken,
      template("mail", "{{ broken }}"),
      template("sent", "{{ mail }}"),
      template("other", "fine"),
    );
    expect(["broken", "mail", "sent", "other"].map((cell) => out(session, cell))).toEqual([
      "error",
      "blocked broken",
      "blocked mail",
      "fine",
    ]);
    expect(session.shown("mail")!.error).toMatchObject({
      code: "cell.blocked-by-error",
      message: "blocked by `broken`",
    });
  });

  test("block also what lists them in `optional`: that is for what is skipped", async () => {
    const session = await ran(
      broken,
      template("mail", "{{ broken }}", "optional: [broken]"),
      template("sent", "{{ mail }}", "optional: mail"),
    );
    expect([out(session, "mail"), out(session, "sent")]).toEqual(["blocked broken", "blocked mail"]);
  });

  test("are values for readers where the cell has `continue_on_error`", async () => {
    const session = await ran(
      broken.replace("\nthrow", "\n---\ncontinue_on_error: true\n---\nthrow"),
      template("mail", "{{ broken.message }}"),
    );
    expect([out(session, "broken"), out(session, "mail")]).toEqual(["error", "Error: no luck"]);
  });

  test("in a row block that row alone", async () => {
    const session = await ran(
      fence("data people", "---\nkey: id\n---\nid\n1\n2\n3"),
      fence(
        "sheet everyone",
        [
          "---\nrows: people\n---",
          fence("js odd", "if (row.id === 2) throw new Error('even'); return row.id"),
          template("line", "{{ odd }}"),
        ].join("\n"),
      ),
    );
    const states = (await session.rowStates("everyone", 0, 3))!;
    expect(states["line"]!.map(({ outcome }) => outcome)).toEqual(["ok", "blocked", "ok"]);
  });

  test("a cycle and a name given twice are reported on their cells, and the rest runs", async () => {
    const session = await workspace.open(
      notebookText(
        "",
        template("one", "{{ two }}"),
        template("two", "{{ one }}"),
        template("twice", "a"),
        template("twice", "b"),
        template("fine", "fine"),
      ),
    );
    await session.run({ type: "stale" }).done;
    expect([...new Set(session.diagnostics.map(({ cell }) => cell))].toSorted()).toEqual(["one", "twice", "two"]);
    expect(out(session, "fine")).toBe("fine");
  });
});
