import { expect, test } from "vitest";
import { commentDraft, keepComment, typeComment } from "./comment-drafts";

test("a comment is kept once, on what it was typed for, however often it is sent", async () => {
  const kept: string[] = [];
  typeComment("a", " Too long ");
  typeComment("b", "Good");
  const keep = (text: string): Promise<boolean> => Promise.resolve(kept.push(text) > 0);
  await Promise.all([keepComment("a", keep), keepComment("a", keep)]);
  expect(kept).toEqual(["Too long"]);
  expect([commentDraft("a"), commentDraft("b")]).toEqual(["", "Good"]);
});

test("a comment that is not kept is there again, with what was typed meanwhile behind it", async () => {
  typeComment("a", "Too long");
  const refused = keepComment("a", () => Promise.resolve(false));
  typeComment("a", "and dull");
  await refused;
  expect(commentDraft("a")).toBe("Too long and dull");
  await expect(keepComment("a", () => Promise.reject(new Error("away")))).rejects.toThrow("away");
  expect(commentDraft("a")).toBe("Too long and dull");
});
