import { expect, test } from "vitest";
import type { BlockRef, CellView, ProseView } from "#server/workbench/view.ts";
import { pageBlocks, readBlock } from "./page-blocks.ts";

/** `topic.short` is a wording, `#text` prose, `#` blank lines. */
function blocksOf(...words: readonly string[]): readonly string[] {
  const cells: { [path: string]: CellView } = {};
  const prose: { [key: string]: ProseView } = {};
  let after = "";
  const order = words.map((word): BlockRef => {
    if (word.startsWith("#")) {
      prose[after] = { segment: 0, text: `\n${word.slice(1)}\n`, around: ["", "\n"], html: "" };
      return { type: "prose", key: after };
    }
    after = word;
    const [name, label = null] = word.split(".");
    cells[word] = { path: word, name, label } as CellView;
    return { type: "cell", path: word };
  });
  return pageBlocks(order, { cells, prose });
}

test("cells and prose are a block each", () => {
  expect(blocksOf("#Hello", "a", "#", "b")).toEqual(["prose:", "cell:a", "prose:a", "cell:b"]);
});

test("wordings that follow one another are one block", () => {
  expect(blocksOf("a.short", "#", "a.long", "#", "b")).toEqual(["wordings:a.short a.long", "cell:b"]);
  expect(readBlock("wordings:a.short a.long")).toEqual({ type: "wordings", keys: ["a.short", "a.long"] });
});

test("prose between wordings stays where it is, and they are blocks of their own", () => {
  expect(blocksOf("a.short", "#And now", "a.long")).toEqual(["cell:a.short", "prose:a.short", "cell:a.long"]);
});

test("wordings of two cells are two blocks", () => {
  expect(blocksOf("a.x", "a.y", "b.x", "b.y")).toEqual(["wordings:a.x a.y", "wordings:b.x b.y"]);
});
