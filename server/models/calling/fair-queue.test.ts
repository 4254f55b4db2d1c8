import { expect, test } from "vitest";
import { live } from "../__fixtures__/held-send.ts";
import type { Sending } from "../model.ts";
import { createFairQueue, type FairQueue } from "./fair-queue.ts";

async function order(
  queue: FairQueue,
  all: readonly (Sending & { readonly name: string })[],
): Promise<readonly string[]> {
  const came: string[] = [];
  const waiting = all.map(({ name, ...sending }) => queue.wait(sending, live()).then(() => came.push(name)));
  while (queue.next());
  await Promise.all(waiting);
  return came;
}

test("those who wait go in the order they came", async () => {
  expect(await order(createFairQueue(), [{ name: "a" }, { name: "b" }, { name: "c" }])).toEqual(["a", "b", "c"]);
});

test("interactive requests go before batch ones that came earlier", async () => {
  expect(
    await order(createFairQueue(), [
      { name: "row 1", priority: "batch" },
      { name: "row 2", priority: "batch" },
      { name: "a person", priority: "interactive" },
    ]),
  ).toEqual(["a person", "row 1", "row 2"]);
});

test("groups take turns, however many wait in one", async () => {
  const big = Array.from({ length: 4 }, (_, index) => ({ name: `big ${index}`, group: "big" }));
  expect(
    await order(createFairQueue(), [...big, { name: "small 0", group: "small" }, { name: "small 1", group: "small" }]),
  ).toEqual(["big 0", "small 0", "big 1", "small 1", "big 2", "big 3"]);
});

test("a group that comes late waits for one turn of each other", async () => {
  const queue = createFairQueue();
  const came: string[] = [];
  const wait = (name: string, group: string): void => void queue.wait({ group }, live()).then(() => came.push(name));
  for (const name of ["a1", "a2", "a3"]) wait(name, "a");
  queue.next();
  wait("b1", "b");
  for (let turns = 0; turns < 3; turns += 1) queue.next();
  await Promise.resolve();
  expect(came).toEqual(["a1", "a2", "b1", "a3"]);
});

test("one who is aborted leaves, and is no one's turn", async () => {
  const queue = createFairQueue();
  const controller = new AbortController();
  const leaving = queue.wait({}, controller.signal);
  const staying = queue.wait({}, live());
  controller.abort(new Error("gone"));
  await expect(leaving).rejects.toThrow("gone");
  await expect(queue.wait({}, controller.signal)).rejects.toThrow("gone");
  expect(queue.length).toBe(1);
  expect(queue.next()).toBe(true);
  await staying;
  expect(queue.next()).toBe(false);
});
