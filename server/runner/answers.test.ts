import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { wholeSheet } from "#server/notebook/sheet-view.ts";
import { memoryNotes } from "./notes-file.ts";
import { fence, fresh, notebookText, shown, testWorkspace, type TestWorkspace } from "./__fixtures__/test-workspace.ts";

let workspace: TestWorkspace;
beforeAll(async () => void (workspace = await testWorkspace()));
afterAll(() => workspace[Symbol.asyncDispose]());

const prompt = (source: string, configuration = ""): string =>
  notebookText(
    "",
    fence("prompt greeting", `---\nmodel: server/small\n${configuration}---\n${source}`),
    fence("template letter", "{{ greeting }}!"),
  );
const minutes = 60_000;

/** Runs everything in a new session, as somebody else would, and says what was sent. */
async function sentBy(text: string): Promise<readonly string[]> {
  const session = await workspace.open(text);
  workspace.sent();
  await session.run({ type: "all" }).done;
  return workspace.sent();
}

describe("`cache:` says how old an answer from the journal may be", () => {
  test("any age where it says nothing", async () => {
    expect(await sentBy(prompt("One"))).toEqual(["One"]);
    workspace.ahead += 365 * 24 * 60 * minutes;
    expect(await sentBy(prompt("One"))).toEqual([]);
  });

  test("younger than `30m` it is taken, older it is asked for anew", async () => {
    const text = prompt("Two", "cache: 30m\n");
    expect(await sentBy(text)).toEqual(["Two"]);
    workspace.ahead += 29 * minutes;
    expect(await sentBy(text)).toEqual([]);
    workspace.ahead += 2 * minutes;
    expect(await sentBy(text)).toEqual(["Two"]);
    expect(await sentBy(text)).toEqual([]);
  });

  test("with `never` every run asks", async () => {
    const text = prompt("Three", "cache: never\n");
    expect([await sentBy(text), await sentBy(text)]).toEqual([["Three"], ["Three"]]);
  });

  test("it is in no key: adding it makes nothing stale", async () => {
    const session = await workspace.open(prompt("Four"));
    await session.run({ type: "stale" }).done;
    await session.setText(prompt("Four", "cache: 1d\n"));
    expect(fresh(session, "greeting")).toBe("current");
  });

  test("what is no age is an error of the cell", async () => {
    const session = await workspace.open(prompt("Five", "cache: soon\n"));
    await session.run({ type: "stale" }).done;
    expect(session.shown("greeting")!.error).toMatchObject({ code: "cell.cache" });
  });
});

describe("running one result again", () => {
  const counted = (): void => {
    let count = 0;
    workspace.script = () => `answer ${(count += 1)}`;
  };

  test("adds an alternative answer at the same address: exactly one is shown, the choice is a note, nothing is thrown away", async () => {
    counted();
    const notes = memoryNotes();
    const text = prompt("Again");
    const session = await workspace.open(text, { notes });
    await session.run({ type: "stale" }).done;
    workspace.sent();
    await session.runAgain("greeting").done;
    expect([workspace.sent(), shown(session, "greeting")]).toEqual([["Again"], "answer 2"]);
    expect([fresh(session, "greeting"), fresh(session, "letter")]).toEqual(["current", "stale: greeting"]);
    const alternatives = await session.alternatives("greeting");
    expect(await session.alternatives("gone")).toEqual([]);
    expect(alternatives).toMatchObject([
      { text: "answer 2", shown: true, cost: 0, model: "small" },
      { text: "answer 1", shown: false },
    ]);

    await session.choose("greeting", alternatives[1]!.answer);
    await session.run({ type: "stale" }).done;
    expect([shown(session, "letter"), workspace.sent()]).toEqual(["answer 1!", []]);
    expect((await session.alternatives("greeting")).map((one) => [one.text, one.shown])).toEqual([
      ["answer 2", false],
      ["answer 1", true],
    ]);
    expect(await notes.read()).toContain(`"answer":"${alternatives[1]!.answer}"`);

    // What was chosen holds where nothing but journal and notes is left, and comes back with the request it answers.
    const later = await workspace.open(text, { notes });
    await later.run({ type: "stale" }).done;
    expect(shown(later, "letter")).toBe("answer 1!");
    await later.setText(prompt("Other"));
    await later.run({ type: "stale" }).done;
    expect(shown(later, "letter")).toBe("answer 3!");
    await later.setText(text);
    await later.run({ type: "stale" }).done;
    expect(shown(later, "letter")).toBe("answer 1!");
    await later.choose("greeting", null);
    expect(shown(later, "greeting")).toBe("answer 2");
    expect(workspace.sent()).toEqual(["Other"]);
    workspace.script = null;
  });

  test("and stopping it leaves the answer before to be chosen", async () => {
    counted();
    const session = await workspace.open(prompt("Stopped"));
    await session.run({ type: "stale" }).done;
    const [first] = await session.alternatives("greeting");
    workspace.script = () => ({ text: ["half ", "an answer"], hold: true });
    const run = session.runAgain("greeting");
    await workspace.server.until((server) => server.inFlight().length === 1);
    run.cancel();
    workspace.server.release();
    await run.done;
    expect(session.shown("greeting")!.outcome).not.toBe("ok");
    await session.choose("greeting", first!.answer);
    expect(shown(session, "greeting")).toBe("answer 1");
    workspace.script = null;
  });

  test("of one variant and one row sends that one call alone", async () => {
    counted();
    const text = notebookText(
      "inputs:\n  name: { type: string, default: Ada }\n",
      fence("data people", "---\nkey: name\n---\nname\nBo\nCy"),
      fence(
        "prompt greeting",
        "---\nmodel: server/small\nvary: { tone: [warm, cold] }\n---\n{{ vary.tone }} {{ name }}",
      ),
      fence("sheet whole", "---\nrows: people\nwith: { name: =row.name }\ncolumns: [greeting]\n---"),
    );
    const session = await workspace.open(text);
    await session.run({ type: "stale" }).done;
    workspace.sent();
    await session.runAgain("greeting{tone=cold}").done;
    expect(workspace.sent()).toEqual(["cold Ada"]);
    const address = "whole.greeting{tone=warm,whole=Bo}";
    await session.runAgain(address).done;
    expect(workspace.sent()).toEqual(["warm Bo"]);
    const [newest, first] = await session.alternatives(address);
    expect([newest!.text, newest!.shown]).toEqual(["answer 8", true]);
    await session.choose(address, first!.answer);
    expect((await session.alternatives(address)).map((one) => one.shown)).toEqual([false, true]);
    const states = await session.rowStates("whole", 0, 2);
    expect(states!["greeting"]!.map(({ freshness }) => freshness.state)).toEqual(Array(4).fill("current"));
    expect(workspace.sent()).toEqual([]);
    workspace.script = null;
  });

  test("leaves the answer before to be chosen also in a sheet of more rows than are computed by themselves", async () => {
    counted();
    const session = await workspace.open(
      notebookText(
        "",
        fence("sql numbers", "select range as n from range(1001)"),
        fence(
          "sheet whole",
          `---\nrows: numbers\nkey: n\n---\n${fence("prompt said", "---\nmodel: server/small\n---\nSay {{ row.n }}")}`,
        ),
      ),
    );
    await session.run({ type: "stale" }, { everySheet: { type: "rows", rows: ["5"] } }).done;
    const address = "whole.said{whole=5}";
    await session.runAgain(address).done;
    workspace.sent();
    const shown = async (): Promise<unknown> =>
      (await session.sheetRows("whole", wholeSheet, { from: 5, to: 6 }))!.rows[0]!.cells["said"]![0]!.value;
    expect(await shown()).toEqual({ type: "string", value: "answer 2" });
    await session.choose(address, (await session.alternatives(address))[1]!.answer);
    expect([await shown(), workspace.sent()]).toEqual([{ type: "string", value: "answer 1" }, []]);
    workspace.script = null;
  });

  test("equal requests of several rows share one answer", async () => {
    const session = await workspace.open(
      notebookText(
        "inputs:\n  name: { type: string, default: Same }\n",
        fence("data people", "name\nSame\nSame\nSame"),
        fence("prompt greeting", "---\nmodel: server/small\n---\nDear {{ name }}"),
        fence("sheet whole", "---\nrows: people\nwith: { name: =row.name }\ncolumns: [greeting]\n---"),
      ),
    );
    workspace.sent();
    const report = await session.run({ type: "stale" }).done;
    expect([workspace.sent(), report.money]).toMatchObject([["Dear Same"], { made: 1, cached: 3 }]);
  });
});
