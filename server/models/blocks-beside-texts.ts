import type Anthropic from "@anthropic-ai/sdk";
import { longestEvent } from "./read-events.ts";

/** Characters that are gathered of them, and how many pieces: several times what is kept of a response. */
const longest = 4 * longestEvent;
const mostPieces = 10_000;

/** The blocks of a streamed message but for their texts and thoughts, which stand in its answer: signatures, what is redacted, citations. What comes when too much came is left out. */
export function blocksBesideTexts() {
  const blocks = new Map<number, { [member: string]: unknown }>();
  let length = 0;
  let pieces = 0;
  const fits = (said: unknown): boolean => {
    length += typeof said === "string" ? said.length : (JSON.stringify(said)?.length ?? 0);
    return (pieces += 1) <= mostPieces && length <= longest;
  };
  return {
    begin({ index, content_block: block }: Anthropic.RawContentBlockStartEvent): void {
      // What is said piece by piece begins empty, or with its first piece.
      const isSaid = (name: string, member: unknown): boolean => member === "" || name === block.type;
      const begun = Object.fromEntries(Object.entries(block ?? {}).filter(([name, member]) => !isSaid(name, member)));
      if (fits(begun)) blocks.set(index, begun);
    },
    add({ index, delta }: Anthropic.RawContentBlockDeltaEvent): void {
      if (delta.type === "text_delta" || delta.type === "thinking_delta") return;
      const block = blocks.get(index);
      if (block === undefined) return;
      if (delta.type === "signature_delta" && fits(delta.signature))
        block["signature"] = `${textIn(block["signature"])}${delta.signature}`;
      if (delta.type !== "citations_delta" || !fits(delta.citation)) return;
      const { citations } = block;
      if (Array.isArray(citations)) citations.push(delta.citation);
      else block["citations"] = [delta.citation];
    },
    /** As a member of the message; none where it has no block, as one that was not streamed. */
    members: (): { readonly content?: readonly unknown[] } =>
      blocks.size === 0 ? {} : { content: [...blocks.values()] },
  };
}

function textIn(value: unknown): string {
  return typeof value === "string" ? value : "";
}
