import { afterEach, beforeEach, expect, test } from "vitest";
import { endOf, intentOf } from "#server/store/journal.conformance.ts";
import { createRetention } from "./retention.ts";
import { fence, fresh, notebookText, shown, testWorkspace, type TestWorkspace } from "./__fixtures__/test-workspace.ts";

let workspace: TestWorkspace;
beforeEach(async () => void (workspace = await testWorkspace()));
afterEach(() => workspace[Symbol.asyncDispose]());

const day = 24 * 60 * 60_000;
const letter = notebookText("", fence("prompt letter", "---\nmodel: server/small\n---\nA letter"));

test("what is older than the workspace keeps goes at the start and once a day, and nothing before", async () => {
  const { journal } = workspace.runtime;
  const start = 100 * day;
  let now = start;
  const daily: (() => void)[] = [];
  const retention = createRetention(
    journal,
    () => now,
    (milliseconds, work) => {
      expect(milliseconds).toBe(day);
      daily.push(work);
      return () => daily.pop();
    },
  );
  for (let index = 0; index < 1_100; index += 1) {
    const id = journal.begin(intentOf({ key: `old-${index}`, sentAt: start - 40 * day }));
    void id.then((begun) => journal.finish(begun, endOf()));
  }
  const young = await journal.begin(intentOf({ key: "young", sentAt: start - 29 * day - day / 2 }));
  await journal.finish(young, endOf());
  await expect.poll(async () => (await journal.usageSince(0)).unanswered).toBe(0);
  const errors: unknown[] = [];
  const stop = retention.start((thrown) => errors.push(thrown));
  await retention.apply();
  const withBodies = async () =>
    (await journal.list({ limit: 2_000 })).filter(({ request }) => request !== null).length;
  expect(await withBodies()).toBe(1_101);
  expect(await retention.wouldRemove(30)).toBe(1_100);
  await retention.keepFor(30);
  await expect.poll(withBodies).toBe(1);
  expect(await retention.state()).toEqual({ days: 30, removing: false });
  now += day;
  daily[0]!();
  await expect.poll(withBodies).toBe(0);
  expect((await journal.usageSince(0)).calls).toBe(1_101);
  await stop();
  expect([daily, errors]).toEqual([[], []]);
});

test("a result outlives what was sent for it: it is current and shown, and only asking anew is a call again", async () => {
  const session = await workspace.open(letter, { path: "letters.md" });
  await session.run({ type: "stale" }, { confirm: async () => true }).done;
  expect(workspace.sent()).toHaveLength(1);
  workspace.ahead = 8 * day;
  await workspace.runtime.retention.keepFor(7);
  await workspace.runtime.retention.apply();
  expect([fresh(session, "letter"), shown(session, "letter")]).toEqual(["current", "<A letter>"]);
  const [call] = (await session.result("letter"))!.calls;
  expect(call!.journal).toMatchObject({ request: null, text: null, response: null, state: "done" });
  const { total } = await workspace.runtime.ledger.report({
    ...{ from: 0, to: Number.MAX_SAFE_INTEGER, by: "model", ahead: 0, only: {} },
  });
  expect(total).toMatchObject({ calls: 1, failed: 0 });
  const other = await workspace.open(letter, { path: "other.md" });
  await other.run({ type: "stale" }, { confirm: async () => true }).done;
  expect(workspace.sent()).toHaveLength(1);
  const again = await workspace.open(letter, { path: "again.md" });
  await again.run({ type: "stale" }, { confirm: async () => true }).done;
  expect(workspace.sent()).toEqual([]);
});
