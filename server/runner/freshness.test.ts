import { mkdir, writeFile } from "node:fs/promises";
import { dirname } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import {
  datasetPath,
  fence,
  fresh,
  notebookText,
  shown,
  testWorkspace,
  type TestWorkspace,
} from "./__fixtures__/test-workspace.ts";

let workspace: TestWorkspace;
beforeAll(async () => void (workspace = await testWorkspace()));
afterAll(() => workspace[Symbol.asyncDispose]());

const inputs = "inputs:\n  name: { type: string, default: Ada }\n";
const greeting = (source: string, configuration = ""): string =>
  fence("prompt greeting", `---\nmodel: server/small\n${configuration}---\n${source}`);
const chain = (source = "Greet {{ name }}", configuration = ""): string =>
  notebookText(inputs, greeting(source, configuration), fence("template letter", "{{ greeting }}!"));

const sheet = ({ prompt = "About {{ message }}", checks = "- equals" } = {}): string =>
  notebookText(
    "inputs:\n  message: { type: string, default: Hi }\n",
    fence("data tickets", "---\nkey: id\n---\nid,text,topic\n1,one,<About one>\n2,two,else\n3,three,<About three>"),
    fence("prompt topic", `---\nmodel: server/small\n---\n${prompt}`),
    fence(
      "sheet triage",
      [
        "---\nrows: tickets\nwith: { message: =row.text }\ncolumns: [topic]\n---",
        fence("score correct", `---\noutput: =topic\nexpected: =row.topic\n---\n${checks}`),
      ].join("\n"),
    ),
    fence("test gate", "mean(triage.correct) >= 0.5"),
    fence("sql mean_score", "select avg(score) as mean from triage.correct"),
    fence("sql wide", "select count(topic) as n from triage"),
  );

describe("freshness is derived, never stored", () => {
  test("a cell is never, then current, then stale with its reasons, and undoing the edit makes it current again at no call", async () => {
    const session = await workspace.open(chain());
    workspace.sent();
    expect([fresh(session, "greeting"), fresh(session, "letter")]).toEqual(["never", "never"]);
    await session.run({ type: "stale" }).done;
    expect(shown(session, "letter")).toBe("<Greet Ada>!");
    expect([fresh(session, "greeting"), fresh(session, "letter")]).toEqual(["current", "current"]);
    expect(workspace.sent()).toEqual(["Greet Ada"]);

    await session.setText(chain("Welcome {{ name }}"));
    expect([fresh(session, "greeting"), fresh(session, "letter")]).toEqual(["stale: source", "stale: greeting"]);
    await session.setText(chain());
    expect([fresh(session, "greeting"), fresh(session, "letter")]).toEqual(["current", "current"]);
    await session.setInput("name", "Grace");
    expect([fresh(session, "greeting"), fresh(session, "letter")]).toEqual(["stale: name", "stale: greeting"]);
    await session.setText(chain("Greet {{ name }}", "temperature: 0\n"));
    expect(fresh(session, "greeting")).toBe("stale: settings, name");
    await session.setText(chain());
    await session.setInput("name", "Ada");
    expect(fresh(session, "letter")).toBe("current");
    await session.run({ type: "stale" }).done;
    expect(workspace.sent()).toEqual([]);
  });

  test("titles, positions, comments and formatting are in no key", async () => {
    const session = await workspace.open(chain());
    await session.run({ type: "stale" }).done;
    const looks = notebookText(
      inputs,
      "# A heading\n\nAnd prose.",
      fence("template letter", "{{ greeting }}!"),
      fence(
        "prompt greeting",
        "---\ntitle: Hello\nhidden: true\nrun: manual # by hand\nmodel:   'server/small'\n---\nGreet {{ name }}",
      ),
    );
    await session.setText(looks);
    expect([fresh(session, "greeting"), fresh(session, "letter")]).toEqual(["current", "current"]);
  });

  test("an upstream re-run with an equal value makes nothing stale, and nothing below is computed again", async () => {
    const text = (code: string): string =>
      notebookText(inputs, fence("js word", code), fence("template letter", "{{ word }}!"));
    const session = await workspace.open(text("return 'one'"));
    await session.run({ type: "stale" }).done;
    const before = session.state.results.get("letter");
    await session.setText(text("return 'o' + 'ne'"));
    expect([fresh(session, "word"), fresh(session, "letter")]).toEqual(["stale: source", "stale: word"]);
    await session.run({ type: "stale" }).done;
    expect(session.state.results.get("letter")).toBe(before);
    expect([fresh(session, "word"), fresh(session, "letter")]).toEqual(["current", "current"]);
  });

  test("an error that is handed on makes its readers stale where it has another message", async () => {
    const risky = fence("js risky", "---\ncontinue_on_error: true\n---\nthrow new Error(name)");
    const session = await workspace.open(notebookText(inputs, risky, fence("template told", "{{ risky.message }}")));
    await session.run({ type: "stale" }).done;
    expect(shown(session, "told")).toContain("Ada");
    await session.setInput("name", "Grace");
    await session.run({ type: "stale" }).done;
    expect(shown(session, "told")).toContain("Grace");
    expect(fresh(session, "told")).toBe("current");
  });

  test("what reads the facts of a result is stale where those changed, be the value the same", async () => {
    let input = 0;
    workspace.script = () => ({ text: "same", usage: { prompt: (input += 100), completion: 1 } });
    const session = await workspace.open(
      notebookText(
        "",
        fence("prompt counted", "---\nmodel: server/small\n---\nCount these"),
        fence("template facts", "{{ meta(counted).input_tokens }}"),
        fence("template value", "{{ counted }}"),
      ),
    );
    await session.run({ type: "stale" }).done;
    expect(shown(session, "facts")).toBe("100");
    await session.runAgain("counted").done;
    workspace.script = null;
    expect([fresh(session, "facts"), fresh(session, "value")]).toEqual(["stale: meta(counted)", "current"]);
    await session.run({ type: "stale" }).done;
    expect(shown(session, "facts")).toBe("200");
    await session.note({ address: "counted", type: "locked", value: { type: "string", value: "same" } });
    expect([fresh(session, "facts"), fresh(session, "value")]).toEqual(["stale: meta(counted)", "current"]);
  });

  test("it is known again after a restart, from what is stored", async () => {
    const session = await workspace.open(chain("Once {{ name }}"), { path: "kept.md" });
    await session.run({ type: "stale" }).done;
    await workspace.restart();
    workspace.sent();
    const again = await workspace.open(chain("Once {{ name }}"), { path: "kept.md" });
    expect([fresh(again, "letter"), shown(again, "letter")]).toEqual(["current", "<Once Ada>!"]);
    await again.run({ type: "stale" }).done;
    expect(workspace.sent()).toEqual([]);
  });

  test("what `reads` states and reading the text cannot find is given to code, and makes it stale", async () => {
    const text = (word: string): string =>
      notebookText(
        "",
        fence("template word", word),
        fence("js shout", '---\nreads: [word]\n---\nreturn eval("wo" + "rd").toUpperCase()'),
      );
    const session = await workspace.open(text("one"));
    expect(session.diagnostics).toEqual([]);
    await session.run({ type: "stale" }).done;
    expect([shown(session, "shout"), fresh(session, "shout")]).toEqual(["ONE", "current"]);
    await session.setText(text("two"));
    expect(fresh(session, "shout")).toBe("stale: word");
    await session.run({ type: "stale" }).done;
    expect([shown(session, "shout"), fresh(session, "shout")]).toEqual(["TWO", "current"]);
  });

  test("while SQL does not parse its last good references stand, and what is wrong is said", async () => {
    const text = (sql: string): string => notebookText("", fence("data words", "word\none"), fence("sql every", sql));
    const session = await workspace.open(text("selec from words"));
    const reads = (): unknown => session.state.graph.nodes.get("every")!.reads.map((read) => read.as);
    const told = (): unknown => session.diagnostics.map(({ code, cure, position }) => [code, cure, position.line]);
    expect([reads(), told()]).toEqual([[], [["sql.syntax", "Correct the SQL here.", 11]]]);
    await session.setText(text("from words"));
    expect([reads(), told()]).toEqual([["words"], []]);
    await session.setText(text("selec from words"));
    expect([reads(), told()]).toEqual([
      ["words"],
      [["sql.syntax", "Correct the SQL here; until then the names found last are kept.", 11]],
    ]);
  });

  test("a new version of a dataset file makes its readers stale, and the old version makes them current again", async () => {
    const path = datasetPath(workspace, "words.csv");
    await mkdir(dirname(path), { recursive: true });
    await writeFile(path, "word\none\n");
    const file = notebookText(
      "",
      fence("data words", "---\nfile: words.csv\n---"),
      fence("sql whole", "from 'words.csv'"),
    );
    const session = await workspace.open(file);
    await session.run({ type: "stale" }).done;
    expect([fresh(session, "words"), fresh(session, "whole")]).toEqual(["current", "current"]);
    await writeFile(path, "word\none\ntwo\n");
    await session.setText(file);
    expect([fresh(session, "words"), fresh(session, "whole")]).toEqual(["stale: words.csv", "stale: words.csv"]);
    await writeFile(path, "word\none\n");
    await session.setText(file);
    expect([fresh(session, "words"), fresh(session, "whole")]).toEqual(["current", "current"]);
  });
});

describe("freshness in a sheet has two levels", () => {
  const counts = async (session: Awaited<ReturnType<TestWorkspace["open"]>>, exact: boolean): Promise<unknown> => {
    const found = await session.sheetFreshness("triage", { exact });
    return found === null
      ? null
      : Object.fromEntries(Object.entries(found.columns).map(([column, [variant]]) => [column, variant!.counts]));
  };

  test("counts come at once from keys, and exactly on request; before the rows are there, there are none", async () => {
    const session = await workspace.open(sheet());
    expect(await session.sheetFreshness("triage")).toBeNull();
    await session.run({ type: "cells", cells: ["tickets"] }).done;
    expect(await counts(session, false)).toEqual({ topic: { never: 3 }, correct: { never: 3 } });
    await session.run({ type: "stale" }, { everySheet: { type: "first", count: 2 } }).done;
    expect(await counts(session, true)).toEqual({
      topic: { current: 2, never: 1 },
      correct: { current: 2, never: 1 },
    });
    await session.setText(sheet({ prompt: "On {{ message }}" }));
    expect(await counts(session, false)).toEqual({
      topic: { "stale-key": 2, never: 1 },
      correct: { "stale-upstream": 2, never: 1 },
    });
    await expect(session.sheetFreshness("tickets")).rejects.toMatchObject({ code: "sheet.unknown" });
  });

  test("each row says what changed, and undoing the edit makes all of it current again at no call", async () => {
    const session = await workspace.open(sheet());
    await session.run({ type: "stale" }).done;
    workspace.sent();
    const reasons = async (): Promise<unknown> => {
      const states = await session.rowStates("triage", 0, 1);
      return Object.fromEntries(
        Object.entries(states!).map(([column, [state]]) => [
          column,
          state!.freshness.state === "stale" ? state!.freshness.reasons : state!.freshness.state,
        ]),
      );
    };
    expect(await reasons()).toEqual({ topic: "current", correct: "current" });
    await session.setText(sheet({ prompt: "On {{ message }}" }));
    expect(await reasons()).toEqual({ topic: ["source"], correct: ["topic"] });
    await session.setText(sheet({ checks: "- contains: one" }));
    expect(await reasons()).toEqual({ topic: "current", correct: ["source"] });
    await session.setText(sheet().replace("1,one,<About one>", "1,once,<About one>"));
    await session.run({ type: "cells", cells: ["tickets"] }).done;
    expect(await reasons()).toEqual({ topic: ["text"], correct: ["topic"] });
    await session.setText(sheet());
    await session.run({ type: "cells", cells: ["tickets"] }).done;
    expect(await reasons()).toEqual({ topic: "current", correct: "current" });
    await session.run({ type: "stale" }).done;
    expect(workspace.sent()).toEqual([]);
  });

  test("an edit inside a sheet makes its table, its tests and all that reads its columns stale, and undone current", async () => {
    const session = await workspace.open(sheet());
    await session.run({ type: "stale" }).done;
    const readers = (): readonly string[] =>
      ["triage", "gate", "mean_score", "wide"].map((cell) => fresh(session, cell));
    expect(readers()).toEqual(["current", "current", "current", "current"]);
    await session.setText(sheet({ prompt: "On {{ message }}" }));
    expect(readers()).toEqual([
      "stale: topic, correct",
      "stale: triage.correct",
      "stale: triage.correct",
      "stale: triage",
    ]);
    await session.setText(sheet({ checks: "- contains: one" }));
    expect(readers().slice(0, 3)).toEqual(["stale: correct", "stale: triage.correct", "stale: triage.correct"]);
    await session.setText(sheet());
    expect(readers()).toEqual(["current", "current", "current", "current"]);
  });

  test("an edit of what gives the rows makes its table and all that reads its columns stale, and undone current", async () => {
    const session = await workspace.open(sheet());
    await session.run({ type: "stale" }).done;
    const readers = (): readonly string[] => ["triage", "gate", "mean_score"].map((cell) => fresh(session, cell));
    await session.setText(sheet().replace("2,two", "2,zwei"));
    expect(readers()).toEqual(["stale: tickets", "stale: triage.correct", "stale: triage.correct"]);
    await session.setText(sheet());
    expect(readers()).toEqual(["current", "current", "current"]);
  });

  test("a run of one column alone makes the sheet's table stale, and what reads that, also after a restart", async () => {
    const text = notebookText(
      "inputs:\n  message: { type: string, default: Hi }\n",
      fence("data tickets", "---\nkey: id\n---\nid,text\n1,one\n2,two\n3,three"),
      fence("prompt topic", "---\nmodel: server/small\n---\nOn {{ message }}"),
      fence("sheet triage", "---\nrows: tickets\nwith: { message: =row.text }\ncolumns: [topic]\n---"),
      fence("sql wide", "select count(topic) filter (topic = 'another') as n from triage"),
    );
    const session = await workspace.open(text, { path: "one-column.md" });
    const states = (of: typeof session): readonly string[] => ["triage", "wide"].map((cell) => fresh(of, cell));
    await session.run({ type: "stale" }).done;
    expect(states(session)).toEqual(["current", "current"]);
    workspace.script = () => "another";
    const anew = { again: true, everySheet: { type: "all" } } as const;
    await session.run({ type: "columns", columns: [{ cell: "triage.topic", at: {} }] }, anew).done;
    workspace.script = null;
    await session.refresh();
    expect(states(session)).toEqual(["stale: topic", "stale: triage"]);

    await workspace.restart();
    const again = await workspace.open(text, { path: "one-column.md" });
    await again.refresh();
    expect(states(again)).toEqual(["stale: topic", "stale: triage"]);
    await again.run({ type: "stale" }).done;
    await again.refresh();
    expect(states(again)).toEqual(["current", "current"]);
    expect(again.shown("wide")?.value).toMatchObject({ value: { rows: [[3]] } });
  });

  test("after a restart one look tells what of a sheet still holds", async () => {
    const session = await workspace.open(sheet(), { path: "restarted.md" });
    await session.run({ type: "stale" }).done;
    await workspace.restart();
    const again = await workspace.open(sheet(), { path: "restarted.md" });
    await again.refresh();
    expect(["triage", "gate", "mean_score", "wide"].map((cell) => fresh(again, cell))).toEqual([
      "current",
      "current",
      "current",
      "current",
    ]);
  });
});
