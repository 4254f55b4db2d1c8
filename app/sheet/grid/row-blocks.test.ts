import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { createRowBlocks, type RowBlocks, type RowPage } from "./row-blocks.ts";

/** A list that answers when it is told to, and what was asked of it. */
function list(total: () => number | null, order = () => "one") {
  const asked: { from: number; first: boolean; signal: AbortSignal; answer(): void; fail(): void }[] = [];
  const told: (number | "all")[] = [];
  const failures: unknown[] = [];
  const blocks: RowBlocks<RowPage<string>> = createRowBlocks({
    size: 100,
    fetch: (from, to, first, signal) =>
      new Promise((resolve, reject) => {
        const rows = (count: number): string[] =>
          Array.from({ length: Math.max(0, Math.min(to, count) - from) }, (_, index) => `row ${from + index}`);
        asked.push({
          from,
          first,
          signal,
          answer: () => resolve(total() === null ? null : { total: total()!, order: order(), rows: rows(total()!) }),
          fail: () => reject(new Error("gone")),
        });
      }),
    told: (what) => told.push(what),
    failed: (thrown) => failures.push(thrown),
    now: () => Date.now(),
    later(work, milliseconds) {
      const timer = setTimeout(work, milliseconds);
      return () => clearTimeout(timer);
    },
  });
  /** Answers what is asked now, and with `all` also what is asked then. */
  const answer = async (all = false): Promise<void> => {
    asked.splice(0).forEach((one) => one.answer());
    await vi.advanceTimersByTimeAsync(0);
    if (all && asked.length > 0) await answer(true);
  };
  return { asked, told, failures, blocks, answer };
}

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

test("the first block is read alone, and then what is seen, its middle first", async () => {
  const { asked, blocks, answer } = list(() => 1_000);
  blocks.want(80, 320);
  expect(asked.map(({ from, first }) => [from, first])).toEqual([[100, true]]);
  expect(blocks.total).toBeUndefined();
  await answer();
  expect(blocks.total).toBe(1_000);
  expect(blocks.block(1)?.rows[0]).toBe("row 100");
  expect(asked.map(({ from, first }) => [from, first])).toEqual([
    [200, false],
    [0, false],
    [300, false],
  ]);
});

test("a read of what is no longer seen is given up, and its answer is not taken", async () => {
  const { asked, blocks, answer } = list(() => 10_000);
  blocks.want(0, 40);
  await answer(true);
  blocks.want(5_000, 5_040);
  const [passed] = asked;
  blocks.want(9_000, 9_040);
  expect(passed!.signal.aborted).toBe(true);
  await answer();
  expect(blocks.block(50)).toBeUndefined();
  expect(blocks.block(90)?.rows[0]).toBe("row 9000");
});

test("what is beside it is read when all that is seen is there", async () => {
  const { asked, blocks, answer } = list(() => 1_000);
  blocks.want(400, 440);
  await answer();
  expect(asked.map(({ from }) => from)).toEqual([500]);
  blocks.want(460, 510);
  expect(asked.map(({ from, signal }) => [from, signal.aborted])).toEqual([[500, false]]);
  await answer(true);
  expect([3, 4, 5, 6, 7].every((block) => blocks.block(block)?.rows.length === 100)).toBe(true);
  expect(blocks.block(8)).toBeUndefined();
  blocks.want(380, 420);
  expect(asked.map(({ from }) => from)).toEqual([200]);
  await answer();
  expect(asked.map(({ from }) => from)).toEqual([100]);
});

test("after changes what is seen is read again four times a second at most, and what is known stays meanwhile", async () => {
  const { asked, blocks, answer } = list(() => 1_000);
  blocks.want(0, 40);
  await answer(true);
  let reads = 0;
  for (let time = 0; time < 2_000; time += 20) {
    blocks.changed();
    reads += asked.length;
    expect(blocks.block(0)?.rows).toHaveLength(100);
    await answer();
    await vi.advanceTimersByTimeAsync(20);
  }
  expect(reads).toBeGreaterThan(4);
  expect(reads).toBeLessThanOrEqual(9);
  await vi.advanceTimersByTimeAsync(300);
  await answer();
  await vi.advanceTimersByTimeAsync(300);
  expect(asked).toEqual([]);
});

test("a change while a block is read has it read once more", async () => {
  const { asked, blocks, answer } = list(() => 1_000);
  blocks.want(0, 40);
  blocks.changed();
  await answer();
  expect(asked.map(({ from }) => from)).toEqual([0]);
});

test("of another list nothing is shown in the place of the old before it came", async () => {
  let total = 100;
  const { asked, told, blocks, answer } = list(() => total);
  blocks.want(0, 40);
  await answer();
  total = 3;
  blocks.reset();
  expect(asked.map(({ first }) => first)).toEqual([true]);
  expect(blocks.total).toBe(100);
  await answer();
  expect(blocks.total).toBe(3);
  expect(told).toEqual(["all", "all"]);
});

test("a list without rows, and one that cannot be had, are not asked for again and again", async () => {
  let total: number | null = null;
  const { asked, blocks, answer } = list(() => total);
  blocks.want(0, 40);
  await answer();
  await vi.advanceTimersByTimeAsync(5_000);
  expect(blocks.total).toBeNull();
  expect(asked).toEqual([]);
  total = 0;
  blocks.changed();
  await vi.advanceTimersByTimeAsync(300);
  await answer();
  await vi.advanceTimersByTimeAsync(5_000);
  expect(blocks.total).toBe(0);
  expect(asked).toEqual([]);
});

test("what failed is told and tried again after a while", async () => {
  const { asked, failures, blocks, answer } = list(() => 1_000);
  blocks.want(0, 40);
  asked.splice(0).forEach((one) => one.fail());
  await vi.advanceTimersByTimeAsync(1_000);
  expect(failures).toHaveLength(1);
  expect(asked).toEqual([]);
  await vi.advanceTimersByTimeAsync(1_500);
  await answer();
  expect(blocks.total).toBe(1_000);
});

test("blocks that are far away are forgotten", async () => {
  const { blocks, answer } = list(() => 1_000_000);
  for (let block = 0; block < 60; block += 1) {
    blocks.want(block * 100, block * 100 + 40);
    await answer(true);
  }
  expect(blocks.block(0)).toBeUndefined();
  expect(blocks.block(59)?.rows).toHaveLength(100);
});

test("what is beside it waits until what is seen is there, however often one looks", async () => {
  const { asked, blocks, answer } = list(() => 10_000);
  blocks.want(0, 40);
  await answer(true);
  blocks.want(5_010, 5_050);
  blocks.want(5_011, 5_051);
  blocks.want(5_012, 5_052);
  expect(asked.map(({ from }) => from)).toEqual([5_000]);
  expect(blocks.reading).toBe(true);
  await answer();
  expect(asked.map(({ from }) => from)).toEqual([5_100]);
  expect(blocks.reading).toBe(false);
});

test("blocks of two orders are never one list: those out of sight go, and those in sight are read again", async () => {
  let order = "one";
  const { asked, told, blocks, answer } = list(
    () => 1_000,
    () => order,
  );
  blocks.want(0, 40);
  await answer(true);
  expect(blocks.order).toBe("one");
  order = "two";
  blocks.want(250, 350);
  expect(asked.map(({ from }) => from)).toEqual([300]);
  await answer();
  expect(blocks.order).toBe("two");
  expect(told.at(-1)).toBe("all");
  expect(blocks.block(0)).toBeUndefined();
  expect(blocks.isNow(3)).toBe(true);
  // What is seen stays until it is there anew.
  expect(blocks.block(2)?.order).toBe("one");
  expect(blocks.isNow(2)).toBe(false);
  await vi.advanceTimersByTimeAsync(300);
  await answer(true);
  expect(blocks.block(2)?.order).toBe("two");
  expect(blocks.isNow(2)).toBe(true);
});

test("a block that was read before the last change, or of another list, is told from those of now", async () => {
  const { blocks, answer } = list(() => 1_000);
  blocks.want(0, 40);
  await answer(true);
  blocks.want(500, 540);
  await answer(true);
  expect([blocks.isNow(0), blocks.isNow(5), blocks.isNow(9)]).toEqual([true, true, false]);
  blocks.changed();
  await vi.advanceTimersByTimeAsync(300);
  await answer(true);
  expect([blocks.isNow(0), blocks.isNow(5)]).toEqual([false, true]);
  expect([blocks.isSeen(0), blocks.isSeen(5)]).toEqual([false, true]);
  blocks.reset();
  expect([blocks.isNow(5), blocks.isSeen(5)]).toEqual([false, false]);
});
