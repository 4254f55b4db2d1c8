import { afterEach, beforeEach, expect, test } from "vitest";
import { endOf, intentOf } from "#server/store/journal.conformance.ts";
import { createRetention } from "./retention.ts";
import { fence, fresh, notebookText, shown, testWorkspace, type TestWorkspace } from "./__fixtures__/test-workspace.ts";

let workspace: TestWorkspace;
beforeEach(async () => void (workspace = await testWorkspace()));
afterEach(() => workspace[Symbol.asyncDispose]());

const hour = 60 * 60_000;
const day = 24 * hour;
const letter = notebookText("", fence("prompt letter", "---\nmodel: server/small\n---\nA letter"));

test("what is older than the workspace keeps goes at the start and once an hour, and nothing before", async () => {
  const { journal } = workspace.runtime;
  const start = 100 * day;
  let now = start;
  const hourly: (() => void)[] = [];
  const retention = createRetention(
    journal,
    () => now,
    (milliseconds, work) => {
      expect(milliseconds).toBe(hour);
      hourly.push(work);
      return () => hourly.pop();
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
  hourly[0]!();
  await expect.poll(withBodies).toBe(0);
  expect((await journal.usageSince(0)).calls).toBe(1_101);
  await stop();
  expect([hourly, errors]).toEqual([[], []]);
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

test("what was sent for a cell goes after the time its `keep` says, and no other's; to change it makes nothing stale", async () => {
  const kept = (keep: string): string =>
    notebookText(
      "",
      fence("prompt private", `---\nmodel: server/small\nkeep: ${keep}\n---\nA secret`),
      fence("prompt letter", "---\nmodel: server/small\n---\nA letter"),
    );
  const session = await workspace.open(kept("2h"), { path: "letters.md" });
  await session.run({ type: "stale" }, { confirm: async () => true }).done;
  const { retention, journal } = workspace.runtime;
  const withBodies = async (): Promise<readonly string[]> =>
    (await journal.list({ limit: 10 })).flatMap(({ address, request }) => (request === null ? [] : [address])).sort();
  workspace.ahead = hour;
  expect([await retention.apply(), await withBodies()]).toEqual([0, ["letter", "private"]]);
  workspace.ahead = 3 * hour;
  expect([await retention.apply(), await withBodies()]).toEqual([1, ["letter"]]);
  expect([fresh(session, "private"), shown(session, "private")]).toEqual(["current", "<A secret>"]);
  const changed = await workspace.open(kept("never"), { path: "letters.md" });
  expect(fresh(changed, "private")).toBe("current");
  await changed.run({ type: "only", cell: "private" }, { again: true, confirm: async () => true }).done;
  expect(await withBodies()).toEqual(["letter", "private"]);
  expect([await retention.apply(), await withBodies()]).toEqual([1, ["letter"]]);
});
