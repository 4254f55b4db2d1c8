import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { mkdir, readdir, rm, utimes, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { DuckDBInstance } from "@duckdb/node-api";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { wholeSheet } from "#server/notebook/sheet-view.ts";
import type { Column, Datum } from "#server/notebook/value.ts";
import { openTables } from "./index.ts";
import { parseJson } from "./parse-json.ts";
import { temporaryFolder } from "../../tests/helpers/temporary-folder.ts";
import { temporaryTables, type TemporaryTables } from "./__fixtures__/temporary-tables.ts";

let workspace: TemporaryTables;
beforeAll(async () => {
  workspace = await temporaryTables();
});
afterAll(() => workspace[Symbol.asyncDispose]());

type Row = { readonly [column: string]: Datum };

const numbered = (count: number): Row[] => Array.from({ length: count }, (_, id) => ({ id, text: `row ${id}` }));

describe("a table", () => {
  test("of at most 100 rows travels in its handle", async () => {
    const table = await workspace.tables.fromRows(numbered(100));
    expect(table.rows).toHaveLength(100);
    expect(table.rowCount).toBe(100);
    expect(existsSync(join(workspace.folders.files, `${table.hash}.parquet`))).toBe(false);
  });

  test("of more rows, or of more than 64 KB, is a file named by its hash", async () => {
    for (const rows of [numbered(101), [{ text: "x".repeat(70_000) }]]) {
      const table = await workspace.tables.fromRows(rows);
      expect(table.rows).toBeUndefined();
      expect(existsSync(join(workspace.folders.files, `${table.hash}.parquet`))).toBe(true);
      expect(await workspace.tables.rows(table, rows.length - 1, 10)).toEqual([Object.values(rows.at(-1)!)]);
    }
    expect((await readdir(workspace.folders.files)).filter((name) => name.endsWith(".tmp"))).toEqual([]);
  });

  test("with equal content has an equal hash, and with another order, value, name or type another", async () => {
    for (const count of [3, 40_000]) {
      const rows = numbered(count);
      const hashes = await Promise.all(
        [
          rows,
          rows.toReversed(),
          [...rows.slice(1), { id: 0, text: "row 1" }],
          rows.map(({ id, text }) => ({ id: id!, words: text! })),
          rows.map(({ id, text }) => ({ id: String(id), text: text! })),
        ].map(async (each) => (await workspace.tables.fromRows(each)).hash),
      );
      expect(new Set(hashes).size).toBe(hashes.length);
      expect((await workspace.tables.fromRows(rows)).hash).toBe(hashes[0]);
      const csv = `id,text\n${rows.map(({ id, text }) => `${String(id)},${String(text)}`).join("\n")}\n`;
      expect((await workspace.tables.importText(csv, "csv")).hash).toBe(hashes[0]);
      const table = await workspace.tables.fromRows(rows);
      const query = { sql: "select text as text, id from t", tables: { t: table }, parameters: {} };
      const back = { ...query, sql: "select id, text from u where id >= 0" };
      const swapped = await workspace.tables.query(query);
      expect((await workspace.tables.query({ ...back, tables: { u: swapped } })).hash).toBe(hashes[0]);
    }
  });

  test("is read by pages, beyond its end as nothing", async () => {
    const table = await workspace.tables.fromRows(numbered(50_000));
    expect(await workspace.tables.rows(table, 49_998, 100)).toEqual([
      [49_998, "row 49998"],
      [49_999, "row 49999"],
    ]);
    expect(await workspace.tables.rows(table, 16_383, 2)).toEqual([
      [16_383, "row 16383"],
      [16_384, "row 16384"],
    ]);
    expect(await workspace.tables.rows(table, 50_000, 100)).toEqual([]);
  });

  test("has U+FFFD for half a character, whatever the column's type", async () => {
    const half = "\u{1f600}".slice(0, 1);
    const table = await workspace.tables.fromRows([
      { text: half, list: [half, half], object: { a: half }, mixed: half },
      { mixed: 1 },
    ]);
    expect(table.rows![0]).toEqual(["\ufffd", ["\ufffd", "\ufffd"], { a: "\ufffd" }, "\ufffd"]);
  });

  test("has members that are called like a type, also in a file", async () => {
    const of: Column[] = [{ name: "a", type: "json", sql: 'STRUCT("INTERVAL" HUGEINT, "HUGEINT" BIGINT)' }];
    const rows = Array.from({ length: 101 }, (_, index) => ({ a: { INTERVAL: 2n ** 100n, HUGEINT: index } }));
    const table = await workspace.tables.fromRows(rows, of);
    expect(table).toMatchObject({ columns: of, rowCount: 101 });
    expect(await workspace.tables.rows(table, 100, 1)).toEqual([[{ INTERVAL: 2n ** 100n, HUGEINT: 100 }]]);
  });

  test("whose file is gone says to run its cell again", async () => {
    const table = { columns: [], rowCount: 200, hash: "0".repeat(64) };
    await expect(workspace.tables.rows(table, 0, 10)).rejects.toMatchObject({
      code: "data.missing",
      cure: expect.stringMatching(/^Run the cell that makes the table again; where its value is locked/),
    });
  });

  test("takes its columns from its rows: missing is null, mixed is JSON, names are kept", async () => {
    const table = await workspace.tables.fromRows([
      { select: 1, "with space": "a", model: null, mixed: 1, nested: { a: [1, 2n ** 60n] }, big: 2n ** 60n },
      { select: 2.5, "with space": null, mixed: "x", more: true, big: 2n ** 100n },
    ]);
    expect(table.columns).toEqual([
      { name: "select", type: "number", sql: "DOUBLE" },
      { name: "with space", type: "string", sql: "VARCHAR" },
      { name: "model", type: "string", sql: "VARCHAR" },
      { name: "mixed", type: "json", sql: "JSON" },
      { name: "nested", type: "json", sql: "JSON" },
      { name: "big", type: "number", sql: "HUGEINT" },
      { name: "more", type: "boolean", sql: "BOOLEAN" },
    ]);
    expect(table.rows).toEqual([
      [1, "a", null, 1, { a: [1, 2n ** 60n] }, 2n ** 60n, null],
      [2.5, null, null, "x", null, 2n ** 100n, true],
    ]);
  });

  test("may have no rows, and no columns", async () => {
    expect(await workspace.tables.fromRows([])).toMatchObject({ columns: [], rowCount: 0, rows: [] });
    const columns: Column[] = [{ name: "a", type: "date", sql: "DATE" }];
    const table = await workspace.tables.fromRows([], columns);
    expect(table).toMatchObject({ columns, rowCount: 0, rows: [] });
    const counted = await workspace.tables.query({
      sql: "select count(a) n from t",
      tables: { t: table },
      parameters: {},
    });
    expect(counted.rows).toEqual([[0]]);
  });

  test("refuses a value that is not of its column's type, two names that differ in case, and a type that is none", async () => {
    const column = (sql: string): Column[] => [{ name: "a", type: "number", sql }];
    await expect(workspace.tables.fromRows([{ a: "x" }], column("BIGINT"))).rejects.toMatchObject({
      code: "data.value",
    });
    await expect(workspace.tables.fromRows([{ a: 1, A: 2 }])).rejects.toMatchObject({ code: "data.duplicate-column" });
    for (const sql of ["BIGINT); drop table x; --", "BIGINT) as b, (1", "'x'"])
      await expect(workspace.tables.fromRows([{ a: 1 }], column(sql))).rejects.toMatchObject({ code: "data.type" });
  });
});

describe("the cache", () => {
  test("may be deleted or damaged at any time", async () => {
    const table = await workspace.tables.fromRows(numbered(200));
    await rm(workspace.folders.cache, { recursive: true });
    expect(await workspace.tables.rows(table, 199, 1)).toEqual([[199, "row 199"]]);
    expect((await workspace.tables.importText("a\n1\n", "csv")).rows).toEqual([[1]]);
    await writeFile(join(workspace.folders.cache, "tables.duckdb"), "no database".repeat(1000));
    expect(await workspace.tables.rows(table, 0, 1)).toEqual([[0, "row 0"]]);
  });
});

describe("the file of the cache", () => {
  test("is begun anew where another release wrote it with another layout", async () => {
    await using folder = await temporaryFolder();
    const file = join(folder.path, "tables.duckdb");
    const old = await DuckDBInstance.create(file);
    const connection = await old.connect();
    await connection.run("create table sheet_names (scope INTEGER); create table sheaf_layout as select 0 as version");
    connection.closeSync();
    old.closeSync();
    const tables = openTables({ files: join(folder.path, "files"), cache: folder.path, datasets: folder.path });
    const table = await tables.fromRows([{ a: 1 }]);
    const frame = await tables.sheets.openFrame({ sheet: "s", table, key: null, identity: ["a"] });
    expect(frame.rowCount).toBe(1);
    await tables.close();
  });

  test("is each process's own where two have one workspace open", async () => {
    await using folder = await temporaryFolder();
    const folders = { files: join(folder.path, "files"), cache: folder.path, datasets: folder.path };
    const [one, other] = [openTables(folders), openTables(folders)];
    for (const tables of [one, other]) {
      const table = await tables.fromRows([{ a: 1 }]);
      expect((await tables.sheets.openFrame({ sheet: "s", table, key: null, identity: ["a"] })).rowCount).toBe(1);
    }
    await Promise.all([one.close(), other.close()]);
  });
});

describe("files that are being worked on", () => {
  test("stay while their process lives, whoever opens the workspace too, and go once it has ended", async () => {
    await using folder = await temporaryFolder();
    const folders = { files: join(folder.path, "files"), cache: folder.path, datasets: folder.path };
    const child = spawn(process.execPath, ["-e", ""]);
    await once(child, "exit");
    const [alive, ended, id] = [process.ppid, child.pid!, "0f0e7a52-6a63-4d7c-9f0e-000000000000"];
    const old = new Date(Date.now() - 2 * 86_400_000);
    const make = async (name: string, time?: Date): Promise<void> => {
      await mkdir(join(folder.path, name, ".."), { recursive: true });
      await writeFile(join(folder.path, name), "half");
      if (time !== undefined) await utimes(join(folder.path, name), time, time);
    };
    for (const place of ["scratch", "query"])
      for (const name of [`${alive}/a.csv`, `${ended}/a.csv`, `${id}.new`]) await make(`${place}/${name}`);
    for (const name of [`${alive}-${id}`, `${ended}-${id}`, id]) await make(`exports/${name}/a.csv`);
    await make(`scratch/${id}.old`, old);
    for (const name of [`${alive}-${id}.tmp`, `${ended}-${id}.tmp`, `${id}.tmp`, `12345678${id.slice(8)}.tmp`])
      await make(`files/${name}`);
    // Processes of containers have the same ids at each start.
    await make(`files/${process.pid}-${id}.tmp`, old);
    await make("files/00000000-0000-0000-0000-000000000000.tmp", old);
    await make("files/kept.parquet", old);
    const tables = openTables(folders);
    await tables.analyse("select 1", "statement");
    await tables.close();
    const left = async (place: string) => (await readdir(join(folder.path, place))).toSorted();
    expect(await left("scratch")).toEqual([`${id}.new`, `${alive}`].toSorted());
    expect(await left("exports")).toEqual([`${alive}-${id}`, id].toSorted());
    expect(await left("query")).toEqual(expect.arrayContaining([`${id}.new`, `${alive}`]));
    expect(await left("query")).not.toContain(`${ended}`);
    expect(await left("files")).toEqual(
      [`${alive}-${id}.tmp`, `${id}.tmp`, `12345678${id.slice(8)}.tmp`, "kept.parquet"].toSorted(),
    );
  });

  test("of an import are there to its end, though another process opens the workspace meanwhile", async () => {
    await using folder = await temporaryFolder();
    const folders = { files: join(folder.path, "files"), cache: folder.path, datasets: folder.path };
    const [one, other] = [openTables(folders), openTables(folders)];
    await one.importText("a\n1\n", "csv");
    const lines = Array.from({ length: 60_000 }, (_, row) => `${row},words of row ${row}`);
    const importing = one.importText(`id,text\n${lines.join("\n")}`, "csv");
    const scratch = join(folder.path, "scratch");
    const isThere = async () => (await readdir(scratch, { recursive: true })).some((name) => name.endsWith(".txt"));
    while (!(await isThere())) await new Promise((resolve) => setTimeout(resolve, 2));
    await other.analyse("select 1", "statement");
    expect((await importing).rowCount).toBe(60_000);
    await Promise.all([one.close(), other.close()]);
  });
});

/** Columns with values as pages give them, so that what goes in must come out. */
const digits = (count: number) => fc.stringMatching(new RegExp(`^[1-9][0-9]{${count - 1}}$`));
const day = fc
  .date({ min: new Date("0001-01-01"), max: new Date("9999-12-31"), noInvalidDate: true })
  .map((date) => date.toISOString().slice(0, 10));
const clock = fc
  .tuple(fc.nat(23), fc.nat(59), fc.nat(59), fc.option(fc.stringMatching(/^[0-9]{0,5}[1-9]$/)))
  .map(
    ([h, m, s, f]) => [h, m, s].map((part) => String(part).padStart(2, "0")).join(":") + (f === null ? "" : `.${f}`),
  );
const integer = (bits: number) =>
  fc
    .bigInt({ min: -(2n ** BigInt(bits - 1)), max: 2n ** BigInt(bits - 1) - 1n })
    .map((value) => (Number.isSafeInteger(Number(value)) ? Number(value) : value));
const double = fc.oneof(
  fc.double({ noNaN: true, noDefaultInfinity: true }).map((value) => (value === 0 ? 0 : value)),
  fc.constantFrom("NaN", "Infinity", "-Infinity"),
);
const text = fc.string({ unit: "binary" });
const bytes = fc.uint8Array().map((value) => Buffer.from(value).toString("base64"));
const json = fc.jsonValue().map((value) => parseJson(JSON.stringify(value)));
const nullable = <Value>(arbitrary: fc.Arbitrary<Value>) => fc.option(arbitrary, { freq: 6 });
const key = fc.stringMatching(/^[a-z]{1,4}$/);

const generated: readonly (readonly [string, Column["type"], fc.Arbitrary<Datum>])[] = [
  ["BOOLEAN", "boolean", fc.boolean()],
  ["TINYINT", "number", integer(8)],
  ["INTEGER", "number", integer(32)],
  ["BIGINT", "number", integer(64)],
  ["HUGEINT", "number", integer(128)],
  ["DOUBLE", "number", double],
  ["FLOAT", "number", fc.integer({ min: -999_999, max: 999_999 }).map((value) => value / 8)],
  ["DECIMAL(12,2)", "number", fc.integer({ min: -(10 ** 12) + 1, max: 10 ** 12 - 1 }).map((value) => value / 100)],
  ["DECIMAL(38,10)", "number", digits(28).map((whole) => `${whole}.0000000001`)],
  ["VARCHAR", "string", text],
  ["DATE", "date", day],
  ["TIME", "time", clock],
  ["TIMESTAMP", "time", fc.tuple(day, clock).map((parts) => parts.join("T"))],
  ["TIMESTAMP_NS", "time", clock.map((time) => `2001-02-03T${time}`)],
  ["TIMESTAMP WITH TIME ZONE", "time", fc.tuple(day, clock).map(([date, time]) => `${date}T${time}Z`)],
  ["UUID", "string", fc.uuid()],
  ["INTERVAL", "string", fc.nat(59).map((minutes) => `3 days 01:${String(minutes).padStart(2, "0")}:00.000001`)],
  ["BLOB", "binary", bytes],
  ["JSON", "json", json.filter((value) => value !== null)],
  ["VARCHAR[]", "json", fc.array(nullable(text))],
  ["HUGEINT[][]", "json", fc.array(fc.array(nullable(integer(128))))],
  [
    'STRUCT("a b" BIGINT, "select" BLOB[])',
    "json",
    fc.record({ "a b": nullable(integer(64)), select: fc.array(bytes) }),
  ],
  ["MAP(VARCHAR, DOUBLE)", "json", fc.dictionary(key, nullable(double)).map((map) => ({ ...map }))],
  [
    'STRUCT("d" DATE, "j" JSON)[]',
    "json",
    fc.array(fc.record({ d: nullable(day), j: json.filter((value) => value !== null) })),
  ],
];

test("values of every type come back exactly, from the handle, from the file and from a query", async () => {
  const columns: Column[] = generated.map(([sql, type], index) => ({ name: `c${index}`, type, sql }));
  const row = fc.tuple(...generated.map(([, , arbitrary]) => nullable(arbitrary)));
  await fc.assert(
    fc.asyncProperty(fc.array(row, { minLength: 1, maxLength: 6 }), fc.boolean(), async (few, many) => {
      const rows = many ? Array.from({ length: 101 }, (_, index) => few[index % few.length]!) : few;
      const table = await workspace.tables.fromRows(
        rows.map((values) => Object.fromEntries(values.map((value, index) => [`c${index}`, value]))),
        columns,
      );
      expect(table.columns).toEqual(columns);
      expect(await workspace.tables.rows(table, 0, rows.length)).toEqual(rows);
      const same = await workspace.tables.query({ sql: "from t", tables: { t: table }, parameters: {} });
      expect(same.columns).toEqual(columns);
      expect(same.hash).toBe(table.hash);
    }),
    { numRuns: 40 },
  );
});

test("dates and times at the edge of what DuckDB has are its own text, and come back", async () => {
  const sql =
    "select date 'infinity' a, date '-infinity' b, timestamp 'infinity' c, timestamptz '-infinity' d, date '0044-03-15 (BC)' e, timestamp '0044-03-15 (BC) 10:00:00' f, time '24:00:00' g";
  const table = await workspace.tables.query({ sql, tables: {}, parameters: {} });
  expect(table.rows).toEqual([
    ["infinity", "-infinity", "infinity", "-infinity", "0044-03-15 (BC)", "0044-03-15 (BC) 10:00:00", "24:00:00"],
  ]);
  expect((await workspace.tables.query({ sql: "from t", tables: { t: table }, parameters: {} })).hash).toBe(table.hash);
});

test("figures of a column are the same each time, also a sum of fractions over many groups of rows", async () => {
  const { tables } = workspace;
  const table = await tables.query({
    sql: "select i as id, 1 / (i + 1) as x from range(200000) r(i)",
    tables: {},
    parameters: {},
  });
  const { frame } = await tables.sheets.openFrame({ sheet: "groups", table, key: "id", identity: [] });
  const means = new Set<number | undefined>();
  for (let round = 0; round < 7; round += 1) {
    const column = { type: "row", column: "x" } as const;
    const call = { frame, nodes: [], shown: [], view: wholeSheet, column, answers: null };
    means.add((await tables.sheets.columnFigures(call)).numbers?.mean);
  }
  expect(means.size).toBe(1);
});
