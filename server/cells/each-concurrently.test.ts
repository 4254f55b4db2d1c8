import { expect, test } from "vitest";
import { eachConcurrently } from "./each-concurrently.ts";

test("all are started at once, and events come as they are emitted", async () => {
  const gates = Array.from({ length: 3 }, () => Promise.withResolvers<void>());
  let started = 0;
  const events = eachConcurrently<string>(3, async (index, emit) => {
    started += 1;
    await gates[index]!.promise;
    emit(`end ${index}`);
  });
  const first = events.next();
  await Promise.resolve();
  expect(started).toBe(3);
  gates[2]!.resolve();
  expect(await first).toEqual({ done: false, value: "end 2" });
  gates[0]!.resolve();
  gates[1]!.resolve();
  expect((await Array.fromAsync(events)).toSorted()).toEqual(["end 0", "end 1"]);
});

test("the first to throw ends it with that error, after what was emitted before", async () => {
  const events = eachConcurrently<string>(2, async (index, emit) => {
    emit(`start ${index}`);
    if (index === 1) throw new Error("one failed");
  });
  const seen: string[] = [];
  await expect(
    (async () => {
      for await (const event of events) seen.push(event);
    })(),
  ).rejects.toThrow("one failed");
  expect(seen).toEqual(["start 0", "start 1"]);
});

test("none is nothing", async () => {
  expect(await Array.fromAsync(eachConcurrently(0, async () => {}))).toEqual([]);
});
