import { setTimeout as sleep } from "node:timers/promises";
import { expect, test } from "vitest";
import { newestNews } from "./newest-news.ts";

test("whoever reads slowly hears the newest, and at last what came of it", async () => {
  const heard: string[] = [];
  const news = newestNews(async (tell: (text: string) => void) => {
    tell("one");
    tell("two");
    await sleep(5);
    tell("three");
    await sleep(20);
    tell("four");
    tell("five");
    return "end";
  });
  for await (const text of news) {
    heard.push(text);
    await sleep(10);
  }
  expect(heard).toEqual(["two", "three", "five", "end"]);
});

test("what it rejects with is thrown", async () => {
  const news = newestNews(() => Promise.reject(new Error("no")));
  await expect(news.next()).rejects.toThrow("no");
});
