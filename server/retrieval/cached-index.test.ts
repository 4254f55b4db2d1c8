import { setImmediate as pause } from "node:timers/promises";
import { expect, test } from "vitest";
import { cachedIndexes, type IndexFile } from "./cached-index.ts";

/** An index that knows whether it is open. */
interface Index {
  readonly path: string;
  isOpen: boolean;
}

/** Indexes that are always whole, with what is opened and closed of them written down. */
function counted() {
  const log: string[] = [];
  const file = (path: string): IndexFile<Index> => ({
    path,
    async open() {
      log.push(`+${path}`);
      return { path, isOpen: true };
    },
    build: async () => {},
    close(index) {
      expect(index.isOpen).toBe(true);
      index.isOpen = false;
      log.push(`-${path}`);
    },
  });
  const indexes = cachedIndexes<Index>();
  /** Uses an index until `end` resolves, and says whether it was open all the time. */
  const use = (path: string, end: Promise<void> = Promise.resolve()): Promise<boolean> =>
    indexes.use(file(path), undefined, async (index) => {
      const before = index.isOpen;
      await end;
      return before && index.isOpen;
    });
  return { log, use, indexes, file };
}

const others = ["1", "2", "3", "4", "5", "6", "7", "8", "9"];

test("an index stays open while it is used, however many others are", async () => {
  const { log, use } = counted();
  const end = Promise.withResolvers<void>();
  const long = use("0", end.promise);
  for (const path of others) expect(await use(path)).toBe(true);
  expect(log).not.toContain("-0");
  end.resolve();
  expect(await long).toBe(true);
});

test("more than are kept may be in use together, and close once nobody uses them", async () => {
  const { log, use, indexes } = counted();
  const end = Promise.withResolvers<void>();
  const all = ["0", ...others].flatMap((path) => [use(path, end.promise), use(path, end.promise)]);
  await pause();
  expect(log).toEqual(["0", ...others].map((path) => `+${path}`));
  end.resolve();
  expect(await Promise.all(all)).not.toContain(false);
  expect(log.filter((entry) => entry.startsWith("-"))).toHaveLength(2);
  indexes.close();
  expect(log.filter((entry) => entry.startsWith("-")).toSorted()).toEqual(["0", ...others].map((path) => `-${path}`));
});

test("the one that was not used for longest makes room", async () => {
  const { log, use } = counted();
  for (const path of others.slice(0, 8)) await use(path);
  await use("1");
  await use("9");
  expect(log.filter((entry) => entry.startsWith("-"))).toEqual(["-2"]);
});

test("one that is closed while it is used is open to its last user's end", async () => {
  const { log, use, indexes } = counted();
  const [first, last] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
  const users = [use("0", first.promise), use("0", last.promise)];
  await pause();
  indexes.close();
  first.resolve();
  expect(await users[0]).toBe(true);
  expect(log).toEqual(["+0"]);
  last.resolve();
  expect(await users[1]).toBe(true);
  expect(log).toEqual(["+0", "-0"]);
});

test("work that fails though its file is whole fails alone: other users keep the index, and all is closed in the end", async () => {
  const { log, use, indexes, file } = counted();
  const end = Promise.withResolvers<void>();
  const long = use("0", end.promise);
  const failing = indexes.use(file("0"), undefined, () => Promise.reject(new Error("no")));
  await expect(failing).rejects.toThrow("no");
  end.resolve();
  expect(await long).toBe(true);
  indexes.close();
  expect(log.filter((entry) => entry === "+0")).toHaveLength(log.filter((entry) => entry === "-0").length);
});

test("one that is open only when all who waited for it have gone is closed again", async () => {
  const { log, indexes, file } = counted();
  const ready = Promise.withResolvers<void>();
  const abort = new AbortController();
  const slow: IndexFile<Index> = { ...file("0"), open: (path) => ready.promise.then(() => file("0").open(path)) };
  const waiting = indexes.use(slow, abort.signal, () => Promise.resolve());
  abort.abort(new Error("enough"));
  await expect(waiting).rejects.toThrow("enough");
  ready.resolve();
  await pause();
  expect(log).toEqual(["+0", "-0"]);
});
