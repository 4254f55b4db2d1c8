import { expect, test } from "vitest";
import { formulaParts } from "./formula-parts.ts";

const said = (parts: ReturnType<typeof formulaParts>): string =>
  parts.map(({ text, marked }) => (marked ? `[${text}]` : text)).join("");

test("messages are one line, and the values in them are apart", () => {
  const messages = [
    { role: "system", content: "You route messages.", values: [] },
    { role: "user", content: "Message: late card\nTopic:", values: [{ start: 9, end: 18 }] },
  ] as const;
  expect(said(formulaParts(messages, false))).toBe("system: You route messages. ⏎ user: Message: [late card] ⏎ Topic:");
});

test("a text to be continued has no role", () => {
  const messages = [{ role: "user", content: "a b", values: [{ start: 2, end: 3 }] }] as const;
  expect(said(formulaParts(messages, true))).toBe("a [b]");
});

test("values that stand in one another are one stretch after the other", () => {
  const values = [
    { start: 0, end: 4 },
    { start: 2, end: 6 },
    { start: 3, end: 4 },
  ];
  expect(said(formulaParts([{ role: "user", content: "abcdefgh", values }], true))).toBe("[abcd][ef]gh");
});

test("of a long one the end is kept", () => {
  const content = `${"x".repeat(5_000)}Topic:`;
  const parts = formulaParts([{ role: "user", content, values: [] }], true);
  expect(said(parts)).toMatch(/^… x+Topic:$/);
  expect(said(parts).length).toBeLessThan(2_010);
});
