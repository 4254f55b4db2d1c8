/** One column of the table `calls`. */
export interface CallsColumn {
  readonly name: string;
  /** DuckDB's type. */
  readonly sql: string;
  readonly about: string;
}

/** The table of the workspace's calls that SQL reads as `calls`, where no cell, input or dataset is called so. */
export const callsTable: { readonly name: string; readonly columns: readonly CallsColumn[] } = {
  name: "calls",
  columns: [
    { name: "id", sql: "BIGINT", about: "its number in the journal, which grows" },
    { name: "sent_at", sql: "TIMESTAMP", about: "when it was sent, in UTC" },
    { name: "ended_at", sql: "TIMESTAMP", about: "when it ended" },
    { name: "latency_ms", sql: "BIGINT", about: "milliseconds from sending to the end" },
    { name: "first_text_ms", sql: "BIGINT", about: "milliseconds from sending to the first text" },
    { name: "model", sql: "VARCHAR", about: "the requested model, `provider/model`" },
    { name: "provider", sql: "VARCHAR", about: "the provider that was asked last" },
    {
      name: "key_number",
      sql: "INTEGER",
      about: "which of the provider's keys was used last, from 1; null for one or none",
    },
    {
      name: "key_hash",
      sql: "VARCHAR",
      about: "the first 8 hex digits of that key's SHA-256, which tell it from one that replaced it; null for none",
    },
    { name: "answered_by", sql: "VARCHAR", about: "the model that answered, by the provider's word" },
    { name: "notebook", sql: "VARCHAR", about: "the notebook's path in the workspace, empty outside notebooks" },
    { name: "cell", sql: "VARCHAR", about: "the cell: `topic`, `triage.topic`" },
    { name: "address", sql: "VARCHAR", about: "the cell with its row and labels" },
    { name: "step", sql: "INTEGER", about: "0, and 1 for a repair" },
    { name: "run", sql: "VARCHAR", about: "the run it was made for" },
    { name: "outcome", sql: "VARCHAR", about: "`done`, `failed`, `truncated`, `cancelled`; null without an end" },
    { name: "finish", sql: "VARCHAR", about: "why a good answer ended: `stop`, `length`, `content-filter`, `other`" },
    { name: "error", sql: "VARCHAR", about: "the code of its error: `model.rate-limited`" },
    { name: "attempts", sql: "INTEGER", about: "attempts that failed before its end" },
    { name: "batched", sql: "BOOLEAN", about: "whether a provider's batch answered it, at its own time" },
    { name: "input_tokens", sql: "BIGINT", about: "tokens read, those of the next two included" },
    { name: "cached_input_tokens", sql: "BIGINT", about: "tokens read from the provider's cache" },
    { name: "cache_write_tokens", sql: "BIGINT", about: "tokens written to the provider's cache" },
    { name: "output_tokens", sql: "BIGINT", about: "tokens answered, those that were thought included" },
    { name: "reasoning_tokens", sql: "BIGINT", about: "tokens thought" },
    { name: "audio_tokens", sql: "BIGINT", about: "tokens of sound, in and out" },
    { name: "image_tokens", sql: "BIGINT", about: "tokens of pictures, in and out" },
    { name: "cost", sql: "DOUBLE", about: "US dollars; null where the price is not known" },
  ],
};
