import { expect, test } from "vitest";
import { later } from "./later";

test("what is loaded later does what is asked in the order it was asked, and is loaded once", async () => {
  const asked: string[] = [];
  let loads = 0;
  const hands = later(async () => {
    loads += 1;
    return { say: async (word: string) => asked.push(word), fail: () => Promise.reject(new Error("no")) };
  });
  expect(loads).toBe(0);
  await Promise.all([hands.say("one"), hands.say("two")]);
  await expect(hands.fail()).rejects.toThrow("no");
  expect([asked, loads]).toEqual([["one", "two"], 1]);
});
