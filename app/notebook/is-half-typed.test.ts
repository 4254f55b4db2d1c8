import { expect, test } from "vitest";
import { isHalfTyped } from "./is-half-typed";

test("prose that is typed in is sent as it is, with code in it too", () => {
  expect(isHalfTyped("Some words", "Some more words")).toBe(false);
  expect(isHalfTyped("Some words", "Some words\n\n```js\nreturn 1\n```")).toBe(false);
  expect(isHalfTyped("```js a\nopen", "```js a\nopen still")).toBe(false);
});

test("prose that was emptied, or in which a fence or a cell is begun, waits until it is left", () => {
  expect(isHalfTyped("Some words", " \n")).toBe(true);
  expect(isHalfTyped("Some words", "Some words\n```")).toBe(true);
  expect(isHalfTyped("Some words", "Some words\n\n  ~~~js total\nreturn 1\n  ~~~")).toBe(true);
  expect(isHalfTyped("```js\n1\n```", "```js a\n1\n```")).toBe(true);
});
