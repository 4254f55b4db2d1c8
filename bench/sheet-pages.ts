import { createWriteStream } from "node:fs";
import { mkdir, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { finished } from "node:stream/promises";
import { DuckDBInstance, type DuckDBConnection } from "@duckdb/node-api";
import { wholeSheet, type CellRef, type ColumnRef, type SheetView } from "#server/notebook/sheet-view.ts";
import { openRuntime } from "#server/runner/runtime.ts";
import { openSession } from "#server/runner/session.ts";
import type { NodeSpec, StoredResult } from "#server/tables/sheet-store.ts";
import { median, report, timed, type Goal } from "./figure.ts";

/**
 * Pages of a sheet as a grid reads them, 100 rows with all their cells: at 10,000 rows × 4 variants of a prompt and of its
 * score, by a session, and at a million rows × 4 variants of a prompt, of the process that holds the sheets. Beside the pages
 * stands the bare SQL that reads the same rows and results by their places from tables of this process with one thread.
 */
const few = 10_000;
const many = Number(process.argv[2] ?? 1_000_000);
const tones = ["plain", "warm", "brief", "formal"];
const page = 100;
const goal: Goal = { of: "ours", is: "under", bound: 30 };

const folder = await mkdtemp(join(tmpdir(), "sheaf-bench-"));
const runtime = await openRuntime({ folder, environment: {} });
try {
  await mkdir(runtime.workspace.datasets, { recursive: true });
  await measureSession();
  await measureStore();
} finally {
  await runtime.close();
  await rm(folder, { recursive: true });
}

async function measureSession(): Promise<void> {
  await writeTickets("few.csv", few);
  const text = `---
sheaf: 1
---

\`\`\`data tickets
---
file: few.csv
key: id
---
\`\`\`

\`\`\`\`sheet triage
---
rows: tickets
---
\`\`\`prompt topic
---
model: echo/text
vary: { tone: [${tones.join(", ")}] }
---
{{ vary.tone }} {{ row.topic }}
\`\`\`

\`\`\`score correct
---
output: =topic
expected: ="warm " ~ row.topic
---
- equals
\`\`\`
\`\`\`\`
`;
  const session = await openSession(runtime, { path: "bench.md", text });
  const run = await timed(() => session.run({ type: "stale" }).done);
  console.log(`computed in ${(run.time / 1000).toFixed(1)} s`);
  const rows = `${few.toLocaleString("en-US")} rows × ${tones.length} variants × 2 cells`;
  const correct: CellRef = { type: "cell", cell: "correct", at: { tone: "warm" } };
  const view: SheetView = {
    filters: [{ type: "is", column: correct, value: true }],
    sort: [{ column: { type: "row", column: "text" }, descending: true }],
    search: "",
  };
  const read = (of: SheetView, from: number) => session.sheetRows("triage", of, { from, to: from + page });
  await read(wholeSheet, 0);
  const bare = await openBare(few, 2);
  await pages(`page of ${page} of ${rows}`, (from) => read(wholeSheet, from), few, bare, goal);
  show(`order of ${rows}, filtered and sorted`, (await timed(() => read(view, 0))).time);
  await pages(`page of ${page} of ${rows}, filtered and sorted`, (from) => read(view, from), few, bare, goal);
  show(`summary of a score over ${rows}`, (await timed(() => session.sheetColumn("triage", correct))).time);
}

async function measureStore(): Promise<void> {
  await writeTickets("many.csv", many);
  const { sheets, importFile } = runtime.tables;
  const table = await importFile("many.csv");
  const { frame } = await sheets.openFrame({ sheet: "bench", table, key: "id", identity: [] });
  const variants = tones.map((tone) => ({ at: { tone }, key: `topic ${tone}` }));
  const nodes: readonly NodeSpec[] = [{ node: "topic", variants, inputs: [] }];
  const stored = await timed(() => fill(frame, nodes[0]!));
  console.log(`stored in ${(stored.time / 1000).toFixed(1)} s`);
  const rows = `${many.toLocaleString("en-US")} rows × ${tones.length} variants`;
  const topic: CellRef = { type: "cell", cell: "topic", at: { tone: "warm" } };
  const bare = await openBare(many, 1);
  const read = (view: SheetView, from: number) =>
    sheets.viewPage({
      frame,
      nodes,
      shown: ["topic"],
      view,
      hold: false,
      fresh: false,
      order: null,
      from,
      to: from + page,
      columns: ["id", "text", "topic"],
      cells: ["topic"],
    });
  const sorted = (column: ColumnRef): SheetView => ({ ...wholeSheet, sort: [{ column, descending: true }] });
  const views: readonly (readonly [string, SheetView])[] = [
    ["sorted by an answer", sorted(topic)],
    ["sorted by a text of the rows, which scatters them", sorted({ type: "row", column: "text" })],
    ["filtered by an answer", { ...wholeSheet, filters: [{ type: "is", column: topic, value: "warm topic 7" }] }],
    ["searched", { ...wholeSheet, search: "topic 7 0" }],
  ];
  await pages(`page of ${page} of ${rows}`, (from) => read(wholeSheet, from), many, bare);
  for (const [label, view] of views) {
    const built = await timed(() => read(view, 0));
    show(`order of ${rows}, ${label}`, built.time);
    const { total } = built.answer;
    if (total > page) await pages(`page of ${page} of ${rows}, ${label}`, (from) => read(view, from), total, bare);
  }
  const call = { frame, nodes, shown: ["topic"], view: wholeSheet };
  for (const column of [topic, { type: "row", column: "text" }] as const) {
    const found = await timed(() => sheets.columnFigures({ ...call, column, answers: null }));
    show(`summary of ${column.type === "row" ? "a text of the rows" : "an answer"} over ${rows}`, found.time);
  }
}

/** Puts a result at every address, as a run would. */
async function fill(frame: string, { node, variants }: NodeSpec): Promise<void> {
  const { sheets } = runtime.tables;
  const [first] = await sheets.work({ frame, nodes: [{ node, variants, inputs: [] }], node, from: 0, to: 1 });
  const chunk = 2_500;
  for (let from = 0; from < many; from += chunk) {
    const { rows } = await sheets.page({ frame, from, to: Math.min(from + chunk, many), columns: [] });
    const results = rows.flatMap((row, index) =>
      variants.map(({ at, key }): StoredResult => {
        const number = from + index;
        return {
          row,
          at,
          key: key!,
          input: first!.input!,
          outcome: "ok",
          value: JSON.stringify({ type: "string", value: `${at["tone"]} topic ${(number * 7919) % 77}` }),
          valueHash: String(number % 77).padStart(64, "0"),
          error: null,
          calls: [
            {
              key: `${number}`.padStart(64, "0"),
              model: "echo/text",
              usage: { input: 90, output: 20 },
              cost: 0.0001,
              latency: 400,
              cached: false,
            },
          ],
        };
      }),
    );
    await sheets.put({ sheet: "bench", node, results });
  }
}

/** The same rows and results in bare tables, all of them in one order. */
async function openBare(rowCount: number, nodes: number): Promise<DuckDBConnection> {
  const bare = await (await DuckDBInstance.create(":memory:", { threads: "1" })).connect();
  await bare.run(`create table rows as select range as ordinal, 'Ticket ' || range as text from range(${rowCount})`);
  await bare.run(`create table results as select range as address, '{"type":"string","value":"topic ' || range % 77 || '"}' as value,
    '[{"key":"' || md5('' || range) || '","cost":0.0001,"latency":400,"cached":false}]' as calls from range(${rowCount * nodes * tones.length})`);
  return bare;
}

/** Reads pages all over a view: the middle of the times, ours and the bare one's. */
async function pages(
  what: string,
  read: (from: number) => Promise<unknown>,
  total: number,
  bare: DuckDBConnection,
  withGoal?: Goal,
): Promise<void> {
  const times: number[] = [];
  const bareTimes: number[] = [];
  const width = 40;
  for (let index = 0; index < width; index += 1) {
    const from = Math.floor((total - page) * (index / width));
    times.push((await timed(() => read(from))).time);
    bareTimes.push(
      (
        await timed(async () => {
          await bare.runAndReadAll(`from rows where ordinal >= ${from} and ordinal < ${from + page}`);
          const cells = tones.length;
          await bare.runAndReadAll(
            `from results where address >= ${from * cells} and address < ${(from + page) * cells} order by address`,
          );
        })
      ).time,
    );
  }
  show(what, median(times), median(bareTimes), withGoal);
  console.log(`  at worst ${Math.max(...times).toFixed(1)} ms`);
}

async function writeTickets(name: string, rowCount: number): Promise<void> {
  const file = createWriteStream(join(runtime.workspace.datasets, name));
  file.write("id,text,topic\n");
  for (let from = 0; from < rowCount; from += 10_000) {
    const lines = Array.from({ length: Math.min(10_000, rowCount - from) }, (_, index) => {
      const number = from + index;
      return `t${number},"Ticket ${(number * 7919) % rowCount}: my new card has not arrived",topic ${number % 77}\n`;
    });
    if (!file.write(lines.join(""))) await new Promise<void>((resolve) => void file.once("drain", () => resolve()));
  }
  file.end();
  await finished(file);
}

function show(what: string, ours: number, bare?: number, withGoal?: Goal): void {
  const beside = bare === undefined ? null : { what: "bare SQL by places, one thread", figure: bare };
  report({ what, unit: "ms", ours, bare: beside, ...(withGoal === undefined ? {} : { goal: withGoal }) });
}
