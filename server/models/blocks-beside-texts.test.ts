import { expect, test } from "vitest";
import { blocksBesideTexts } from "./blocks-beside-texts.ts";

test("blocks have what was said of them besides their texts, and no more than a bound", () => {
  const blocks = blocksBesideTexts();
  const begin = (index: number, block: object): void =>
    blocks.begin({ type: "content_block_start", index, content_block: { type: "text", ...block } as never });
  const add = (delta: object): void => blocks.add({ type: "content_block_delta", index: 0, delta: delta as never });
  begin(0, { text: "" });
  add({ type: "citations_delta", citation: { cited_text: "a" } });
  add({ type: "signature_delta", signature: "ab" });
  add({ type: "signature_delta", signature: "cd" });
  const whole = { type: "text", citations: [{ cited_text: "a" }], signature: "abcd" };
  expect(blocks.members()).toEqual({ content: [whole] });
  for (let index = 1; index < 50_000; index += 1) begin(index, { text: "" });
  for (let times = 0; times < 50_000; times += 1) add({ type: "citations_delta", citation: { cited_text: "b" } });
  for (let times = 0; times < 20; times += 1) add({ type: "signature_delta", signature: "e".repeat(900_000) });
  const { length } = JSON.stringify(blocks.members());
  expect([length > 100_000, length <= 4_100_000]).toEqual([true, true]);
});
