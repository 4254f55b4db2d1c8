import { setImmediate as nextTurn } from "node:timers/promises";
import { describe, expect, test } from "vitest";
import { groupCommit } from "./group-commit.ts";

/** A commit that a test ends by hand, and what each one was given. */
function handCommit() {
  const commits: { writes: readonly number[]; end(outcomes: readonly (string | Error)[]): void; fail(): void }[] = [];
  const commit = (writes: readonly number[]) =>
    new Promise<readonly (string | Error)[]>((resolve, reject) => {
      commits.push({ writes, end: resolve, fail: () => reject(new Error("the disk is full")) });
    });
  return { commits, ...groupCommit(commit) };
}

describe("writes that are committed together", () => {
  test("are all that came while the last commit was under way, in their order", async () => {
    const { commits, write } = handCommit();
    const first = write(1);
    await nextTurn();
    const rest = Promise.all([write(2), write(3), write(4)]);
    await nextTurn();
    expect(commits.map(({ writes }) => writes)).toEqual([[1]]);
    commits[0]!.end(["one"]);
    expect(await first).toBe("one");
    await nextTurn();
    await nextTurn();
    expect(commits.map(({ writes }) => writes)).toEqual([[1], [2, 3, 4]]);
    commits[1]!.end(["two", "three", "four"]);
    expect(await rest).toEqual(["two", "three", "four"]);
  });

  test("begin with those of one turn of the event loop, so that a burst is one commit", async () => {
    const { commits, write } = handCommit();
    void write(1);
    void Promise.resolve().then(() => write(2));
    await nextTurn();
    expect(commits.map(({ writes }) => writes)).toEqual([[1, 2]]);
  });

  test("are at most a thousand, the others follow", async () => {
    const { commits, write, settled } = handCommit();
    const all = Promise.all(Array.from({ length: 2_500 }, (_, index) => write(index)));
    for (let commit = 0; commit < 3; commit += 1) {
      await nextTurn();
      commits[commit]!.end(commits[commit]!.writes.map(String));
      await nextTurn();
    }
    expect(commits.map(({ writes }) => writes.length)).toEqual([1_000, 1_000, 500]);
    expect(await all).toEqual(Array.from({ length: 2_500 }, (_, index) => String(index)));
    await settled();
  });

  test("fail together where the commit fails, and the next ones go on", async () => {
    const { commits, write } = handCommit();
    const outcomes = Promise.allSettled([write(1), write(2)]);
    await nextTurn();
    const later = write(3);
    commits[0]!.fail();
    expect((await outcomes).map(({ status }) => status)).toEqual(["rejected", "rejected"]);
    await nextTurn();
    commits[1]!.end(["three"]);
    expect(await later).toBe("three");
  });

  test("are refused one by one", async () => {
    const { commits, write } = handCommit();
    const outcomes = Promise.allSettled([write(1), write(2)]);
    await nextTurn();
    commits[0]!.end([new Error("not this one"), "two"]);
    expect((await outcomes).map(({ status }) => status)).toEqual(["rejected", "fulfilled"]);
  });

  test("are settled when none is waiting", async () => {
    const { commits, write, settled } = handCommit();
    await settled();
    let isSettled = false;
    const written = write(1);
    const done = settled().then(() => (isSettled = true));
    await nextTurn();
    expect(isSettled).toBe(false);
    commits[0]!.end(["one"]);
    await written;
    await done;
    expect(isSettled).toBe(true);
  });
});
