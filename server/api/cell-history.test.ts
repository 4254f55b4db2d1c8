import { afterAll, beforeAll, expect, test } from "vitest";
import { scoreInterval } from "#evals/statistics/score-interval.ts";
import { fence, notebookText, testWorkspace, type TestWorkspace } from "#server/runner/__fixtures__/test-workspace.ts";
import { cellHistory } from "./cell-history.ts";

let workspace: TestWorkspace;
beforeAll(async () => void (workspace = await testWorkspace()));
afterAll(() => workspace[Symbol.asyncDispose]());

const people = fence("data people", "---\nkey: name\n---\nname\nAda\nGrace\nAlan\nEdsger");
const scored = (words: string): string =>
  notebookText(
    "",
    people,
    fence(
      "sheet greetings",
      [
        "---",
        "rows: people",
        "---",
        fence("prompt hello", `---\nmodel: openai/gpt-5-mini\n---\n${words} {{ row.name }}`),
        fence("score long", "---\noutput: =hello\n---\n- contains: Ada"),
      ].join("\n"),
    ),
  );

test("each text a cell was run with is told once, the last first, with its scores, their interval and what it cost then", async () => {
  const session = await workspace.open(scored("Hello"));
  await session.run({ type: "all" }).done;
  await session.setText(scored("Goodbye"));
  await session.run({ type: "all" }).done;
  await session.run({ type: "all" }).done;
  const [now, before, ...others] = await cellHistory("greetings.hello", session.state, workspace.runtime.store);
  expect(others).toEqual([]);
  expect(now).toMatchObject({ source: "Goodbye {{ row.name }}", current: true, runs: 2 });
  expect(before).toMatchObject({
    source: "Hello {{ row.name }}",
    configuration: { model: "openai/gpt-5-mini" },
    current: false,
    runs: 1,
    results: 4,
  });
  expect(before!.cost).toBeGreaterThan(0);
  const [score] = before!.scores;
  expect(score).toMatchObject({ name: "greetings.long", at: {}, n: 4, mean: 0.25 });
  // Wilson's interval of one in four.
  expect(score!.interval!.low).toBeCloseTo(0.0456, 3);
  expect(score!.interval!.high).toBeCloseTo(0.6994, 3);
});

test("the repeats of a row, and rows of one request, count as one in the interval of a score", async () => {
  workspace.script = (prompt) => (prompt.includes("Ada") ? "no" : "yes");
  const repeated = (rows: string): string =>
    notebookText(
      "",
      fence("data people", `---\nkey: id\n---\nid,name\n${rows}`),
      fence(
        "sheet greetings",
        [
          "---\nrows: people\n---",
          fence("prompt hello", "---\nmodel: openai/gpt-5-mini\nrepeat: 10\n---\nRepeat {{ row.name }}"),
          fence("score right", "---\noutput: =hello\n---\n- equals: yes"),
        ].join("\n"),
      ),
    );
  const session = await workspace.open(repeated("1,Ada\n2,Grace\n3,Alan\n4,Ada"));
  await session.run({ type: "all" }).done;
  const scores = async (path: string) => (await cellHistory(path, session.state, workspace.runtime.store))[0]!.scores;
  const [score] = await scores("greetings.hello");
  expect(score).toEqual({
    name: "greetings.right",
    at: {},
    n: 40,
    mean: 0.5,
    interval: scoreInterval({ n: 40, mean: 0.5, clusters: 3, squares: 10 ** 2 + 5 ** 2 + 5 ** 2 }, true),
  });

  // Of a check that is written anew the answers are those of before.
  await session.setText(repeated("1,Ada\n2,Grace\n3,Alan\n4,Ada").replace("- equals: yes", "- contains: yes"));
  await session.run({ type: "stale" }).done;
  workspace.script = null;
  expect(await scores("greetings.right")).toEqual([score]);
});

test("a text that came back is the one it was", async () => {
  const text = (words: string): string => notebookText("", fence("template note", words));
  const session = await workspace.open(text("one"));
  for (const words of ["one", "two", "one"]) {
    await session.setText(text(words));
    await session.run({ type: "all" }).done;
  }
  const history = await cellHistory("note", session.state, workspace.runtime.store);
  expect(history.map(({ source, runs, current }) => [source, runs, current])).toEqual([
    ["one", 2, true],
    ["two", 1, false],
  ]);
  expect(history[0]!.firstAt).toBeLessThanOrEqual(history[1]!.firstAt);
});

test("a wording has the history of its own text and scores, not of its siblings'", async () => {
  const session = await workspace.open(
    notebookText(
      "",
      fence("template hello.short", "Hi"),
      fence("template hello.long", "Hello Ada"),
      fence("score named", "---\noutput: =hello\n---\n- contains: Ada"),
    ),
  );
  await session.run({ type: "all" }).done;
  const scores = async (path: string) =>
    (await cellHistory(path, session.state, workspace.runtime.store)).map(({ scores: [score] }) => score?.mean);
  expect([await scores("hello.short"), await scores("hello.long")]).toEqual([[0], [1]]);
});

test("a cell that is not there, or was never run, has no history", async () => {
  const session = await workspace.open(notebookText("", fence("template note", "one")));
  expect(await cellHistory("note", session.state, workspace.runtime.store)).toEqual([]);
  expect(await cellHistory("nobody", session.state, workspace.runtime.store)).toEqual([]);
});
