import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { monitorEventLoopDelay } from "node:perf_hooks";
import { DatabaseSync } from "node:sqlite";
import { openJournal } from "#server/store/open-journal.ts";
import { openResults } from "#server/store/open-results.ts";
import { median, report } from "./figure.ts";

/**
 * The stores beside bare `node:sqlite` on the same disk in the same run: calls a second through the journal (two writes a
 * call, each on disk before it is acknowledged) beside the same rows committed by hand in groups as large; and the time to keep
 * 10,000 results beside the same texts by a prepared statement in one transaction.
 */
const seconds = 2;
const hash = "0123456789abcdef".repeat(4);
const request = { messages: [{ role: "user", content: "My card still has not arrived. ".repeat(10) }] };

const folder = await mkdtemp(join(tmpdir(), "sheaf-bench-"));
try {
  await benchJournal();
  await benchResults();
} finally {
  await rm(folder, { recursive: true });
}

async function benchJournal(): Promise<void> {
  const journal = await openJournal({ folder, workspace: "bench" });
  let made = 0;
  const keyOf = (number: number): string => hash.slice(8) + String(number).padStart(8, "0");

  async function call(): Promise<void> {
    const number = made++;
    const place = { notebook: "bench.md", address: `topic{row=${number}}`, step: 0, run: "bench" };
    const sent = { ...place, key: keyOf(number), model: "echo/text", request, sentAt: number };
    const id = await journal.begin(sent);
    const usage = { input: 90, output: 4 };
    await journal.finish(id, {
      state: "done",
      endedAt: number,
      text: "card_arrival",
      usage,
      cost: 0.0001,
      price: null,
    });
  }

  for (const atOnce of [1, 64, 512]) {
    const delays = monitorEventLoopDelay({ resolution: 1 });
    delays.enable();
    const from = made;
    const start = performance.now();
    const caller = async (): Promise<void> => {
      while (performance.now() - start < seconds * 1_000) await call();
    };
    await Promise.all(Array.from({ length: atOnce }, caller));
    const rate = ((made - from) * 1_000) / (performance.now() - start);
    delays.disable();
    const bare = bareCalls(join(folder, `bare-${atOnce}.sqlite`), atOnce);
    report({
      what: `calls journaled, ${atOnce} at once`,
      unit: "calls/s",
      ours: rate,
      bare: { what: "node:sqlite, committed in groups as large", figure: bare },
    });
    console.log(
      `  event loop delay p99 ${(delays.percentile(99) / 1e6).toFixed(1)} ms, most ${(delays.max / 1e6).toFixed(1)} ms`,
    );
  }

  const keys = Array.from({ length: 10_000 }, (_, number) => keyOf(number % made));
  const start = performance.now();
  const found = await journal.find(keys);
  if (found.size !== new Set(keys).size) throw new Error(`${found.size} keys found`);
  report({ what: "10,000 calls found in the journal", unit: "ms", ours: performance.now() - start, bare: null });
  await journal.close();
}

/** Calls a second of the same two writes, committed by hand in groups of `atOnce`. */
function bareCalls(file: string, atOnce: number): number {
  const database = new DatabaseSync(file);
  database.exec(
    "pragma journal_mode = wal; pragma synchronous = full; create table calls (id integer primary key, key text, request text, answer text); create index by_key on calls (key)",
  );
  const begin = database.prepare("insert into calls (key, request) values (?, ?)");
  const finish = database.prepare("update calls set answer = ? where id = ?");
  const start = performance.now();
  let calls = 0;
  while (performance.now() - start < seconds * 1_000) {
    database.exec("begin immediate");
    const ids = Array.from({ length: atOnce }, () => {
      calls += 1;
      return begin.run(hash + calls, JSON.stringify(request)).lastInsertRowid;
    });
    database.exec("commit; begin immediate");
    for (const id of ids) finish.run("card_arrival", id);
    database.exec("commit");
  }
  database.close();
  return (calls * 1_000) / (performance.now() - start);
}

async function benchResults(): Promise<void> {
  const resultsOf = (round: number) =>
    Array.from({ length: 10_000 }, (_, number) => ({
      address: `cell${number}`,
      key: hash,
      parts: JSON.stringify({ source: hash, configuration: hash, [`cell${number - 1}`]: hash }),
      outcome: "ok" as const,
      value: { type: "string" as const, value: `the value of cell ${number}` },
      valueHash: hash,
      error: null,
      calls: [],
      at: round,
    }));

  const results = await openResults({ folder, workspace: "bench" });
  const database = new DatabaseSync(join(folder, "bare-results.sqlite"));
  database.exec(
    "pragma journal_mode = wal; pragma synchronous = normal; create table results (address text primary key, result text)",
  );
  const insert = database.prepare("insert or replace into results values (?, ?)");
  const ours: number[] = [];
  const bare: number[] = [];
  for (let round = 0; round < 9; round += 1) {
    const rows = resultsOf(round);
    const start = performance.now();
    await results.put("bench.md", rows);
    const middle = performance.now();
    database.exec("begin");
    for (const row of rows) insert.run(row.address, JSON.stringify(row));
    database.exec("commit");
    ours.push(middle - start);
    bare.push(performance.now() - middle);
  }
  const start = performance.now();
  const all = await results.all("bench.md");
  const read = performance.now() - start;
  if (all.length !== 10_000) throw new Error(`${all.length} results read`);
  report({
    what: "10,000 results kept",
    unit: "ms",
    ours: median(ours),
    bare: { what: "node:sqlite, one transaction", figure: median(bare) },
  });
  report({ what: "10,000 results read", unit: "ms", ours: read, bare: null });
  database.close();
  await results.close();
}
