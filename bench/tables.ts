import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DuckDBInstance, type DuckDBConnection } from "@duckdb/node-api";
import { openTables } from "#server/tables/index.ts";
import type { Table } from "#server/notebook/value.ts";
import { median, report, timed } from "./figure.ts";

/**
 * Tables behind their processes, beside DuckDB in this process in the same run and turn by turn: a page of 100 rows of
 * 1 M, a small query, an aggregation over 1 M rows, the analysis of a statement, and the import of a CSV file. Medians, in milliseconds.
 */
const rowCount = 1_000_000;
const folder = await mkdtemp(join(tmpdir(), "sheaf-bench-"));
const folders = { files: join(folder, "files"), cache: join(folder, "cache"), datasets: folder };
const tables = openTables(folders);
const instance = await DuckDBInstance.create(":memory:", { threads: "1" });
const bare = await instance.connect();
try {
  const made = await tables.query({
    sql: `select i as id, 'message ' || i || ' ' || md5(i::varchar) as text, i % 77 as topic, i * 1.5 as amount,
            date '2026-01-01' + (i % 365)::int as day, i % 2 = 0 as flag, md5((i * 7)::varchar) as code, 'x' || i % 10 as label
          from range(${rowCount}) r(i)`,
    tables: {},
    parameters: {},
  });
  const small = await tables.fromRows(Array.from({ length: 50 }, (_, id) => ({ id, text: `row ${id}` })));
  const file = join(folders.files, `${made.hash}.parquet`);
  await bare.run(`create table loaded as from read_parquet('${file}')`);
  await bare.run("create table small as select i as id, 'row ' || i as text from range(50) r(i)");

  const offset = (): number => Math.floor(Math.random() * (rowCount - 100));
  const query = (sql: string, given: { readonly [name: string]: Table }) =>
    tables.query({ sql, tables: given, parameters: {} });
  let count = 0;
  const analysed =
    "with best as (select topic, avg(amount) a from tickets group by 1) select * from best join triage.correct using (topic) where a > $least";
  await compare([
    [
      "page of 100 × 8 from 1 M rows",
      200,
      () => tables.rows(made, offset(), 100),
      () => read(bare, `from loaded where rowid >= ${offset()} limit 100`),
    ],
    ["query: select 1", 200, () => query("select 1 as one", {}), () => read(bare, "select 1 as one")],
    [
      "query over 50 rows",
      100,
      () => query("select count(*) n from small where id > 7", { small }),
      () => read(bare, "select count(*) n from small where id > 7"),
    ],
    [
      "group 1 M rows of Parquet",
      15,
      () => query("select topic, avg(amount) a from made group by topic order by topic", { made }),
      () => read(bare, `select topic, avg(amount) a from read_parquet('${file}') group by topic order by topic`),
    ],
    [
      "analysis of a statement, not remembered",
      200,
      () => tables.analyse(`${analysed} + ${count++}`, "statement"),
      () => read(bare, `select json_serialize_sql('${analysed}')`),
    ],
  ]);

  const lines = Array.from(
    { length: 200_000 },
    (_, id) => `${id},"message ${id}, and so on",${id * 1.5},2026-01-01,00${id}`,
  );
  await writeFile(join(folder, "data.csv"), `id,text,amount,day,code\n${lines.join("\n")}\n`);
  const imported = await timed(() => tables.importFile("data.csv"));
  const copied = await timed(() =>
    bare.run(
      `copy (from read_csv('${join(folder, "data.csv")}', sample_size = -1)) to '${join(folder, "bare.parquet")}' (format parquet, compression zstd)`,
    ),
  );
  show("import of a CSV file of 200,000 × 5", imported.time, copied.time);
} finally {
  await tables.close();
  bare.closeSync();
  await rm(folder, { recursive: true });
}

async function compare(cases: readonly (readonly [string, number, () => Promise<unknown>, () => Promise<unknown>])[]) {
  for (const [name, rounds, ours, theirs] of cases) {
    const times: [number[], number[]] = [[], []];
    for (let round = 0; round < rounds + 3; round += 1)
      for (const [index, run] of [ours, theirs].entries()) {
        const start = performance.now();
        await run();
        // The first rounds warm up.
        if (round >= 3) times[index]!.push(performance.now() - start);
      }
    show(name, median(times[0]), median(times[1]));
  }
}

async function read(connection: DuckDBConnection, sql: string): Promise<unknown> {
  return (await connection.runAndReadAll(sql)).getColumnsJS();
}

function show(what: string, ours: number, theirs: number): void {
  report({ what, unit: "ms", ours, bare: { what: "DuckDB in this process", figure: theirs } });
}
