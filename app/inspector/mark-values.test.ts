import { expect, test } from "vitest";
import { markValues } from "./mark-values.ts";

test("values that went into a message are told apart from the template's own words", () => {
  expect(markValues("Message: late card\nTopic:", { message: "late card", k: "5" })).toEqual([
    { text: "Message: ", from: null },
    { text: "late card", from: "message" },
    { text: "\nTopic:", from: null },
  ]);
});

test("of two values that overlap the longer one is marked, each time it stands there", () => {
  expect(markValues("abcdef abcdef", { short: "abcd", long: "abcdef" }).map(({ from }) => from)).toEqual([
    "long",
    null,
    "long",
  ]);
});
