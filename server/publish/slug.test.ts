import { expect, test } from "vitest";
import { checkSlug, suggestedSlug } from "./slug.ts";

test.each([
  ["Card triage.md", "card-triage"],
  ["work/2026/Café menu (new).md", "cafe-menu-new"],
  ["---.md", "notebook"],
  ["日本.md", "notebook"],
  ["runs.md", "runs-notebook"],
  ["files.md", "files-notebook"],
  [`${"long ".repeat(30)}.md`, "long-long-long-long-long-long-long-long-long-long-long-long-lon"],
])("the slug of %s is %s, which can be one", (path, slug) => {
  expect(suggestedSlug(path)).toBe(slug);
  expect(() => checkSlug(slug)).not.toThrow();
});
