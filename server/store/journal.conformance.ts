import { describe, expect, test } from "vitest";
import { SheafError } from "#server/notebook/sheaf-error.ts";
import { definedOnly } from "#server/notebook/defined-only.ts";
import { importedRun, type CallEnd, type CallIntent, type Journal } from "./journal.ts";
import { describeJournalParts } from "./journal-parts.conformance.ts";

/** A call about to be sent, for tests. */
export function intentOf(changes: Partial<CallIntent> = {}): CallIntent {
  return {
    key: "key",
    notebook: "triage.md",
    address: "topic{model=small}",
    step: 0,
    run: "run-1",
    model: "echo/echo",
    request: { messages: [{ role: "user", content: "My card still has not arrived" }] },
    sentAt: 1_000,
    ...changes,
  };
}

/** A good end of a call, for tests. */
export function endOf(changes: Partial<CallEnd> = {}): CallEnd {
  return {
    state: "done",
    endedAt: 2_000,
    text: "card_arrival",
    finish: "stop",
    usage: { input: 12, output: 3 },
    cost: 0.25,
    price: { source: "test" },
    ...changes,
  };
}

/** What every journal does. `open` gives one of a workspace; two of one workspace share what is written. */
export function describeJournal(open: (workspace: string) => Promise<Journal>): void {
  let workspaces = 0;
  const freshWorkspace = (): string => `journal-${(workspaces += 1)}`;

  async function inJournal(work: (journal: Journal) => Promise<void>, workspace = freshWorkspace()): Promise<void> {
    const journal = await open(workspace);
    try {
      await work(journal);
    } finally {
      await journal.close();
    }
  }

  async function record(journal: Journal, intent: Partial<CallIntent>, end: Partial<CallEnd> = {}): Promise<number> {
    const id = await journal.begin(intentOf(intent));
    await journal.finish(id, endOf(end));
    return id;
  }

  describeJournalParts({ inJournal, record, freshWorkspace, intentOf, endOf });

  describe("a journal", () => {
    test("gives the answer of a finished call by its key with all that was written but the provider's own, which the call has", () =>
      inJournal(async (journal) => {
        const end = endOf({
          firstTextAt: 1_500,
          answeredBy: "echo/echo-2",
          requestId: "req-7",
          usage: {
            input: 12,
            output: 3,
            cachedInput: 4,
            cacheWrite: 5,
            hourCacheWrite: 2,
            reasoning: 1,
            audio: 2,
            image: 6,
            outputAudio: 1,
            outputImage: 4,
          },
          keyNumber: 3,
          keyHash: "3fa1b2c4",
          reasoning: "Let me see.",
          attempts: [
            {
              endedAt: 1_300,
              code: "model.overloaded",
              message: "busy",
              waited: 200,
              unbilled: true,
              requestId: "req-6",
              status: 503,
              key: 2,
              next: "echo/b",
            },
          ],
          price: { source: "test", rates: [0.1, 0.2], tokens: 9007199254740993n },
        });
        const id = await journal.begin(intentOf({ key: "full", sentAt: 1_234 }));
        const response = { system_fingerprint: "fp_1", choices: [{ logprobs: null }], created: 9007199254740993n };
        await journal.finish(id, { ...end, response });
        expect((await journal.list({ key: "full", limit: 1 }))[0]!.end).toEqual({ ...end, response });
        expect(await journal.find(["full"])).toEqual(
          new Map([["full", { ...end, id, key: "full", model: "echo/echo", sentAt: 1_234 }]]),
        );
      }));

    test("finds the newest good answer of each key, and nothing for others", () =>
      inJournal(async (journal) => {
        await record(journal, { key: "a" }, { text: "old" });
        await record(journal, { key: "a" }, { text: "new" });
        await record(journal, { key: "b" }, { text: "other" });
        const found = await journal.find(["a", "b", "c"]);
        expect(Array.from(found, ([key, answer]) => [key, answer.text]).sort()).toEqual([
          ["a", "new"],
          ["b", "other"],
        ]);
      }));

    test("never gives a failed, cancelled, truncated or unanswered call as an answer", () =>
      inJournal(async (journal) => {
        for (const state of ["failed", "cancelled", "truncated"] as const) {
          await record(journal, { key: state }, { state, text: "half" });
          await record(journal, { key: `${state} after good` }, { text: "good" });
          await record(journal, { key: `${state} after good` }, { state, text: "half" });
        }
        await journal.begin(intentOf({ key: "open" }));
        const found = await journal.find([
          "failed",
          "cancelled",
          "truncated",
          "open",
          "failed after good",
          "cancelled after good",
          "truncated after good",
        ]);
        expect(Array.from(found.values(), ({ text }) => text)).toEqual(["good", "good", "good"]);
      }));

    test("finds thousands of keys at once", () =>
      inJournal(async (journal) => {
        const keys = Array.from({ length: 1_200 }, (_, index) => `many-${index}`);
        await Promise.all(keys.map((key) => record(journal, { key }, { text: key })));
        const found = await journal.find([...keys, "absent"]);
        expect(found.size).toBe(keys.length);
        expect(keys.every((key) => found.get(key)!.text === key)).toBe(true);
      }));

    test("finds nothing for no keys", () =>
      inJournal(async (journal) => {
        expect((await journal.find([])).size).toBe(0);
      }));

    test("lists calls newest first, of all, a run or a key, with those that never ended", () =>
      inJournal(async (journal) => {
        const first = await record(journal, { key: "a", run: "one" });
        const second = await journal.begin(intentOf({ key: "b", run: "two", address: "topic", step: 1 }));
        const third = await record(journal, { key: "a", run: "two" });
        const ids = async (filter: { run?: string; key?: string }) =>
          (await journal.list({ ...filter, limit: 10 })).map(({ id }) => id);
        expect(await ids({})).toEqual([third, second, first]);
        expect(await ids({ run: "two" })).toEqual([third, second]);
        expect(await ids({ key: "a" })).toEqual([third, first]);
        expect(await ids({ key: "a", run: "two" })).toEqual([third]);
        expect((await journal.list({ limit: 1 })).length).toBe(1);
        expect(await journal.read(first)).toEqual((await journal.list({ key: "a", limit: 2 }))[1]);
        expect(await journal.read(third + 1_000_000)).toBeNull();
        expect((await journal.list({ key: "b", limit: 1 }))[0]).toEqual({
          ...intentOf({ key: "b", run: "two", address: "topic", step: 1 }),
          id: second,
          end: null,
        });
      }));

    test("lists calls without what was sent and answered where that is not asked for", () =>
      inJournal(async (journal) => {
        await record(journal, { key: "a" });
        await journal.begin(intentOf({ key: "b" }));
        const whole = await journal.list({ limit: 10 });
        const bodiless = whole.map(({ end, ...call }) => {
          if (end === null) return { ...call, request: null, end };
          const { response: _, reasoning: __, ...facts } = end;
          return { ...call, request: null, end: { ...facts, text: null } };
        });
        expect(whole.some(({ request, end }) => request !== null && end?.text)).toBe(true);
        expect(await journal.list({ limit: 10, bodies: false })).toEqual(bodiless);
      }));

    test("keeps how a call failed", () =>
      inJournal(async (journal) => {
        const error = {
          code: "model.unauthorized",
          message: "the key is wrong",
          cure: "Set another.",
          position: { line: 1, column: 2, offset: 1, length: 3 },
        };
        const failed = endOf({ state: "failed", text: "", cost: null, error, usage: {}, price: null });
        const id = await journal.begin(intentOf());
        await journal.finish(id, failed);
        expect((await journal.list({ limit: 1 }))[0]!.end).toEqual(failed);
      }));

    test("loses no end for what a server has put where a name or a count should be", () =>
      inJournal(async (journal) => {
        const usage = { input: 12, output: Number.NaN, reasoning: { a: 1 } };
        const odd = { answeredBy: { a: 1 }, requestId: ["x"], finish: true, keyNumber: {}, usage };
        await record(journal, { key: "odd" }, odd as unknown as Partial<CallEnd>);
        await record(journal, { key: "even" });
        const { finish: _, ...plain } = endOf();
        const [even, found] = await journal.list({ limit: 2 });
        expect([even!.end, found!.end]).toEqual([endOf(), { ...plain, usage: { input: 12 } }]);
      }));

    test("ends a call once: a second end, or that of a call that never began, is refused alone", () =>
      inJournal(async (journal) => {
        const id = await journal.begin(intentOf({ key: "once" }));
        const outcomes = await Promise.allSettled([
          journal.finish(id, endOf({ text: "first" })),
          journal.finish(id, endOf({ text: "second" })),
          journal.finish(id + 1_000_000, endOf()),
          journal.begin(intentOf({ key: "beside" })),
        ]);
        expect(outcomes.map(({ status }) => status)).toEqual(["fulfilled", "rejected", "rejected", "fulfilled"]);
        for (const outcome of outcomes.slice(1, 3)) {
          const { reason } = outcome as PromiseRejectedResult;
          expect(reason).toBeInstanceOf(SheafError);
          expect(reason).toMatchObject({ code: "journal.not-open" });
        }
        expect((await journal.find(["once"])).get("once")!.text).toBe("first");
      }));

    test("sums cost and calls since a time by model, and counts what it does not know apart", () =>
      inJournal(async (journal) => {
        await record(journal, { model: "b/b", sentAt: 99 }, { cost: 100 });
        await record(journal, { model: "b/b", sentAt: 100 }, { cost: 0.5 });
        await record(journal, { model: "b/b", sentAt: 101 }, { cost: null });
        await record(journal, { model: "B/b", sentAt: 102 }, { cost: 0.25 });
        await record(journal, { model: "a/a", sentAt: 102 }, { cost: 0, state: "failed" });
        await journal.begin(intentOf({ model: "a/a", sentAt: 103 }));
        expect(await journal.usageSince(100)).toEqual({
          calls: 5,
          cost: 0.75,
          unpriced: 1,
          unanswered: 1,
          models: [
            { model: "B/b", calls: 1, cost: 0.25, unpriced: 0, unanswered: 0 },
            { model: "a/a", calls: 2, cost: 0, unpriced: 0, unanswered: 1 },
            { model: "b/b", calls: 2, cost: 0.5, unpriced: 1, unanswered: 0 },
          ],
        });
        expect(await journal.usageSince(100, "triage.md")).toEqual(await journal.usageSince(100));
        expect((await journal.usageSince(100, "other.md")).calls).toBe(0);
        expect(await journal.usageSince(1_000)).toEqual({
          calls: 0,
          cost: 0,
          unpriced: 0,
          unanswered: 0,
          models: [],
        });
      }));

    test("says what is spent since a time, and which calls it has counted that had no end", () =>
      inJournal(async (journal) => {
        const nothing = { cost: 0, estimated: 0, expected: 0, unpriced: 0, lastCall: 0, open: [], batches: [] };
        expect(await journal.spendingSince(0)).toEqual(nothing);
        await record(journal, { sentAt: 99 }, { cost: 100 });
        await record(journal, { sentAt: 100 }, { cost: 0.5 });
        const open = await journal.begin(intentOf({ sentAt: 101 }));
        const last = await record(journal, { sentAt: 102 }, { cost: null });
        await record(journal, { sentAt: 103, notebook: "other.md" }, { cost: 0.25 });
        const spending = { ...nothing, cost: 0.5, unpriced: 1, lastCall: last, open: [open] };
        expect(await journal.spendingSince(100, "triage.md")).toEqual(spending);
        expect(await journal.spendingSince(100)).toEqual({ ...spending, cost: 0.75, lastCall: last + 1 });
        await journal.finish(open, endOf({ cost: 1 }));
        expect(await journal.spendingSince(100, "triage.md")).toEqual({ ...spending, cost: 1.5, open: [] });
      }));

    test("counts for budgets alone what calls without a cost were expected to come to", () =>
      inJournal(async (journal) => {
        await record(journal, { sentAt: 99 }, { cost: null, expected: 100 });
        await record(journal, { sentAt: 100 }, { cost: null, expected: 0.25 });
        await record(journal, { sentAt: 101 }, { cost: null, expected: 0.5, state: "truncated" });
        await record(journal, { sentAt: 102 }, { cost: null });
        const last = await record(journal, { sentAt: 103 }, { cost: 1 });
        const spending = { cost: 1, estimated: 2, expected: 0.75, unpriced: 1 };
        expect(await journal.spendingSince(100)).toMatchObject(spending);
        expect(await journal.usageSince(100)).toMatchObject({ cost: 1, unpriced: 3 });
        expect((await journal.ledger({ after: last - 3, limit: 1 }))[0]).toMatchObject({ cost: null });
      }));

    test("counts for budgets what calls that others began, or a process that died, were expected to come to until they end", async () => {
      const workspace = freshWorkspace();
      const begun = (journal: Journal) =>
        Promise.all([0.25, 0, undefined].map((expected) => journal.begin(intentOf(definedOnly({ expected })))));
      const nothing = { cost: 0, estimated: 0, expected: 0, unpriced: 0 };
      const left = { ...nothing, estimated: 1, expected: 0.25, unpriced: 1 };
      await inJournal(async (journal) => {
        const own = await begun(journal);
        expect(await journal.spendingSince(0)).toMatchObject({ ...nothing, open: own });
        await inJournal(async (other) => expect(await other.spendingSince(0)).toMatchObject(left), workspace);
        expect((await journal.usageSince(0)).unanswered).toBe(3);
      }, workspace);
      await inJournal(async (journal) => {
        expect(await journal.spendingSince(0)).toMatchObject(left);
        const ledger = await journal.ledger({ after: 0, limit: 9 });
        expect(ledger.map(({ state, cost }) => `${state} ${cost}`)).toEqual(Array(3).fill("null null"));
        await journal.finish(ledger[0]!.id, endOf({ cost: 1 }));
        expect(await journal.spendingSince(0)).toMatchObject({ ...nothing, cost: 1, unpriced: 1 });
      }, workspace);
    });

    test("gives the newest good answer of each key with its place, in parts, of one notebook or all", () =>
      inJournal(async (journal) => {
        await record(journal, { key: "one" }, { text: "old" });
        const other = await record(journal, { key: "two", notebook: "other.md", step: 2 });
        const newest = await record(journal, { key: "one" }, { text: "new" });
        await record(journal, { key: "three" }, { state: "truncated" });
        await journal.begin(intentOf({ key: "four" }));
        const [first, ...rest] = await journal.answers({ after: 0, limit: 1 });
        expect([first, rest]).toEqual([
          expect.objectContaining({ id: other, key: "two", notebook: "other.md", step: 2, text: "card_arrival" }),
          [],
        ]);
        const left = await journal.answers({ after: other, limit: 10 });
        expect(left.map(({ id, text, address }) => [id, text, address])).toEqual([
          [newest, "new", "topic{model=small}"],
        ]);
        expect(await journal.answers({ after: 0, limit: 10, notebook: "triage.md" })).toEqual(left);
      }));

    test("counts no call as its own that was made in another workspace, and answers by it", () =>
      inJournal(async (journal) => {
        const id = await record(journal, { key: "theirs", run: importedRun });
        expect((await journal.find(["theirs"])).get("theirs")).toMatchObject({ id, cost: 0.25 });
        expect(await journal.ledger({ after: 0, limit: 10 })).toEqual([]);
        expect(await journal.endedOf([id])).toEqual([]);
        expect(await journal.usageSince(0)).toMatchObject({ calls: 0, cost: 0 });
        expect(await journal.spendingSince(0)).toMatchObject({ cost: 0, unpriced: 0 });
      }));

    test("gives its ledger from an id on, in order, without what was sent and answered", () =>
      inJournal(async (journal) => {
        const first = await record(journal, { key: "one", address: "topic{model=small}" }, { cost: 0.5 });
        const open = await journal.begin(intentOf({ key: "two" }));
        const attempt = { endedAt: 3, code: "model.overloaded", message: "busy", waited: 10, unbilled: true };
        const error = { code: "model.timeout", message: "too late" };
        const last = await record(
          journal,
          { key: "three" },
          {
            state: "failed",
            error,
            attempts: [attempt, { ...attempt, next: "other/model" }],
            cost: null,
            keyNumber: 2,
            keyHash: "99ab12cd",
          },
        );
        const all = await journal.ledger({ after: first - 1, limit: 10 });
        expect(all.map(({ id, state, cost, error, attempts }) => [id, state, cost, error, attempts])).toEqual([
          [first, "done", 0.5, null, 0],
          [open, null, null, null, 0],
          [last, "failed", null, "model.timeout", 2],
        ]);
        expect(all.map(({ provider, keyNumber, keyHash }) => [provider, keyNumber, keyHash])).toEqual([
          ["echo", null, null],
          ["echo", null, null],
          ["other", 2, "99ab12cd"],
        ]);
        expect(all[0]).toMatchObject({ address: "topic{model=small}", usage: { input: expect.any(Number) } });
        expect(Object.keys(all[0]!)).not.toContain("request");
        expect((await journal.ledger({ after: first, limit: 1 })).map(({ id }) => id)).toEqual([open]);
      }));

    test("gives those of some calls that have ended, however many are asked for", () =>
      inJournal(async (journal) => {
        const done = await record(journal, { key: "one" }, { cost: 0.5 });
        const open = await journal.begin(intentOf({ key: "two" }));
        const failed = await record(journal, { key: "three" }, { state: "failed" });
        await record(journal, { key: "not asked for" });
        const unknown = Array.from({ length: 1_200 }, (_, index) => failed + 10 + index);
        const ended = await journal.endedOf([done, open, ...unknown, failed]);
        expect(ended.map(({ id, state }) => [id, state])).toEqual([
          [done, "done"],
          [failed, "failed"],
        ]);
        expect(ended[0]).toEqual((await journal.ledger({ after: done - 1, limit: 1 }))[0]);
        expect(await journal.endedOf([])).toEqual([]);
      }));

    test("keeps any text as it was: empty, of many lines, with NUL, quotes, emoji and half of one", () =>
      inJournal(async (journal) => {
        const texts = [
          "",
          "a\r\nb\n",
          "nul \u0000 inside",
          `it's "so"`,
          "🃏 карта",
          "\ud83c alone",
          "x".repeat(300_000),
        ];
        for (const [index, text] of texts.entries())
          await record(journal, { key: `text-${index}`, request: { text } }, { text });
        const found = await journal.find(texts.map((_, index) => `text-${index}`));
        expect(texts.map((_, index) => found.get(`text-${index}`)!.text)).toEqual(texts);
        const requests = (await journal.list({ limit: texts.length })).map(({ request }) => request).toReversed();
        expect(requests).toEqual(texts.map((text) => ({ text })));
      }));

    test("does not show one workspace the calls of another", async () => {
      const mine = freshWorkspace();
      await inJournal(async (journal) => void (await record(journal, { key: "mine" })), mine);
      await inJournal(async (journal) => {
        expect((await journal.find(["mine"])).size).toBe(0);
        expect(await journal.list({ limit: 10 })).toEqual([]);
        expect((await journal.usageSince(0)).calls).toBe(0);
      });
    });

    test("has what was written after it was closed and opened again, and ids that still grow", async () => {
      const workspace = freshWorkspace();
      let last = 0;
      await inJournal(async (journal) => {
        last = await record(journal, { key: "kept" });
      }, workspace);
      await inJournal(async (journal) => {
        expect((await journal.find(["kept"])).size).toBe(1);
        expect(await record(journal, { key: "later" })).toBeGreaterThan(last);
      }, workspace);
    });

    test("writes what was called before it is closed", async () => {
      const workspace = freshWorkspace();
      const journal = await open(workspace);
      const writes = Array.from({ length: 50 }, (_, index) => journal.begin(intentOf({ key: `late-${index}` })));
      await journal.close();
      expect(new Set(await Promise.all(writes)).size).toBe(50);
      await inJournal(async (again) => expect((await again.list({ limit: 100 })).length).toBe(50), workspace);
    });
  });
}
