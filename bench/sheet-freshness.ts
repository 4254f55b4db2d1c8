import { createWriteStream } from "node:fs";
import { mkdir, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { finished } from "node:stream/promises";
import { DuckDBInstance, type DuckDBConnection } from "@duckdb/node-api";
import { openTables } from "#server/tables/index.ts";
import type { NodeSpec, StoredResult, WorkItem } from "#server/tables/sheet-store.ts";
import { median, report, timed, type Goal } from "./figure.ts";

/**
 * Staleness of a sheet of a million rows with two prompt columns, the second reading the first, each of two variants, half of
 * it run, after one edit of the first prompt: the first answer (from keys alone) and the exact one, over the process that
 * holds the sheets, each beside the bare SQL of the same question over bare tables with one thread in this process. Beside
 * it, what a chunk of 1,000 rows costs a run (`work` and `put` of both variants), and a page of the screen.
 */
const rowCount = Number(process.argv[2] ?? 1_000_000);
const half = rowCount / 2;
const rows = rowCount.toLocaleString("en-US");
const chunk = 1000;
const models = ["small", "big"];

const nodes = (topicKey: string): readonly NodeSpec[] => [
  {
    node: "topic",
    variants: models.map((model) => ({ at: { model }, key: `${topicKey} ${model}` })),
    inputs: [{ type: "column", column: "text" }],
  },
  {
    node: "reply",
    variants: models.map((model) => ({ at: { model }, key: `reply ${model}` })),
    inputs: [
      { type: "column", column: "customer" },
      { type: "node", node: "topic", axes: ["model"] },
    ],
  },
];

const bareTopic = `select v.variant, t.key is null, t.key = 1 and t.input = r.text_hash, count(*)
  from rows r cross join (values (0), (1)) v(variant) left join topic t on t.address = r.row * 65536 + v.variant group by all`;
const bareReply = `with settled as materialized (
    select address, seen from rows r join topic t on t.row = r.row where t.key = 1 and t.input = r.text_hash)
  select v.variant, t.key is null, t.key = 1 and t.input = md5_number(cast(r.customer_hash as BLOB) || cast(s.seen as BLOB)), count(*)
  from rows r cross join (values (0), (1)) v(variant) left join reply t on t.address = r.row * 65536 + v.variant
  left join settled s on s.address = r.row * 65536 + v.variant group by all`;

const folder = await mkdtemp(join(tmpdir(), "sheaf-bench-"));
const folders = { files: join(folder, "files"), cache: join(folder, "cache"), datasets: join(folder, "datasets") };
const tables = openTables(folders);
try {
  await mkdir(folders.datasets);
  await writeTickets(join(folders.datasets, "tickets.csv"));
  const table = await tables.importFile("tickets.csv");
  const { sheets } = tables;
  const opened = await timed(() =>
    sheets.openFrame({ sheet: "bench", table, key: null, identity: ["text", "customer"] }),
  );
  const { frame } = opened.answer;
  show(`open ${rows} rows, told apart by two columns`, opened.time);

  const before = nodes("topic as it was");
  for (const { node } of before) await runHalf(frame, before, node);

  const bare = await openBare();
  for (const [label, specs, goal] of [
    ["before an edit", before, undefined],
    ["after an edit of the first column", nodes("topic as it is now"), { of: "ours", is: "under", bound: 50 }],
  ] as const) {
    for (const { node } of specs) {
      const first = await timed(() => sheets.freshness({ frame, nodes: specs, node, exact: false }));
      const bareFirst = await best(() => bare.run(`select variant, key, outcome, count(*) from ${node} group by all`));
      show(`freshness of ${rows} rows ${label}, ${node}: first answer`, first.time, bareFirst, goal);
      const exact = await timed(() => sheets.freshness({ frame, nodes: specs, node, exact: true }));
      const bareExact = await best(() => bare.run(node === "topic" ? bareTopic : bareReply));
      show(`freshness of ${rows} rows ${label}, ${node}: exact`, exact.time, bareExact);
      for (const { at, counts } of exact.answer) console.log(`  ${at["model"]}: ${JSON.stringify(counts)}`);
    }
  }
  const pages: number[] = [];
  for (let page = 0; page < 40; page += 1) {
    const from = Math.floor((rowCount / 40) * page);
    pages.push((await timed(() => sheets.states({ frame, nodes: before, node: "reply", from, to: from + 100 }))).time);
  }
  show("states of a page of 100 rows", median(pages));
  console.log(`  at worst ${Math.max(...pages).toFixed(1)} ms`);
} finally {
  await tables.close();
  await rm(folder, { recursive: true });
}

/** Computes the first half of a column with an answer made from the row, as a run would with a model's. */
async function runHalf(frame: string, specs: readonly NodeSpec[], node: string): Promise<void> {
  const times = { work: 0, put: 0 };
  const chunks = 40;
  let from = 0;
  while (from < half) {
    // Large chunks get there sooner; those as large as a run's are measured, with all the others there already.
    const measured = half - from <= chunks * chunk;
    const to = measured ? from + chunk : Math.min(from + 10_000, half - chunks * chunk);
    const range = { from, to };
    const work = await timed(() => tables.sheets.work({ frame, nodes: specs, node, ...range }));
    const results = work.answer.map((item) => answer(specs, node, item));
    const put = await timed(() => tables.sheets.put({ sheet: "bench", node, results }));
    if (measured) times.work += work.time;
    if (measured) times.put += put.time;
    from = to;
  }
  show(`what is to do in ${chunk} rows × 2 variants, ${node}`, times.work / chunks);
  show(`results of ${chunk} rows × 2 variants stored, ${node}`, times.put / chunks);
}

function answer(specs: readonly NodeSpec[], node: string, { row, at, input, ordinal }: WorkItem): StoredResult {
  const spec = specs.find((candidate) => candidate.node === node)!;
  const { key } = spec.variants.find((variant) => variant.at["model"] === at["model"])!;
  const value = `${node} of ticket ${ordinal}: the card was sent on Monday and has not arrived yet`;
  return {
    row,
    at,
    key: key!,
    input: input!,
    outcome: "ok",
    value: JSON.stringify({ type: "string", value }),
    valueHash: String(ordinal).padStart(64, "0"),
    error: null,
    calls: [
      { key: row, model: "echo/text", usage: { input: 90, output: 20 }, cost: 0.0001, latency: 400, cached: false },
    ],
  };
}

/** The same figures in bare tables of the narrowest kind: no value, no text. */
async function openBare(): Promise<DuckDBConnection> {
  const instance = await DuckDBInstance.create(":memory:", { threads: "1" });
  const bare = await instance.connect();
  await bare.run(`create table rows as select range as row, md5_number('t' || range) as text_hash,
    cast(md5('c' || range) as UUID) as customer_hash from range(${rowCount})`);
  for (const [node, input] of [
    ["topic", "text_hash"],
    ["reply", "md5_number(cast(customer_hash as BLOB) || cast(cast(md5('v' || row) as UUID) as BLOB))"],
  ])
    await bare.run(`create table ${node} as select row * 65536 + variant as address, row, variant, 1 as key, 0 as outcome,
      ${input} as input, cast(md5('v' || row) as UUID) as seen from rows, (values (0), (1)) v(variant) where row < ${half}`);
  return bare;
}

async function writeTickets(path: string): Promise<void> {
  const file = createWriteStream(path);
  file.write("customer,text\n");
  for (let from = 0; from < rowCount; from += 10_000) {
    const lines = Array.from({ length: Math.min(10_000, rowCount - from) }, (_, index) => {
      const number = from + index;
      return `customer ${number % 50_021},"Ticket ${number}: my new card has not arrived, and I ordered it ${number % 30} days ago"\n`;
    });
    if (!file.write(lines.join(""))) await new Promise<void>((resolve) => void file.once("drain", () => resolve()));
  }
  file.end();
  await finished(file);
}

async function best(work: () => Promise<unknown>): Promise<number> {
  let time = Infinity;
  for (let round = 0; round < 3; round += 1) time = Math.min(time, (await timed(work)).time);
  return time;
}

function show(what: string, ours: number, bare?: number, goal?: Goal): void {
  const beside = bare === undefined ? null : { what: "bare SQL, one thread", figure: bare };
  report({ what, unit: "ms", ours, bare: beside, ...(goal === undefined ? {} : { goal }) });
}
