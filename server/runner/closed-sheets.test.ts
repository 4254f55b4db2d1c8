import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import type { Session } from "./session.ts";
import { fence, fresh, notebookText, shown, testWorkspace, type TestWorkspace } from "./__fixtures__/test-workspace.ts";

let workspace: TestWorkspace;
beforeAll(async () => void (workspace = await testWorkspace()));
afterAll(() => workspace[Symbol.asyncDispose]());
beforeEach(() => void workspace.sent());

const inputs = "inputs:\n  go: { type: boolean, default: false }\n";
const template = (name: string, source: string, settings = ""): string =>
  fence(`template ${name}`, settings === "" ? source : `---\n${settings}\n---\n${source}`);
const people = (settings = ""): string => fence("data people", `---\nkey: id\n${settings}---\nid,name\n1,Ada\n2,Bo`);
const asked = fence("prompt greeting", "---\nmodel: server/small\n---\nGreet {{ row.name }}");
const sheet = (settings: string, ...cells: readonly string[]): string =>
  fence("sheet letters", ["---", settings, "---", asked, ...cells].join("\n"));
/** What reads a sheet in each way there is. */
const readers = [
  fence("sql whole", "from letters"),
  fence("sql records", "from letters.greeting"),
  template("listed", "{{ letters.greeting | length }}"),
  template("counted", "{{ count(letters.greeting) }}"),
  fence("test gate", "count(letters.greeting) == 2"),
  fence("sheet next", `---\nrows: letters.greeting\n---\n${template("line", "{{ row.greeting }}")}`),
];
const names = ["letters", "whole", "records", "listed", "counted", "gate", "next"];

async function opened(...cells: readonly string[]): Promise<Session> {
  const session = await workspace.open(notebookText(inputs, ...cells));
  expect(session.diagnostics).toEqual([]);
  return session;
}

async function ran(session: Session): Promise<Session> {
  await session.run({ type: "stale" }).done;
  return session;
}

const outcomes = (session: Session): readonly string[] =>
  names.map((name) => [session.shown(name)!.outcome, ...session.shown(name)!.because].join(" "));

describe("a sheet whose rows are skipped", () => {
  test("is skipped, with what reads it or a column of it, and nothing is sent", async () => {
    const session = await opened(people("when: =go\n"), sheet("rows: people"), ...readers);
    await ran(session);
    expect(outcomes(session)).toEqual(names.map(() => "skipped"));
    expect(workspace.sent()).toEqual([]);
    expect(names.map((name) => fresh(session, name))).toEqual(names.map(() => "current"));
    const { known, open } = await session.estimate({ type: "all" });
    expect([known.calls, open]).toEqual([0, 0]);
  });

  test("is computed once they are there, and skipped again without them", async () => {
    const session = await ran(await opened(people("when: =go\n"), sheet("rows: people"), ...readers));
    await session.setInput("go", true);
    await ran(session);
    expect(outcomes(session)).toEqual(names.map(() => "ok"));
    expect([shown(session, "listed"), shown(session, "counted")]).toEqual(["2", "2"]);
    expect(workspace.sent()).toEqual(["Greet Ada", "Greet Bo"]);
    await session.setInput("go", false);
    expect(fresh(session, "letters")).toBe("stale: people");
    await ran(session);
    expect(outcomes(session)).toEqual(names.map(() => "skipped"));
  });

  test("is read like anything skipped: through `first` and `optional` what reads it is computed, and a test of that holds", async () => {
    const session = await ran(
      await opened(
        people("when: =go\n"),
        sheet("rows: people"),
        template("either", "{{ first(letters, 'nobody') }}"),
        template("absent", "{{ letters is none }}", "optional: [letters]"),
        fence("test gate", 'either == "nobody"'),
      ),
    );
    expect([shown(session, "either"), shown(session, "absent")]).toEqual(["nobody", "true"]);
    expect(session.shown("gate")!.value).toMatchObject({ value: { verdict: "pass" } });
  });
});

describe("a sheet whose rows come out without a value", () => {
  test("is blocked by what gives them, and what reads it is blocked by it", async () => {
    const broken = fence("js people", "throw new Error('no luck')");
    const session = await ran(await opened(broken, sheet("rows: people"), ...readers));
    expect(outcomes(session)).toEqual(["blocked people", ...names.slice(1).map(() => "blocked letters")]);
    expect(session.shown("letters")!.error).toMatchObject({
      code: "cell.blocked-by-error",
      message: "blocked by `people`",
      cure: "Mend or run `people` first.",
    });
    expect(names.map((name) => fresh(session, name))).toEqual(names.map(() => "current"));
  });

  test("is blocked also where they wait, and goes on when they are there", async () => {
    const session = await ran(
      await opened(
        fence("prompt word", "---\nmodel: local/gemma-3-270m\ncompletion: true\n---\nOnce"),
        fence("sql people", "select 1 as id, $word as name"),
        sheet("rows: people"),
        ...readers,
      ),
    );
    expect(outcomes(session)).toEqual(["blocked people", ...names.slice(1).map(() => "blocked letters")]);
    await session.note({ type: "edited", address: "word", value: { type: "string", value: "Ada" } });
    await ran(session);
    expect(outcomes(session)).toEqual(names.map(() => "ok"));
  });
});
