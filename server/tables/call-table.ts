import { callsTable } from "#server/notebook/calls-table.ts";
import type { Table } from "#server/notebook/value.ts";
import type { Session } from "./duckdb-session.ts";
import type { TableFiles } from "./table-files.ts";

/** Columns of the table that the copy of the ledger has under another name, or not as such. */
const worked: { readonly [column: string]: string } = {
  sent_at: "make_timestamp(sent_at * 1000)",
  ended_at: "make_timestamp(ended_at * 1000)",
  latency_ms: "ended_at - sent_at",
  first_text_ms: "first_text_at - sent_at",
  cell: "regexp_extract(address, '^[^{]*')",
  outcome: "state",
  input_tokens: "input",
  cached_input_tokens: "cached_input",
  cache_write_tokens: "cache_write",
  output_tokens: "output",
  reasoning_tokens: "reasoning",
  audio_tokens: "audio",
  image_tokens: "image",
};

/** The calls as an immutable table, in the order of their ids. */
export async function callTable(session: Session, files: TableFiles): Promise<Table> {
  const columns = callsTable.columns.map(({ name, sql }) => `cast(${worked[name] ?? name} as ${sql}) as ${name}`);
  await session.execute(`create temp table calls_kept as select ${columns.join(", ")} from booked_calls order by id`);
  try {
    return await files.keep(session, "temp.main.calls_kept");
  } finally {
    await session.execute("drop table temp.main.calls_kept");
  }
}
