import { describe, expect, test } from "vitest";
import { createTurns } from "./turns.ts";

const forever = new AbortController().signal;

describe("turns", () => {
  test("run one piece of work at a time, short and long alternating, each kind in its order", async () => {
    const turn = createTurns();
    const order: string[] = [];
    let running = 0;
    const work = (name: string) => async () => {
      running += 1;
      expect(running).toBe(1);
      await new Promise(setImmediate);
      order.push(name);
      running -= 1;
    };
    await Promise.all([
      turn({ length: "long" }, forever, work("long 1")),
      turn({ length: "long" }, forever, work("long 2")),
      turn({ length: "long" }, forever, work("long 3")),
      turn({ length: "short" }, forever, work("short 1")),
      turn({ length: "short" }, forever, work("short 2")),
    ]);
    expect(order).toEqual(["long 1", "short 1", "long 2", "short 2", "long 3"]);
  });

  test("of somebody who waits go before those of a sheet, after the one that is running", async () => {
    const turn = createTurns();
    const order: string[] = [];
    const piece = (name: string, length: "short" | "long", priority: "interactive" | "batch") =>
      turn({ length, priority }, forever, async () => void order.push(name));
    await Promise.all([
      ...Array.from({ length: 3 }, (_, row) => piece(`row ${row}`, "long", "batch")),
      ...Array.from({ length: 3 }, (_, slice) => piece(`slice ${slice}`, "short", "batch")),
      piece("answer", "long", "interactive"),
      piece("query", "short", "interactive"),
    ]);
    expect(order).toEqual(["row 0", "query", "answer", "slice 0", "row 1", "slice 1", "row 2", "slice 2"]);
  });

  test("go on after work that failed, and start nothing for who has left", async () => {
    const turn = createTurns();
    const failing = turn({ length: "long" }, forever, () => Promise.reject(new Error("broken")));
    const leaver = new AbortController();
    let started = false;
    const left = turn({ length: "long" }, leaver.signal, async () => void (started = true));
    const after = turn({ length: "long" }, forever, async () => "after");
    leaver.abort(new Error("left"));
    await expect(failing).rejects.toThrow("broken");
    await expect(left).rejects.toThrow("left");
    await expect(after).resolves.toBe("after");
    expect(started).toBe(false);
    await expect(turn({ length: "short" }, forever, async () => "free again")).resolves.toBe("free again");
  });
});
