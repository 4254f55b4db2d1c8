import { expect, test } from "vitest";
import { ranked } from "./rank";

const items = [
  { label: "Run cell", keywords: "execute evaluate" },
  { label: "Run everything stale", keywords: "outdated" },
  { label: "Find and replace", keywords: "search" },
  { label: "Delete the notebook", keywords: "remove" },
  { label: "Undo", keywords: "back" },
];
const found = (query: string): readonly string[] => ranked(items, query).map(({ label }) => label);

test("nothing asked gives all in their order", () => expect(found("  ")).toEqual(items.map(({ label }) => label)));
test("words are found in labels and keywords, labels first", () => {
  expect(found("run")).toEqual(["Run cell", "Run everything stale"]);
  expect(found("search")).toEqual(["Find and replace"]);
  expect(found("re")).toEqual(["Find and replace", "Delete the notebook"]);
});
test("all words are needed, in any order and case", () => {
  expect(found("STALE run")).toEqual(["Run everything stale"]);
  expect(found("run undo")).toEqual([]);
});
test("letters in their order are found where nothing better is, close together", () => {
  expect(found("fndrpl")).toEqual(["Find and replace"]);
  expect(found("rntl")).toEqual([]);
});
