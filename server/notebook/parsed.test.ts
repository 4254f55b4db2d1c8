import { expect, test } from "vitest";
import { renderMessages, renderTemplate, scopeOf } from "#server/language/index.ts";
import { parsedExpression, parsedMessages, parsedTemplate } from "./parsed.ts";

test("the same source is parsed once", () => {
  for (const parsed of [parsedExpression, parsedMessages, parsedTemplate]) {
    const first = parsed("a");
    expect(parsed("b")).not.toBe(first);
    expect(parsed("a")).toBe(first);
  }
});

test("role lines begin messages in a prompt, and are text in a template", () => {
  const source = "system:\nHi";
  expect(renderMessages(parsedMessages(source), scopeOf({}))).toEqual([{ role: "system", content: "Hi" }]);
  expect(renderTemplate(parsedTemplate(source), scopeOf({}))).toBe(source);
});

test("the last twenty thousand sources are kept, and no more", () => {
  const first = parsedExpression("0");
  for (let number = 1; number < 20_000; number += 1) parsedExpression(String(number));
  expect(parsedExpression("0")).toBe(first);
  parsedExpression("20000");
  expect(parsedExpression("19999")).toBe(parsedExpression("19999"));
  expect(parsedExpression("0")).not.toBe(first);
});
