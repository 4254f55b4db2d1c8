/** What of an event says of which block of a message it is. */
export interface BlockEvent {
  readonly type?: string;
  readonly index?: number;
}

/**
 * Reads which blocks of a message begin, go on and end, and says what is wrong with an event: that its block began before, or is not
 * open; null where nothing is. An event without an index says nothing.
 */
export function blockOrder(): (event: BlockEvent) => string | null {
  const blocks = new Map<number, "open" | "ended">();
  return ({ type, index }) => {
    if (index === undefined) return null;
    const before = blocks.get(index);
    switch (type) {
      case "content_block_start":
        blocks.set(index, "open");
        return before === undefined ? null : "a block of it begins twice";
      case "content_block_delta":
        return before === "open" ? null : "a piece of it belongs to no open block";
      case "content_block_stop":
        blocks.set(index, "ended");
        return null;
      default:
        return null;
    }
  };
}
