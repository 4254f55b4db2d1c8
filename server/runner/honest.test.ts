import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { TestLine } from "#server/notebook/value.ts";
import type { Session } from "./session.ts";
import { fence, fresh, notebookText, testWorkspace, type TestWorkspace } from "./__fixtures__/test-workspace.ts";

let workspace: TestWorkspace;
beforeAll(async () => void (workspace = await testWorkspace()));
afterAll(() => workspace[Symbol.asyncDispose]());

const inputs = "inputs:\n  message: { type: string, default: Hi }\n";
const data = (rows: readonly string[], configuration = ""): string =>
  fence(
    "data tickets",
    [...(configuration === "" ? [] : ["---", configuration, "---"]), "id,text", ...rows].join("\n"),
  );
const triage = (configuration = ""): string =>
  fence(
    "sheet triage",
    [
      `---\nrows: tickets\nwith: { message: =row.text }\ncolumns: [topic]\n${configuration}---`,
      fence("score correct", "---\noutput: =topic\n---\n- contains: good"),
    ].join("\n"),
  );
const topic = fence(
  "prompt topic",
  "---\nmodel: server/small\nvary: { tone: [warm, cold] }\n---\n{{ vary.tone }} {{ message }}",
);

function line(session: Session, index = 0): TestLine {
  const value = session.shown("gate")?.value;
  if (value?.type !== "test") throw new Error("the test has no verdict");
  return value.value.lines[index]!;
}

describe("aggregates are honest", () => {
  const text = notebookText(
    inputs,
    data(["1,good", "2,bad", "3,good", "4,broken"]),
    topic,
    triage(),
    fence(
      "test gate",
      [
        'mean(triage.correct.at(tone="warm")) >= 0.5',
        "mean(triage.correct) >= 0.9",
        'count(triage.correct.at(tone="cold")) == 4',
      ].join("\n"),
    ),
  );

  test("they print n of N with errors, and name the dimensions they remove", async () => {
    workspace.script = (prompt) =>
      prompt.endsWith("broken") ? { text: "overloaded", status: 400 } : prompt.split(" ")[1]!;
    const session = await workspace.open(text);
    await session.run({ type: "stale" }).done;
    // A score of what failed is blocked by that: it counts as an error, and the test decides.
    expect(line(session, 0)).toMatchObject({
      verdict: "pass",
      sides: ["0.6667 (n 3 of 4, 1 error, over 4 rows of triage)", "0.5"],
    });
    expect(line(session, 1)).toMatchObject({
      verdict: "fail",
      sides: ["0.6667 (n 6 of 8, 2 errors, over 4 rows of triage × 2 labels of tone)", "0.9"],
    });
    expect(line(session, 2)).toMatchObject({
      verdict: "fail",
      sides: ["3 (n 3 of 4, 1 error, over 4 rows of triage)", "4"],
    });
    workspace.script = (prompt) => prompt.split(" ")[1]!;
    await session.run({ type: "stale" }, { everySheet: { type: "failed" } }).done;
    await session.run({ type: "stale" }).done;
    expect(line(session, 0)).toMatchObject({
      verdict: "pass",
      sides: ["0.5 (n 4 of 4, over 4 rows of triage)", "0.5"],
    });
    expect(line(session, 1).verdict).toBe("fail");
    workspace.script = null;
  });

  test("they see current and locked results only, and a test is open until everything it covers is settled", async () => {
    workspace.script = (prompt) => prompt.split(" ")[1]!;
    const session = await workspace.open(text.replace("4,broken", "4,fine"));
    await session.run({ type: "stale" }, { everySheet: { type: "first", count: 2 } }).done;
    expect(line(session, 0)).toMatchObject({
      verdict: "open",
      sides: ["0.5 (n 2 of 4, over 4 rows of triage)", "0.5"],
    });
    await session.run({ type: "stale" }).done;
    expect(line(session, 0)).toMatchObject({
      verdict: "pass",
      sides: ["0.5 (n 4 of 4, over 4 rows of triage)", "0.5"],
    });
    expect(line(session, 2)).toMatchObject({ verdict: "pass", sides: ["4 (n 4 of 4, over 4 rows of triage)", "4"] });

    // Of the new wording only one row is run; the locked one counts, the stale ones do not.
    await session.note({ address: "triage.correct{tone=warm,triage=nowhere}", type: "comment", text: "?" });
    const [, , third] = (await session.rowStates("triage", 0, 4))!["correct"]!.filter(
      ({ at }) => at["tone"] === "warm",
    );
    await session.note({ address: `triage.correct{tone=warm,triage=${third!.row}}`, type: "locked" });
    await session.setText(text.replace("4,broken", "4,fine").replace("- contains: good", "- contains: goo"));
    await session.run({ type: "stale" }, { everySheet: { type: "first", count: 1 } }).done;
    expect(line(session, 0)).toMatchObject({ verdict: "open", sides: ["1 (n 2 of 4, over 4 rows of triage)", "0.5"] });
    workspace.script = null;
  });

  test("over cells outside sheets they say the same", async () => {
    const session = await workspace.open(
      notebookText(
        "",
        fence("js size", "---\nvary: { n: [1, 2, 3] }\n---\nif (vary.n === 3) throw new Error('three'); return vary.n"),
        fence("test gate", "mean(size) > 1\ncount(size) == 2"),
      ),
    );
    await session.run({ type: "stale" }).done;
    expect(line(session)).toMatchObject({
      verdict: "pass",
      sides: ["1.5 (n 2 of 3, 1 error, over 3 labels of n)", "1"],
    });
    expect(line(session, 1)).toMatchObject({
      verdict: "pass",
      sides: ["2 (n 2 of 3, 1 error, over 3 labels of n)", "2"],
    });
  });

  test("an object with a `score` is no number, in a sheet and outside: its field is", async () => {
    const session = await workspace.open(
      notebookText(
        "",
        fence("data tickets", "id\n1\n2"),
        fence("sheet whole", `---\nrows: tickets\n---\n${fence("js judged", "return { score: row.id }")}`),
        fence("js marked", "---\nvary: { n: [1, 2] }\n---\nreturn { score: vary.n }"),
        fence(
          "test gate",
          "mean(whole.judged) == null\nmean(marked) == null\nmean(whole.judged.score) == mean(marked.score)",
        ),
      ),
    );
    await session.run({ type: "stale" }).done;
    expect([0, 1].map((index) => line(session, index).sides[0])).toEqual([
      "nothing (n 0 of 2, 2 unscored, over 2 rows of whole)",
      "nothing (n 0 of 2, 2 unscored, over 2 labels of n)",
    ]);
    expect(line(session, 2)).toMatchObject({
      verdict: "pass",
      sides: ["1.5 (n 2 of 2, over 2 rows of whole)", "1.5 (n 2 of 2, over 2 labels of n)"],
    });
  });

  test("`count` counts what is not null, texts too, in a sheet and outside", async () => {
    const values = "return [null, 'a', 'b'][n] ?? null";
    const session = await workspace.open(
      notebookText(
        "",
        fence("js word", `---\nvary: { n: [0, 1, 2] }\n---\nconst n = vary.n; ${values}`),
        fence("data rows", "n\n0\n1\n2\n3"),
        fence(
          "sheet whole",
          ["---\nrows: rows\n---", fence("js said", `---\nwhen: =row.n < 3\n---\nconst n = row.n; ${values}`)].join(
            "\n",
          ),
        ),
        fence("test gate", "count(word) == 2\ncount(whole.said) == 2\nmean(whole.said) is none"),
      ),
    );
    await session.run({ type: "stale" }).done;
    expect([0, 1, 2].map((index) => line(session, index))).toMatchObject([
      { verdict: "pass", sides: ["2 (n 2 of 3, 1 null, over 3 labels of n)", "2"] },
      { verdict: "pass", sides: ["2 (n 2 of 4, 1 skipped, 1 null, over 4 rows of whole)", "2"] },
      { verdict: "pass", sides: ["true (n 0 of 4, 1 skipped, 3 unscored, over 4 rows of whole)"] },
    ]);
  });

  test("a test that reads a sheet as a table is open until what it reads of its columns is settled, directly or through other cells", async () => {
    const session = await workspace.open(
      notebookText(
        "",
        data(["1,one", "2,two", "3,three"], "key: id"),
        fence(
          "sheet asked",
          [
            "---\nrows: tickets\n---",
            fence("prompt answer", "---\nmodel: server/small\n---\nAsked {{ row.text }}"),
            fence("score right", "---\noutput: =answer\n---\n- contains: o"),
          ].join("\n"),
        ),
        fence("sql told", "select count(*) as n from asked"),
        fence("template said", "{{ mean(asked.right) }}"),
        fence(
          "test gate",
          [
            'asked | selectattr("right") | list | length == 1',
            "asked[0].right.pass",
            "asked | length == 3",
            'asked | map(attribute="id") | list == [1, 2, 3]',
            "told[0].n == 3",
            'said == "1"',
            "asked[:2] | last is defined",
          ].join("\n"),
        ),
      ),
    );
    const verdicts = (): readonly string[] => [0, 1, 2, 3, 4, 5, 6].map((index) => line(session, index).verdict);
    workspace.script = () => "so";
    await session.run({ type: "stale" }, { everySheet: { type: "first", count: 1 } }).done;
    expect(verdicts()).toEqual(["open", "open", "pass", "pass", "open", "open", "pass"]);
    expect(line(session)).toMatchObject({
      sides: ["1 (n 1 of 3, over 3 rows of asked)", "1"],
      reason: "2 of 3 results of `asked.right` are not settled",
    });
    expect(line(session, 4).reason).toBe("2 of 3 results of `asked.answer` are not settled");
    expect([fresh(session, "asked"), fresh(session, "gate")]).toEqual(["stale: answer, right", "stale: told, said"]);
    await session.run({ type: "stale" }).done;
    workspace.script = null;
    expect(verdicts()).toEqual(["fail", "pass", "pass", "pass", "pass", "pass", "pass"]);
    expect(line(session).sides).toEqual(["3 (n 3 of 3, over 3 rows of asked)", "1"]);
    expect(fresh(session, "gate")).toBe("current");
  });

  test("a test that reads a sheet as a table says how many errors there are, and looks again when the rest comes out as nothing", async () => {
    const session = await workspace.open(
      notebookText(
        "",
        data(["1,one", "2,two"], "key: id"),
        fence(
          "sheet asked",
          [
            "---\nrows: tickets\n---",
            fence("js word", "if (row.id === 2) throw new Error('two'); return row.text"),
          ].join("\n"),
        ),
        fence("test gate", 'asked | selectattr("word") | list | length == 1'),
      ),
    );
    await session.run({ type: "stale" }, { everySheet: { type: "first", count: 1 } }).done;
    expect(line(session).verdict).toBe("open");
    await session.run({ type: "stale" }).done;
    expect(line(session)).toMatchObject({
      verdict: "pass",
      sides: ["1 (n 1 of 2, 1 error, over 2 rows of asked)", "1"],
    });
  });

  test("a test of a sheet's rows runs by itself, whatever of its columns was never run", async () => {
    const gates = [
      "asked | length == 2",
      'asked | map(attribute="answer") | list == ["a", "b"]',
      'asked | map(attribute="costly") | list | length == 2',
    ];
    const session = await workspace.open(
      notebookText(
        "",
        fence("data tickets", "---\nkey: id\n---\nid,text\n1,a\n2,b"),
        fence(
          "sheet asked",
          [
            "---\nrows: tickets\n---",
            fence("js answer", "return row.text"),
            fence("prompt costly", "---\nmodel: server/small\n---\nX {{ row.text }}"),
          ].join("\n"),
        ),
        fence("test gate", gates.join("\n")),
      ),
    );
    session.trust();
    await session.settle();
    const verdicts = () => gates.map((_, index) => line(session, index).verdict);
    expect([verdicts(), fresh(session, "gate")]).toEqual([["pass", "pass", "open"], "current"]);
    await session.run({ type: "cells", cells: ["asked.costly"] }).done;
    await session.settle();
    expect([verdicts(), fresh(session, "gate")]).toEqual([["pass", "pass", "pass"], "current"]);
  });

  test("a test is closed by a value that a person gave, and by SQL over a sheet that has no rows", async () => {
    const session = await workspace.open(
      notebookText(
        "",
        fence("data tickets", "id\n1\n2"),
        fence("sql few", "from tickets where id > 5"),
        fence("sheet asked", `---\nrows: tickets\n---\n${fence("js answer", "return row.id")}`),
        fence("sheet empty", `---\nrows: few\n---\n${fence("js reply", "return row.id")}`),
        fence("sql told", "select count(answer)::int as n from asked"),
        fence("sql nothing", "select count(*)::int as n from empty"),
        fence("template said", "{{ told[0].n }}"),
        fence("test gate", 'said == "fixed"\nnothing[0].n == 0'),
      ),
    );
    session.trust();
    await session.run({ type: "stale" }, { everySheet: { type: "first", count: 1 } }).done;
    expect([0, 1].map((index) => line(session, index).verdict)).toEqual(["open", "pass"]);
    await session.note({ address: "said", type: "edited", value: { type: "string", value: "fixed" } });
    await session.settle();
    expect([0, 1].map((index) => line(session, index).verdict)).toEqual(["pass", "pass"]);
    expect(fresh(session, "gate")).toBe("current");
  });

  test("a test of nothing does not pass", async () => {
    const session = await workspace.open(notebookText("", fence("test gate", "# later\n")));
    await session.run({ type: "stale" }).done;
    expect(session.shown("gate")?.value).toMatchObject({ value: { verdict: "open" } });
    expect(line(session)).toMatchObject({
      verdict: "open",
      reason: expect.stringContaining("there is nothing to test"),
    });
  });
});

describe("rows have an identity, and results follow it when the dataset gets a new version", () => {
  const columns = async (session: Session): Promise<unknown> => {
    const { topic: states } = (await session.rowStates("triage", 0, 9))!;
    return states!.filter(({ at }) => at["tone"] === "warm").map(({ freshness }) => freshness.state);
  };
  const open = async (rows: readonly string[], key = "", sheetKey = ""): Promise<Session> => {
    const session = await workspace.open(notebookText(inputs, data(rows, key), topic, triage(sheetKey)));
    await session.run({ type: "cells", cells: ["triage.correct"] }).done;
    workspace.sent();
    return session;
  };
  const change = async (session: Session, rows: readonly string[], key = "", sheetKey = ""): Promise<void> => {
    await session.setText(notebookText(inputs, data(rows, key), topic, triage(sheetKey)));
    await session.run({ type: "cells", cells: ["tickets"] }).done;
  };

  test("by `key`: rows may move and change in what the sheet does not read", async () => {
    const key = "key: id";
    const session = await open(["1,one", "2,two", "3,three"], key);
    await change(session, ["3,three", "1,one", "2,zwei", "4,four"], key);
    expect(await columns(session)).toEqual(["current", "current", "stale", "never"]);
    await session.run({ type: "cells", cells: ["triage.correct"] }).done;
    expect(workspace.sent()).toEqual(["cold four", "cold zwei", "warm four", "warm zwei"]);
  });

  test("else by a hash of the columns the sheet reads and an occurrence number", async () => {
    const session = await open(["1,same", "2,same", "3,other"]);
    await change(session, ["9,other", "8,same", "7,same", "6,same"]);
    expect(await columns(session)).toEqual(["current", "current", "current", "never"]);
  });

  test("a removed row's results are kept and return with it, and so does what people said", async () => {
    const session = await open(["1,one", "2,two"], "", "key: id\n");
    const address = "triage.topic{tone=warm,triage=2}";
    await session.note({ address, type: "edited", value: { type: "string", value: "mine" } });
    await change(session, ["1,one"], "", "key: id\n");
    expect(await columns(session)).toEqual(["current"]);
    await change(session, ["2,two", "1,one"], "", "key: id\n");
    expect(await columns(session)).toEqual(["edited", "current"]);
    await session.run({ type: "stale" }).done;
    expect(workspace.sent().filter((prompt) => !prompt.endsWith("Hi"))).toEqual([]);
  });

  test("duplicates of a sheet's own `key` are an error that names them", async () => {
    const session = await open(["1,one", "1,two"], "", "key: id\n");
    expect(session.state.results.get("triage")!.error).toMatchObject({
      code: "sheet.duplicate-key",
      message: 'the key column id does not tell rows apart: "1" is in rows 1 and 2',
    });
  });
});
