import { expect, test } from "vitest";
import { shownName } from "./shown-name.ts";

test("a key is called by its hash, with its place where it is one of several; by its place alone in calls of before that was kept", () => {
  expect(shownName("key", "openai 3fa1b2c4")).toBe("openai, key 3fa1b2c4");
  expect(shownName("key", "openai 3fa1b2c4", 2)).toBe("openai, key 2 (3fa1b2c4)");
  expect(shownName("key", "openai 12345678", 1)).toBe("openai, key 1 (12345678)");
  expect(shownName("key", "openai 2", 2)).toBe("openai, key 2");
  expect(shownName("key", "local")).toBe("local");
});
