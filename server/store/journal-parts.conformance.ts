import { describe, expect, test } from "vitest";
import type { CallEnd, CallIntent, Journal } from "./journal.ts";

/** What tests of a journal are made with. */
export interface JournalTesting {
  inJournal(work: (journal: Journal) => Promise<void>, workspace?: string): Promise<void>;
  /** Writes a whole call, and gives its id. */
  record(journal: Journal, intent: Partial<CallIntent>, end?: Partial<CallEnd>): Promise<number>;
  freshWorkspace(): string;
  intentOf(changes: Partial<CallIntent>): CallIntent;
  endOf(changes?: Partial<CallEnd>): CallEnd;
}

/** What every journal keeps beside its calls, and lets go of them. */
export function describeJournalParts({ inJournal, record, freshWorkspace, intentOf, endOf }: JournalTesting): void {
  describe("beside its calls a journal", () => {
    test("keeps sums of the answers that came free, in order, beside its calls", () =>
      inJournal(async (journal) => {
        const free = {
          at: 5,
          run: "r",
          notebook: "n.md",
          cell: "topic",
          model: "a/b",
          answers: 12,
          cost: 0.5,
          unpriced: 1,
          input: 90,
          output: 30,
        };
        const written = Array.from({ length: 250 }, (_, at) => ({ ...free, at }));
        await journal.addFree([]);
        await journal.addFree(written);
        await journal.addFree([{ ...free, at: 1_000, cell: "other" }]);
        const all = await journal.free({ after: 0, limit: 1_000 });
        expect(all).toMatchObject([...written, { ...free, at: 1_000, cell: "other" }]);
        expect(await journal.free({ after: all[249]!.id, limit: 10 })).toMatchObject([{ cell: "other" }]);
        expect((await journal.usageSince(0)).calls).toBe(0);
      }));

    test("removes what was sent and answered before a time, a bounded part at once, and never a call's ledger row", () =>
      inJournal(async (journal) => {
        const { bodies } = journal;
        const response = { id: "r" };
        for (const sentAt of [10, 20, 30, 40])
          await record(journal, { key: `at-${sentAt}`, sentAt }, { reasoning: "hm", response });
        const ledger = await journal.ledger({ after: 0, limit: 10 });
        const usage = await journal.usageSince(0);
        expect(await bodies.countBefore(40)).toBe(3);
        expect([await bodies.removeBefore(40, 2), await bodies.removeBefore(40, 2)]).toEqual([2, 1]);
        expect([await bodies.removeBefore(40, 2), await bodies.countBefore(40)]).toEqual([0, 0]);
        expect(await journal.ledger({ after: 0, limit: 10 })).toEqual(ledger);
        expect(await journal.usageSince(0)).toEqual(usage);
        const [kept, ...removed] = await journal.list({ limit: 10 });
        expect(kept).toMatchObject({
          key: "at-40",
          request: {},
          end: { text: "card_arrival", reasoning: "hm", response },
        });
        for (const call of removed) {
          expect(call).toMatchObject({ request: null, end: { state: "done", text: null, cost: 0.25 } });
          expect(call.end).not.toHaveProperty("reasoning");
          expect(call.end).not.toHaveProperty("response");
        }
        expect([...(await journal.find(["at-10", "at-30", "at-40"])).keys()]).toEqual(["at-40"]);
        expect((await journal.read(removed[0]!.id))!.request).toBeNull();
      }));

    test("removes also what came after it had gone past a call: of one that a process left, and a batch ended", () =>
      inJournal(async (journal) => {
        const { bodies } = journal;
        const [left, dead] = [
          await journal.begin(intentOf({ sentAt: 10 })),
          await journal.begin(intentOf({ sentAt: 11 })),
        ];
        const other = await record(journal, { key: "other", sentAt: 20 });
        expect([await bodies.removeBefore(15, 10), await bodies.removeBefore(15, 10)]).toEqual([2, 0]);
        expect(await bodies.countBefore(15)).toBe(0);
        await journal.finish(left, endOf({ response: { id: "r" }, reasoning: "hm" }));
        // What days there are may be more by then.
        expect([await bodies.countBefore(5), await bodies.removeBefore(5, 10)]).toEqual([0, 0]);
        expect((await journal.read(left))!.end).toMatchObject({ text: "card_arrival" });
        expect([await bodies.countBefore(30), await bodies.removeBefore(30, 1)]).toEqual([2, 1]);
        const { end } = (await journal.read(left))!;
        expect(end).toMatchObject({ state: "done", text: null, cost: 0.25 });
        expect([end!.response, end!.reasoning]).toEqual([undefined, undefined]);
        expect([await bodies.removeBefore(30, 1), await bodies.removeBefore(30, 1)]).toEqual([1, 0]);
        expect((await journal.read(other))!.end!.text).toBeNull();
        await journal.finish(dead, endOf());
        expect([await bodies.removeBefore(30, 1), await bodies.removeBefore(30, 1)]).toEqual([1, 0]);
        expect((await journal.read(dead))!.end!.text).toBeNull();
      }));

    test("counts from when a call came to it where that is later than it was sent, and removes what lies behind it in time", () =>
      inJournal(async (journal) => {
        const { bodies } = journal;
        await record(journal, { key: "first", sentAt: 20 });
        await record(journal, { key: "later", sentAt: 10, keptFrom: 50 });
        await record(journal, { key: "last", sentAt: 60 });
        const kept = async () => [...(await journal.find(["first", "later", "last"])).keys()];
        expect([await bodies.countBefore(30), await bodies.removeBefore(30, 9), await kept()]).toEqual([
          ...[1, 1],
          ["later", "last"],
        ]);
        expect([await bodies.countBefore(50), await bodies.removeBefore(50, 9)]).toEqual([0, 0]);
        const late = await journal.begin(intentOf({ key: "late", sentAt: 11, keptFrom: 61 }));
        expect([await bodies.countBefore(70), await bodies.removeBefore(70, 9), await kept()]).toEqual([3, 3, []]);
        await journal.finish(late, endOf());
        expect([await bodies.countBefore(61), await bodies.removeBefore(61, 9)]).toEqual([0, 0]);
        expect([await bodies.countBefore(62), await bodies.removeBefore(62, 9)]).toEqual([1, 1]);
        expect((await journal.read(late))!).toMatchObject({ sentAt: 11, request: null, end: { text: null } });
      }));

    test("removes of ended calls what was to be kept until a time at the longest, a bounded part at once", () =>
      inJournal(async (journal) => {
        const { bodies } = journal;
        const ids: number[] = [];
        for (const keptUntil of [10, 20, 30]) ids.push(await record(journal, { key: `until-${keptUntil}`, keptUntil }));
        const open = await journal.begin(intentOf({ key: "open", keptUntil: 10 }));
        const other = await record(journal, { key: "other" });
        const [ledger, usage] = [await journal.ledger({ after: 0, limit: 10 }), await journal.usageSince(0)];
        expect([await bodies.removeOutlived(20, 1), await bodies.removeOutlived(20, 1)]).toEqual([1, 1]);
        expect(await bodies.removeOutlived(20, 1)).toBe(0);
        expect([await journal.ledger({ after: 0, limit: 10 }), await journal.usageSince(0)]).toEqual([ledger, usage]);
        expect([...(await journal.find(["until-10", "until-20", "until-30", "other"])).keys()]).toEqual([
          "until-30",
          "other",
        ]);
        expect((await journal.read(ids[0]!))!).toMatchObject({ request: null, end: { state: "done", text: null } });
        expect((await journal.read(open))!.request).not.toBeNull();
        await journal.finish(open, endOf());
        expect([await bodies.removeOutlived(20, 10), await bodies.removeOutlived(20, 10)]).toEqual([1, 0]);
        expect((await journal.read(open))!.end!.text).toBeNull();
        expect((await journal.read(other))!.end!.text).toBe("card_arrival");
      }));

    test("removes what was sent of a call that has no end a day after its time, and what its end brings when it has come", () =>
      inJournal(async (journal) => {
        const { bodies } = journal;
        const day = 24 * 60 * 60_000;
        const [left, dead] = [
          await journal.begin(intentOf({ key: "left", keptUntil: 10 })),
          await journal.begin(intentOf({ key: "dead", keptUntil: 11 })),
        ];
        const kept = await journal.begin(intentOf({ key: "kept" }));
        expect(await bodies.removeOutlived(9 + day, 10)).toBe(0);
        expect((await journal.read(left))!.request).not.toBeNull();
        expect([await bodies.removeOutlived(11 + day, 1), await bodies.removeOutlived(11 + day, 1)]).toEqual([1, 1]);
        expect(await bodies.removeOutlived(11 + day, 1)).toBe(0);
        expect(await journal.read(left)).toMatchObject({ request: null, end: null });
        expect(await journal.read(dead)).toMatchObject({ request: null, end: null });
        expect((await journal.read(kept))!.request).not.toBeNull();
        await journal.finish(left, endOf({ response: { id: "r" } }));
        expect((await journal.read(left))!.end!.text).toBe("card_arrival");
        expect([await bodies.removeOutlived(11 + day, 10), await bodies.removeOutlived(11 + day, 10)]).toEqual([1, 0]);
        expect((await journal.read(left))!.end).toMatchObject({ state: "done", text: null, cost: 0.25 });
      }));

    test("removes nothing of a batch that is not collected whole, however long its collection was broken off", () =>
      inJournal(async (journal) => {
        const { batches, bodies } = journal;
        const at = { run: "of-batch", notebook: "n.md", model: "a/b", sentAt: 5 };
        const id = await batches.add({ ...at, subject: "s", calls: [], rows: {}, reserved: null });
        await record(journal, { ...at, key: "collected", keptUntil: 10 });
        await record(journal, { ...at, key: "sent", sentAt: 6, keptUntil: 10 });
        const kept = async () => [...(await journal.find(["collected", "sent"])).keys()];
        expect([await bodies.removeOutlived(20, 9), await kept()]).toEqual([1, ["collected"]]);
        await batches.ended(id);
        expect([await bodies.removeOutlived(20, 9), await kept()]).toEqual([1, []]);
      }));

    test("keeps for how long bodies are kept: for ever until somebody says otherwise", async () => {
      const workspace = freshWorkspace();
      await inJournal(async ({ bodies }) => {
        expect(await bodies.days()).toBeNull();
        await bodies.keepFor(30);
        expect(await bodies.days()).toBe(30);
        await bodies.removeBefore(0, 10);
        expect(await bodies.days()).toBe(30);
      }, workspace);
      await inJournal(async ({ bodies }) => {
        expect(await bodies.days()).toBe(30);
        await bodies.keepFor(null);
        expect(await bodies.days()).toBeNull();
        await bodies.compact();
      }, workspace);
    });

    test("keeps a batch with all it asks until it has ended, also over a restart", async () => {
      const workspace = freshWorkspace();
      const calls = [
        { key: "k1", address: "topic{row=1}", step: 0, request: { messages: [], big: 9007199254740993n } },
      ];
      const batch = {
        subject: "run-1 a/b",
        model: "a/b",
        notebook: "n.md",
        run: "run-1",
        sentAt: 5,
        reserved: 0.75,
        calls,
        rows: { triage: ["1", "2"] },
      };
      let id = 0;
      await inJournal(async ({ batches }) => {
        id = await batches.add(batch);
        expect(await batches.open("run-1 a/b")).toEqual([{ ...batch, id, batch: null }]);
        await batches.submitted(id, "batch_7");
        await batches.add({ ...batch, subject: "other" });
      }, workspace);
      await inJournal(async (journal) => {
        const { batches } = journal;
        const reserved = async (since: number, notebook?: string): Promise<readonly (number | null)[]> =>
          (await journal.spendingSince(since, notebook)).batches.map((one) => one.reserved);
        expect(await batches.open("run-1 a/b")).toEqual([{ ...batch, id, batch: "batch_7" }]);
        expect((await batches.open()).map(({ subject }) => subject)).toEqual(["run-1 a/b", "other"]);
        await batches.add({ ...batch, notebook: "other.md", reserved: null, sentAt: 9 });
        expect(await reserved(5)).toEqual([0.75, 0.75, null]);
        expect(await reserved(6)).toEqual([null]);
        expect(await reserved(0, "n.md")).toEqual([0.75, 0.75]);
        await batches.ended(id);
        expect(await reserved(0, "n.md")).toEqual([0.75]);
        expect((await batches.open("run-1 a/b")).map(({ notebook }) => notebook)).toEqual(["other.md"]);
        expect([await batches.move("n.md", "moved.md"), await batches.move("none.md", "moved.md")]).toEqual([5, null]);
        expect([await reserved(0, "n.md"), await reserved(0, "moved.md")]).toEqual([[], [0.75]]);
      }, workspace);
    });

    test("knows which calls of a batch were written before a process ended, also those that failed", () =>
      inJournal(async (journal) => {
        const of = { run: "run-2", sentAt: 50 };
        const done = await record(journal, { ...of, key: "done" });
        const failed = await record(journal, { ...of, key: "failed" }, { state: "failed" });
        await record(journal, { ...of, sentAt: 51, key: "later" });
        expect(await journal.batches.written(of)).toEqual([
          { id: done, key: "done", ended: true },
          { id: failed, key: "failed", ended: true },
        ]);
      }));
  });
}
