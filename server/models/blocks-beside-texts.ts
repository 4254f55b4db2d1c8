import type Anthropic from "@anthropic-ai/sdk";

/** The blocks of a streamed message but for their texts and thoughts, which stand in its answer: signatures, what is redacted, citations. */
export function blocksBesideTexts() {
  const blocks = new Map<number, { [member: string]: unknown }>();
  return {
    begin({ index, content_block: block }: Anthropic.RawContentBlockStartEvent): void {
      // What is said piece by piece begins empty.
      blocks.set(index, Object.fromEntries(Object.entries(block ?? {}).filter(([, member]) => member !== "")));
    },
    add({ index, delta }: Anthropic.RawContentBlockDeltaEvent): void {
      if (delta.type === "text_delta" || delta.type === "thinking_delta") return;
      const block = blocks.get(index);
      if (block === undefined) return;
      if (delta.type === "signature_delta") block["signature"] = `${textIn(block["signature"])}${delta.signature}`;
      if (delta.type === "citations_delta") block["citations"] = [...listIn(block["citations"]), delta.citation];
    },
    /** As a member of the message; none where it has no block, as one that was not streamed. */
    members: (): { readonly content?: readonly unknown[] } =>
      blocks.size === 0 ? {} : { content: [...blocks.values()] },
  };
}

function textIn(value: unknown): string {
  return typeof value === "string" ? value : "";
}

function listIn(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}
