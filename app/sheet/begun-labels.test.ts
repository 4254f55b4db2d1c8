import { expect, test } from "vitest";
import { begunLabels } from "./begun-labels.ts";

test("a text begins the labels that start with it, whatever their case", () => {
  expect(begunLabels(["Agree", "again", "unclear"], " AG ")).toEqual(["Agree", "again"]);
  expect(begunLabels(["agree", "unclear"], "u")).toEqual(["unclear"]);
});

test("what no label starts with begins none, also where there is only one", () => {
  expect(begunLabels(["spam"], "ham")).toEqual([]);
});
