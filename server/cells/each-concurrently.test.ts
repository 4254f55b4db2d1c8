import { expect, test } from "vitest";
import { eachConcurrently } from "./each-concurrently.ts";

async function collect(events: AsyncIterable<string>, each: () => Promise<void> = async () => {}): Promise<string[]> {
  const found: string[] = [];
  for await (const event of events) {
    found.push(event);
    await each();
  }
  return found;
}

test("all run at once, and what they emit comes as it comes", async () => {
  const gates = Array.from({ length: 3 }, () => Promise.withResolvers<void>());
  const events = eachConcurrently<string>(3, async (index, emit) => {
    await gates[index]!.promise;
    emit(`${index}`);
  });
  for (const index of [2, 0, 1]) {
    gates[index]!.resolve();
    expect((await events.next()).value).toBe(`${index}`);
  }
  expect((await events.next()).done).toBe(true);
});

test("what the last ones emit while the reader is busy with the first is not lost", async () => {
  const release = Promise.withResolvers<void>();
  const events = eachConcurrently<string>(20, async (index, emit) => {
    if (index > 0) await release.promise;
    emit(`${index}`);
  });
  const found = await collect(events, async () => {
    release.resolve();
    await new Promise(setImmediate);
  });
  expect(found).toHaveLength(20);
});

test("the first to throw ends it, after what came before", async () => {
  const events = eachConcurrently<string>(2, async (index, emit) => {
    emit(`${index}`);
    if (index === 1) throw new Error("broke");
  });
  expect([(await events.next()).value, (await events.next()).value]).toEqual(["0", "1"]);
  await expect(events.next()).rejects.toThrow("broke");
});

test("nothing to run is an end at once", async () => {
  expect(await collect(eachConcurrently<string>(0, async () => {}))).toEqual([]);
});
