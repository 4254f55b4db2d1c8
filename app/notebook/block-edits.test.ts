import { describe, expect, test } from "vitest";
import { cellForms } from "#server/cells/index.ts";
import { applyOperation } from "#server/notebook/apply-operation.ts";
import { parseNotebook } from "#server/notebook/format.ts";
import type { Operation } from "#server/notebook/operation.ts";
import { pageBlocks } from "#server/workbench/page-blocks.ts";
import type { NotebookView } from "#server/workbench/view.ts";
import {
  blockAfterRemoval,
  gapAbove,
  gapBelow,
  gapNextTo,
  moveBlocks,
  nameAfterMove,
  placeOfGap,
  removeBlocks,
  withFolded,
} from "./block-edits";
import { blockAt, blocksOf, proseBlock, proseKey } from "./blocks";

/** What a page has of a notebook whose cells have letters for names and whose prose is in capitals. */
function pageOf(text: string): NotebookView {
  const notebook = parseNotebook(text, cellForms);
  const prose = pageBlocks(notebook).flatMap((block) => {
    if (block.type === "cell") return [];
    const { start, end } = notebook.segments[block.segment]!;
    return [[block.key, { segment: block.segment, text: notebook.text.slice(start, end), html: "" }]];
  });
  const order = pageBlocks(notebook);
  return { head: { head: { order } }, prose: Object.fromEntries(prose) } as unknown as NotebookView;
}

function written(blocks: string): string {
  const parts = [...blocks].map((letter) => (/[a-z]/.test(letter) ? `\`\`\`js ${letter}\n\`\`\`\n` : `${letter}\n`));
  return `---\nsheaf: 1\n---\n\n${parts.join("\n")}`;
}

/** The letters of a text in their order. */
function letters(text: string): string {
  return text
    .replace(/^---\n[\s\S]*?\n---\n/, "")
    .replaceAll(/```(?:js )?/g, "")
    .replaceAll(/\s/g, "");
}

function after(text: string, operations: readonly Operation[]): string {
  return operations.reduce((now, operation) => applyOperation(now, operation, { forms: cellForms }).text, text);
}

const named = (letter: string, blocks: string): string => {
  if (/[a-z]/.test(letter)) return letter;
  const before = blocks.slice(0, blocks.indexOf(letter)).match(/[a-z]/g)?.at(-1) ?? "";
  return proseBlock(before);
};

describe("blocks of a page", () => {
  test("are its cells and the prose that says something, in their order, without what is folded away", () => {
    const view = pageOf(written("AbcDe"));
    expect(blocksOf(view)).toEqual({
      all: ["prose:", "b", "c", "prose:c", "e"],
      visible: ["prose:", "b", "c", "prose:c", "e"],
    });
    expect(blocksOf(view, new Set(["c", "prose:c"])).visible).toEqual(["prose:", "b", "e"]);
  });

  test("a sheet's cell stands in the sheet's block, and what is gone in none", () => {
    const blocks = blocksOf(pageOf(written("ab")));
    expect([blockAt(blocks, "b"), blockAt(blocks, "b.x"), blockAt(blocks, "bx"), blockAt(blocks, null)]).toEqual([
      "b",
      "b",
      null,
      null,
    ]);
  });

  test("what is folded away goes with the heading above it", () => {
    const blocks = blocksOf(pageOf(written("AbcDe")), new Set(["b", "c"]));
    expect(withFolded(blocks, ["prose:"])).toEqual(["prose:", "b", "c"]);
    expect([gapAbove(blocks, "prose:"), gapBelow(blocks, "prose:"), gapBelow(blocks, "e")]).toEqual([0, 3, 5]);
  });

  test("a gap is named by the cell beside it", () => {
    const { all } = blocksOf(pageOf(written("AbcDeF")));
    expect(all.map((_, gap) => placeOfGap(all, gap)).concat(placeOfGap(all, 6))).toEqual([
      { startOf: null },
      { before: "b" },
      { after: "b" },
      { after: "c" },
      { before: "e" },
      { after: "e" },
      { endOf: null },
    ]);
  });
});

describe("moving blocks", () => {
  test.each<[string, string, string, "up" | "down", string]>([
    ["a cell up", "abc", "b", "up", "bac"],
    ["a cell down", "abc", "b", "down", "acb"],
    ["a cell up over prose", "aBc", "c", "up", "acB"],
    ["a cell up over the first prose", "Abc", "b", "up", "bAc"],
    ["a cell down over the last prose", "abC", "b", "down", "aCb"],
    ["prose up", "abC", "C", "up", "aCb"],
    ["prose up to the start", "aBc", "B", "up", "Bac"],
    ["prose down to the end", "aBc", "B", "down", "acB"],
    ["several at once, which keep their order", "abcd", "bc", "up", "bcad"],
    ["several down", "abcd", "bc", "down", "adbc"],
    ["cells with prose between them", "abCd", "bCd", "up", "bCda"],
    ["cells with prose between them down", "aBcd", "aBc", "down", "daBc"],
  ])("%s", (_, blocks, chosen, direction, expected) => {
    const text = written(blocks);
    const view = pageOf(text);
    const ids = [...chosen].map((letter) => named(letter, blocks));
    const gap = gapNextTo(blocksOf(view), ids, direction);
    const moved = after(text, moveBlocks(view, blocksOf(view), ids, gap));
    expect(letters(moved)).toBe(expected);
    // Prose is another then, by the cell above it.
    const names = ids.map((id) => nameAfterMove(blocksOf(view), ids, gap, id));
    expect(names).toEqual([...chosen].map((letter) => named(letter, expected)));
    expect(blocksOf(pageOf(moved)).all).toEqual(expect.arrayContaining(names));
  });

  test("that are at the edge already changes nothing", () => {
    for (const [blocks, chosen, direction] of [
      ["abc", "a", "up"],
      ["abc", "c", "down"],
      ["Abc", "A", "up"],
    ] as const) {
      const view = pageOf(written(blocks));
      const ids = [named(chosen, blocks)];
      expect(moveBlocks(view, blocksOf(view), ids, gapNextTo(blocksOf(view), ids, direction))).toEqual([]);
    }
  });

  test("into any gap, wherever they stood", () => {
    const blocks = "aBcDe";
    const text = written(blocks);
    const view = pageOf(text);
    const all = blocksOf(view);
    for (const letter of blocks)
      for (let gap = 0; gap <= blocks.length; gap += 1) {
        const rest = [...blocks].filter((other) => other !== letter);
        const target = [...blocks.slice(0, gap)].filter((other) => other !== letter).length;
        const expected = [...rest.slice(0, target), letter, ...rest.slice(target)].join("");
        expect(letters(after(text, moveBlocks(view, all, [named(letter, blocks)], gap)))).toBe(expected);
      }
  });

  test("down past what is folded away goes behind all of it", () => {
    const text = written("aBcde");
    const view = pageOf(text);
    const blocks = blocksOf(view, new Set(["c", "d"]));
    expect(letters(after(text, moveBlocks(view, blocks, ["a"], gapNextTo(blocks, ["a"], "down"))))).toBe("Bcdae");
  });
});

test("removing takes out cells and prose, several at once", () => {
  const text = written("AbCdE");
  const view = pageOf(text);
  const ids = [..."AbE"].map((letter) => named(letter, "AbCdE"));
  expect(letters(after(text, removeBlocks(view, ids)))).toBe("Cd");
});

test.each([
  ["a cell before a cell", "abc", "b", "c"],
  ["a cell before prose, which is another's then", "abCd", "b", "C"],
  ["a cell between two texts, which are one then", "aBcDe", "c", "D"],
  ["the first cell before prose", "aB", "a", "B"],
  ["prose before a cell", "aBc", "B", "c"],
  ["cells and prose before prose", "abCdE", "bCd", "E"],
  ["the last cell after prose", "aBc", "c", "B"],
  ["the last cell and prose", "abC", "bC", "a"],
  ["all", "aB", "aB", null],
])("when %s is taken out, one goes on at what stands there then", (_, blocks, going, next) => {
  const text = written(blocks);
  const view = pageOf(text);
  const ids = [...going].map((letter) => named(letter, blocks));
  const found = blockAfterRemoval(blocksOf(view), ids);
  const left = pageOf(after(text, removeBlocks(view, ids)));
  if (next === null) return expect([found, blocksOf(left).all]).toEqual([null, []]);
  expect(blocksOf(left).all).toContain(found);
  // By what is written in it.
  const key = proseKey(found!);
  const shown = key === null ? found : left.prose[key]?.text;
  expect(shown).toContain(next);
});
