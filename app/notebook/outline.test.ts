import { expect, test } from "vitest";
import type { NotebookView } from "#server/workbench/view.ts";
import { proseHtml } from "#server/workbench/prose-html.ts";
import { foldingOf, sectionOf } from "./folding";
import { outlineOf } from "./outline";

function page(...blocks: readonly (readonly [string, string])[]): NotebookView {
  const prose = blocks.filter(([type]) => type === "prose").map(([, text], key) => [String(key), text] as const);
  let key = 0;
  return {
    head: {
      head: {
        order: blocks.map(([type, text]) =>
          type === "prose" ? { type, key: String(key++) } : { type: "cell", path: text },
        ),
      },
    },
    prose: Object.fromEntries(prose.map(([at, text]) => [at, { text, html: proseHtml(text) }])),
    cells: Object.fromEntries(blocks.flatMap(([type, path]) => (type === "prose" ? [] : [[path, { kind: type }]]))),
  } as unknown as NotebookView;
}

const view = page(
  ["prose", "Words first.\n\n# Title & `code`\n\nText\n\n## One\n\nText"],
  ["sql", "known"],
  ["prose", "More\n\n## Two\n\n```\n# no heading\n```\n\n### Deep"],
  ["prompt", "topic"],
  ["prose", "# End\n\n## One"],
  ["test", "gate"],
);
const outline = outlineOf(view);
const all = ["prose:0", "known", "prose:1", "topic", "prose:2", "gate"];
const fold = (...keys: readonly string[]) => {
  const { blocks, parts } = foldingOf(outline, new Set(keys), all);
  const shown = [...parts].map(([block, { lead, hidden, folded }]) => [
    block,
    { lead, hidden: [...hidden], folded: [...folded] },
  ]);
  return { blocks: [...blocks], ...(Object.fromEntries(shown) as object) };
};

test("an outline has the headings of the prose, with their words, and the cells between them", () => {
  expect(
    outline.map((item) =>
      item.type === "cell" ? `${item.kind} ${item.name}` : `${"#".repeat(item.level)} ${item.key}`,
    ),
  ).toEqual([
    "# Title & code",
    "## One",
    "sql known",
    "## Two",
    "### Deep",
    "prompt topic",
    "# End",
    "## One (2)",
    "test gate",
  ]);
});

test("a folded heading hides what follows it, up to the next of its level", () => {
  expect(fold()).toEqual({ blocks: [] });
  expect(fold("One")).toEqual({
    blocks: ["known"],
    "prose:0": { lead: false, hidden: [], folded: [1] },
    "prose:1": { lead: true, hidden: [], folded: [] },
  });
  expect(fold("Two")).toEqual({
    blocks: ["topic"],
    "prose:1": { lead: false, hidden: [1], folded: [0] },
    "prose:2": { lead: true, hidden: [], folded: [] },
  });
  expect(fold("Title & code")).toEqual({
    blocks: ["known", "prose:1", "topic"],
    "prose:0": { lead: false, hidden: [1], folded: [0] },
    "prose:2": { lead: true, hidden: [], folded: [] },
  });
  expect(fold("End", "One (2)")).toEqual({
    blocks: ["gate"],
    "prose:2": { lead: false, hidden: [1], folded: [0] },
  });
});

test("a section is what stands under a heading", () => {
  expect(sectionOf(outline, all, "known")).toEqual(["prose:0", "known"]);
  expect(sectionOf(outline, all, "topic")).toEqual(["prose:1", "topic"]);
  expect(sectionOf(outline, all, "gate")).toEqual(["prose:2", "gate"]);
  expect(sectionOf([], ["a", "b"], "a")).toEqual(["a", "b"]);
});
