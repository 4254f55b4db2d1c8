import { describe, expect, test } from "vitest";
import type { Grant, RunEnd, RunEstimate, RunResult, RunStart, Store, Wait } from "./store.ts";

/** What every store does. `open` gives that of a workspace. */
export function describeStore(open: (workspace: string) => Promise<Store>): void {
  let workspaces = 0;

  async function inStore(work: (store: Store) => Promise<void>): Promise<void> {
    const store = await open(`store-${(workspaces += 1)}`);
    try {
      await work(store);
    } finally {
      await store.close();
    }
  }

  describe("runs", () => {
    const start = (id: string, changes: Partial<RunStart> = {}): RunStart => ({
      id,
      notebook: "triage.md",
      text: "---\nsheaf: 1\n---\n",
      versions: { "banking77/train.csv": "hash", prices: { date: "2026-11-01", rows: 12345678901234567890n } },
      scope: { type: "all" },
      inputs: { message: null },
      startedAt: 1_000,
      clock: 999,
      seed: 4_294_967_295,
      ...changes,
    });
    const end: RunEnd = {
      outcome: "done",
      endedAt: 2_000,
      cost: 0.5,
      unpriced: 2,
      callsMade: 3,
      callsCached: 4,
      input: 1_200,
      output: 345,
      estimate: null,
    };
    const estimate: RunEstimate = {
      calls: 3,
      open: 2,
      input: { low: 1_000, likely: 1_100, high: 1_250.5 },
      output: { low: 300, likely: 350, high: 400 },
      cost: { low: 0.25, likely: 0.5, high: 0.75 },
      unpriced: ["x/y"],
      seconds: { low: 1, likely: 2, high: 3 },
    };
    const result = (address: string, changes: Partial<RunResult> = {}): RunResult => ({
      address,
      cellKey: "cell-key",
      callKeys: ["call-1", "call-2"],
      outcome: "ok",
      score: 0.5,
      cost: 0.125,
      ...changes,
    });
    const all = { offset: 0, limit: 10_000 };

    test("are kept with everything they began and ended with", () =>
      inStore(async ({ runs }) => {
        await runs.begin(start("one"));
        expect(await runs.get("one")).toEqual({ ...start("one"), end: null });
        await runs.end("one", end);
        expect(await runs.get("one")).toEqual({ ...start("one"), end });
        await runs.begin(start("estimated"));
        await runs.end("estimated", { ...end, estimate });
        expect((await runs.get("estimated"))!.end).toEqual({ ...end, estimate });
        expect(await runs.get("two")).toBeNull();
      }));

    test("have no clock and no seed where they are from before there were such", () =>
      inStore(async ({ runs }) => {
        await runs.begin(start("one", { clock: null, seed: null }));
        expect(await runs.get("one")).toMatchObject({ clock: null, seed: null });
      }));

    test("keep an unknown cost as unknown", () =>
      inStore(async ({ runs }) => {
        await runs.begin(start("one"));
        await runs.record("one", [result("a", { cost: null, score: null, callKeys: [] })]);
        await runs.end("one", { ...end, cost: null, unpriced: null });
        expect((await runs.get("one"))!.end).toMatchObject({ cost: null, unpriced: null });
        expect(await runs.results("one", all)).toEqual([result("a", { cost: null, score: null, callKeys: [] })]);
      }));

    test("give their results by pages, in the order they were recorded", () =>
      inStore(async ({ runs }) => {
        const results = Array.from({ length: 250 }, (_, index) => result(`topic{row=${250 - index}}`));
        await runs.begin(start("one"));
        await runs.record("one", results.slice(0, 120));
        await runs.record("one", []);
        await runs.record("one", results.slice(120));
        expect(await runs.results("one", all)).toEqual(results);
        expect(await runs.results("one", { offset: 100, limit: 50 })).toEqual(results.slice(100, 150));
        expect(await runs.results("one", { offset: 250, limit: 50 })).toEqual([]);
      }));

    test("have one result an address, the last that was recorded, at its first place", () =>
      inStore(async ({ runs }) => {
        await runs.begin(start("one"));
        await runs.record("one", [result("a", { outcome: "cancelled" }), result("b")]);
        await runs.record("one", [result("a", { outcome: "error" }), result("a")]);
        expect(await runs.results("one", all)).toEqual([result("a"), result("b")]);
        expect([await runs.recorded("one"), await runs.recorded("two")]).toEqual([2, 0]);
      }));

    test("are immutable once ended", () =>
      inStore(async ({ runs }) => {
        await runs.begin(start("one"));
        await runs.end("one", end);
        const notOpen = expect.objectContaining({ code: "store.run-not-open" });
        await expect(runs.record("one", [result("a")])).rejects.toEqual(notOpen);
        await expect(runs.end("one", { ...end, outcome: "failed" })).rejects.toEqual(notOpen);
        await expect(runs.begin(start("one"))).rejects.toThrow();
        expect(await runs.results("one", all)).toEqual([]);
        expect((await runs.get("one"))!.end).toEqual(end);
      }));

    test("take no results before they begin", () =>
      inStore(async ({ runs }) => {
        await expect(runs.record("none", [result("a")])).rejects.toMatchObject({ code: "store.run-not-open" });
      }));

    test("are listed by notebook, newest first", () =>
      inStore(async ({ runs }) => {
        await runs.begin(start("old", { startedAt: 1 }));
        await runs.begin(start("new", { startedAt: 3 }));
        await runs.begin(start("middle", { startedAt: 2 }));
        await runs.begin(start("other", { notebook: "other.md" }));
        expect((await runs.list("triage.md", 2)).map(({ id }) => id)).toEqual(["new", "middle"]);
      }));

    test("of all notebooks are listed by pages, newest first, with how they ended and how much of them failed", () =>
      inStore(async ({ runs }) => {
        await runs.begin(start("old", { startedAt: 1 }));
        await runs.begin(start("other", { startedAt: 2, notebook: "other.md" }));
        await runs.begin(start("new", { startedAt: 3 }));
        await runs.record("old", [result("a"), { ...result("b"), outcome: "error" }]);
        await runs.end("old", end);
        const pages = [await runs.recent({ offset: 0, limit: 2 }), await runs.recent({ offset: 2, limit: 2 })];
        expect(
          pages.map((page) => page.map(({ id, notebook, end: ended, failed }) => [id, notebook, ended, failed])),
        ).toEqual([
          [
            ["new", "triage.md", null, 0],
            ["other", "other.md", null, 0],
          ],
          [["old", "triage.md", end, 1]],
        ]);
      }));

    test("belong to their workspace, which may use an id again", () =>
      inStore(async (mine) => {
        await mine.runs.begin(start("one"));
        await mine.runs.record("one", [result("a")]);
        await inStore(async (theirs) => {
          expect(await theirs.runs.get("one")).toBeNull();
          expect(await theirs.runs.results("one", all)).toEqual([]);
          await expect(theirs.runs.end("one", end)).rejects.toMatchObject({ code: "store.run-not-open" });
          await theirs.runs.begin(start("one"));
          expect(await theirs.runs.list("triage.md", 10)).toHaveLength(1);
        });
      }));
  });

  describe("what waits", () => {
    const wait = (address: string, changes: Partial<Wait> = {}): Wait => ({
      notebook: "triage.md",
      address,
      reason: "licence",
      subject: "local/gemma-3-270m",
      message: "Gemma's terms",
      since: 1_000,
      ...changes,
    });

    test("is kept by address until it is removed", () =>
      inStore(async ({ waits }) => {
        await waits.add(wait("b", { since: 2 }));
        await waits.add(wait("a", { since: 1 }));
        await waits.add(wait("a", { notebook: "other.md" }));
        expect(await waits.list("triage.md")).toEqual([wait("a", { since: 1 }), wait("b", { since: 2 })]);
        await waits.remove("triage.md", "a");
        await waits.remove("triage.md", "nothing there");
        expect(await waits.list("triage.md")).toEqual([wait("b", { since: 2 })]);
        expect(await waits.list("other.md")).toHaveLength(1);
      }));

    test("waits for one thing at an address: the last", () =>
      inStore(async ({ waits }) => {
        await waits.add(wait("a"));
        await waits.add(wait("a", { reason: "budget", subject: "1 USD", message: "more", since: 5 }));
        expect(await waits.list("triage.md")).toEqual([
          wait("a", { reason: "budget", subject: "1 USD", message: "more", since: 5 }),
        ]);
      }));

    test("belongs to its workspace", () =>
      inStore(async (mine) => {
        await mine.waits.add(wait("a"));
        await inStore(async (theirs) => {
          expect(await theirs.waits.list("triage.md")).toEqual([]);
          await theirs.waits.remove("triage.md", "a");
        });
        expect(await mine.waits.list("triage.md")).toHaveLength(1);
      }));
  });

  describe("grants", () => {
    const grant = (cell: string, changes: Partial<Omit<Grant, "spent">> = {}): Omit<Grant, "spent"> => ({
      notebook: "triage.md",
      cell,
      budget: 2.5,
      grantedAt: 1_000,
      ...changes,
    });

    test("are kept by notebook and cell, with what has been spent of them, until they are revoked", () =>
      inStore(async ({ grants }) => {
        await grants.give(grant("topic"));
        await grants.give(grant("answer", { budget: 0 }));
        await grants.give(grant("topic", { notebook: "other.md" }));
        for (const cost of [0.125, 0.25]) await grants.book("triage.md", "topic", cost);
        expect(await grants.list("triage.md")).toEqual([
          { ...grant("answer", { budget: 0 }), spent: 0 },
          { ...grant("topic"), spent: 0.375 },
        ]);
        await grants.revoke("triage.md", "topic");
        await grants.book("triage.md", "topic", 1);
        await grants.revoke("triage.md", "nothing there");
        expect((await grants.list("triage.md")).map(({ cell }) => cell)).toEqual(["answer"]);
        expect(await grants.list("other.md")).toEqual([{ ...grant("topic", { notebook: "other.md" }), spent: 0 }]);
      }));

    test("lose nothing of what is booked at the same time", () =>
      inStore(async ({ grants }) => {
        await grants.give(grant("topic"));
        await Promise.all(Array.from({ length: 20 }, () => grants.book("triage.md", "topic", 0.125)));
        expect(await grants.list("triage.md")).toMatchObject([{ spent: 2.5 }]);
      }));

    test("given again are new: nothing of them is spent", () =>
      inStore(async ({ grants }) => {
        await grants.give(grant("topic"));
        await grants.book("triage.md", "topic", 2);
        await grants.give(grant("topic", { budget: 5, grantedAt: 2_000 }));
        expect(await grants.list("triage.md")).toEqual([
          { ...grant("topic", { budget: 5, grantedAt: 2_000 }), spent: 0 },
        ]);
      }));

    test("hold in their workspace only", () =>
      inStore(async (mine) => {
        await mine.grants.give(grant("topic"));
        await inStore(async (theirs) => {
          expect(await theirs.grants.list("triage.md")).toEqual([]);
          await theirs.grants.book("triage.md", "topic", 1);
          await theirs.grants.revoke("triage.md", "topic");
        });
        expect(await mine.grants.list("triage.md")).toMatchObject([{ spent: 0 }]);
      }));
  });

  describe("budgets", () => {
    const day = { scope: "day", subject: "", amount: 5, since: 1_000, carried: 0 } as const;
    const notebook = { scope: "notebook", subject: "a.md", amount: 0.25, since: 2_000, carried: 0.125 } as const;

    test("are one for a day and one for each notebook, the one that was set last, in their workspace", () =>
      inStore(async ({ budgets }) => {
        await budgets.set(day);
        await budgets.set(notebook);
        await budgets.set({ ...notebook, subject: "b.md" });
        await budgets.set({ ...day, amount: 7, since: 3_000 });
        await budgets.remove({ scope: "notebook", subject: "b.md" });
        await budgets.remove({ scope: "notebook", subject: "none.md" });
        expect(await budgets.list()).toEqual([{ ...day, amount: 7, since: 3_000 }, notebook]);
        await inStore(async (theirs) => expect(await theirs.budgets.list()).toEqual([]));
      }));

    test("go with their notebook to another path, in place of one that was there", () =>
      inStore(async ({ budgets, notebooks }) => {
        await budgets.set(day);
        await budgets.set(notebook);
        await budgets.set({ ...notebook, subject: "b.md", amount: 9 });
        await notebooks.move("a.md", "b.md");
        expect(await budgets.list()).toEqual([day, { ...notebook, subject: "b.md" }]);
      }));
  });

  describe("a notebook that has another path", () => {
    test("has its runs, grants, what waits in it and what is published of it there", () =>
      inStore(async ({ notebooks, runs, grants, waits, endpoints }) => {
        await runs.begin({
          id: "moved",
          notebook: "a.md",
          text: "",
          versions: {},
          scope: { type: "all" },
          inputs: {},
          startedAt: 1_000,
          clock: null,
          seed: null,
        });
        await grants.give({ notebook: "a.md", cell: "topic", budget: 2, grantedAt: 1_000 });
        await grants.book("a.md", "topic", 0.5);
        await grants.give({ notebook: "b.md", cell: "of the one before", budget: 9, grantedAt: 1_000 });
        await waits.add({
          notebook: "a.md",
          address: "topic",
          reason: "budget",
          subject: "",
          message: "",
          since: 1_000,
        });
        const version = { notebook: "a.md", text: "", models: {}, datasets: [], note: null, createdAt: 1_000 };
        await endpoints.publish({ slug: "moved", ...version });
        await notebooks.move("a.md", "b.md");
        expect((await runs.list("b.md", 10)).map(({ id }) => id)).toEqual(["moved"]);
        expect(await grants.list("b.md")).toEqual([
          { notebook: "b.md", cell: "topic", budget: 2, grantedAt: 1_000, spent: 0.5 },
        ]);
        expect(await waits.list("b.md")).toMatchObject([{ address: "topic" }]);
        expect(await endpoints.get("moved")).toMatchObject({ notebook: "b.md" });
        expect(await endpoints.publish({ slug: "moved", ...version, notebook: "b.md" })).toBe(2);
        expect([await runs.list("a.md", 10), await grants.list("a.md"), await waits.list("a.md")]).toEqual([
          [],
          [],
          [],
        ]);
      }));

    test("a cell that has another name has its grant under that, and takes none where it has none", () =>
      inStore(async ({ grants }) => {
        await grants.give({ notebook: "a.md", cell: "topic", budget: 2, grantedAt: 1_000 });
        await grants.give({ notebook: "a.md", cell: "subject", budget: 9, grantedAt: 1_000 });
        await grants.rename("a.md", "topic", "subject");
        await grants.rename("a.md", "nobody", "subject");
        expect(await grants.list("a.md")).toMatchObject([{ cell: "subject", budget: 2 }]);
      }));
  });

  describe("trusts", () => {
    test("a notebook is a stranger until somebody trusts it, whatever its text becomes", () =>
      inStore(async ({ trusts }) => {
        expect(await trusts.meet("a.md", "one", 1_000)).toBe(false);
        expect(await trusts.meet("a.md", "one", 2_000)).toBe(false);
        await trusts.trust("a.md", "two", 3_000);
        expect(await trusts.meet("a.md", "three", 4_000)).toBe(true);
      }));

    test("at first sight a text that was trusted elsewhere is, and one that was only seen is not", () =>
      inStore(async ({ trusts }) => {
        await trusts.trust("a.md", "trusted", 1_000);
        await trusts.meet("b.md", "seen", 2_000);
        expect(await trusts.meet("copy-of-a.md", "trusted", 3_000)).toBe(true);
        expect(await trusts.meet("copy-of-b.md", "seen", 3_000)).toBe(false);
        expect(await trusts.meet("b.md", "trusted", 4_000)).toBe(false);
      }));

    test("trust moves with a notebook, over what was said of its new path, and is forgotten with it", () =>
      inStore(async ({ trusts, notebooks }) => {
        await trusts.trust("a.md", "one", 1_000);
        await trusts.meet("b.md", "other", 1_000);
        await notebooks.move("a.md", "b.md");
        expect(await trusts.meet("b.md", "any", 2_000)).toBe(true);
        expect(await trusts.meet("a.md", "another", 2_000)).toBe(false);
        await trusts.forget("b.md");
        expect(await trusts.meet("b.md", "one", 3_000)).toBe(false);
      }));

    test("trust holds in its workspace only", () =>
      inStore(async (mine) => {
        await mine.trusts.trust("a.md", "one", 1_000);
        await inStore(async (theirs) => {
          expect(await theirs.trusts.meet("a.md", "one", 2_000)).toBe(false);
        });
      }));
  });

  describe("consents", () => {
    test("are kept with the text that was agreed to, all of them", () =>
      inStore(async ({ consents }) => {
        expect(await consents.has("local/gemma-3-270m")).toBe(false);
        await consents.give("local/gemma-3-270m", "Terms of 2024", 1_000);
        await consents.give("local/gemma-3-270m", "Terms of 2025", 2_000);
        expect(await consents.has("local/gemma-3-270m")).toBe(true);
        expect(await consents.has("local/gemma")).toBe(false);
        expect(await consents.list()).toEqual([
          { subject: "local/gemma-3-270m", text: "Terms of 2024", at: 1_000 },
          { subject: "local/gemma-3-270m", text: "Terms of 2025", at: 2_000 },
        ]);
      }));

    test("hold in their workspace only", () =>
      inStore(async (mine) => {
        await mine.consents.give("local/gemma-3-270m", "Terms", 1_000);
        await inStore(async (theirs) => expect(await theirs.consents.has("local/gemma-3-270m")).toBe(false));
      }));
  });
}
