import { expect, test } from "vitest";
import { later } from "./later";

const unexpected = (): never => {
  throw new Error("it did not fail");
};

test("what is loaded later does what is asked in the order it was asked, and is loaded once", async () => {
  const asked: string[] = [];
  let loads = 0;
  const hands = later(async () => {
    loads += 1;
    return { say: async (word: string) => asked.push(word), fail: () => Promise.reject(new Error("no")) };
  }, unexpected);
  expect(loads).toBe(0);
  await Promise.all([hands.say("one"), hands.say("two")]);
  await expect(hands.fail()).rejects.toThrow("no");
  expect([asked, loads]).toEqual([["one", "two"], 1]);
});

test("what cannot be loaded is told once, and tried again by the next call", async () => {
  let loads = 0;
  let told = 0;
  const hands = later(
    async () => {
      loads += 1;
      if (loads === 1) throw new Error("the server is away");
      return { say: async (word: string) => `said ${word}` };
    },
    () => (told += 1),
  );
  const [one, two] = await Promise.allSettled([hands.say("one"), hands.say("two")]);
  expect([one.status, two.status, told]).toEqual(["rejected", "rejected", 1]);
  expect(await hands.say("three")).toBe("said three");
  expect(await hands.say("four")).toBe("said four");
  expect([loads, told]).toEqual([2, 1]);
});
