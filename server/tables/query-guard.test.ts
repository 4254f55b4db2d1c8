import { readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Table } from "#server/notebook/value.ts";
import { openQueryDatabase } from "./query-database.ts";
import { temporaryTables, type TemporaryTables } from "./__fixtures__/temporary-tables.ts";

let workspace: TemporaryTables;
let tables: { readonly [name: string]: Table };
let secret: string;
beforeAll(async () => {
  workspace = await temporaryTables();
  const numbers = Array.from({ length: 200 }, (_, id) => ({ id, x: id % 7, text: `row ${id}` }));
  const big = await workspace.tables.fromRows(numbers);
  tables = { big, t: await workspace.tables.fromRows([{ a: 1, b: "x" }]) };
  secret = join(workspace.folders.datasets, "secret.csv");
  await writeFile(secret, "secret\nmoon\n");
});
afterAll(() => workspace[Symbol.asyncDispose]());

const run = (sql: string) => workspace.tables.query({ sql, tables, parameters: {}, deadline: 5000 });

/** Statements that reach for something else; SECRET stands for a file's path, OUT for one that must not appear, FILES for the folder of tables. */
const hostile = `
select * from read_csv('SECRET')
select * from read_csv_auto('SECRET')
select * from read_text('SECRET')
select * from read_blob('SECRET')
select * from read_blob('FILES/*')
select * from read_json('SECRET')
select * from read_json_auto('SECRET')
select * from read_ndjson('SECRET')
select * from read_ndjson_objects('SECRET')
select * from read_json_objects('SECRET')
select * from read_parquet('FILES/*.parquet')
select * from parquet_scan('FILES/*.parquet')
select * from parquet_metadata('FILES/*.parquet')
select * from parquet_schema('FILES/*.parquet')
select * from parquet_kv_metadata('FILES/*.parquet')
select * from parquet_file_metadata('FILES/*.parquet')
select * from parquet_bloom_probe('FILES/*.parquet', 'a', 1)
select * from sniff_csv('SECRET')
select * from read_duckdb('SECRET')
select * from glob('/*')
select * from "SECRET"
select * from 'SECRET'
from 'FILES/*.parquet'
from "FILES/*.parquet"
select (select content from read_text('SECRET'))
with x as (from read_text('SECRET')) from x
with recursive x as (select 1 as a union all select 2 from read_text('SECRET')) from x
select * from t where exists (from read_text('SECRET'))
select * from t, lateral (from read_text('SECRET'))
select * from t join read_text('SECRET') on true
select 1 union all select content from read_text('SECRET')
select * from t order by (select content from read_text('SECRET'))
select * from (pivot (from read_text('SECRET')) on filename in ('a') using count(*))
select * from (unpivot (from read_text('SECRET')) on content into name n value v)
describe from read_text('SECRET')
summarize (from read_text('SECRET'))
summarize 'SECRET'
describe 'SECRET'
select list_transform([1], lambda x: (select content from read_text('SECRET')))
select [x for x in (select list(content) from read_text('SECRET'))]
select case when true then (from read_text('SECRET') select content) end
select * from t where a in (select size from read_text('SECRET'))
select sum(a) filter (exists (from read_text('SECRET'))) from t
select sum(a) over (order by (select size from read_text('SECRET'))) from t
select * from t limit (select size from read_text('SECRET'))
values ((select content from read_text('SECRET')))
select * from main.read_text('SECRET')
select * from system.main.read_text('SECRET')
select * from READ_TEXT('SECRET')
select * from "read_text"('SECRET')
from query('select * from read_text(''SECRET'')')
from query_table('SECRET')
from query_table(['t'])
from query('from enable_logging()')
select * from enable_logging()
select * from enable_logging(storage='file', storage_config={'path':'OUT'})
with x as (from enable_logging(storage='file', storage_config={'path':'OUT'})) from x
from query('from enable_logging(storage=''file'', storage_config={''path'':''OUT''})')
select * from enable_logging(storage='stdout')
call enable_logging(storage='file', storage_config={'path':'OUT'})
select * from disable_logging()
select * from enable_profiling()
select * from enable_profile()
select * from disable_profiling()
call enable_profiling()
select * from truncate_duckdb_logs()
select * from duckdb_settings()
from duckdb_settings
select * from duckdb_secrets()
select * from which_secret('s3://a', 's3')
select * from duckdb_tables()
from duckdb_tables
from information_schema.tables
from pg_catalog.pg_settings
from pg_settings
from sqlite_master
from sheaf_1.main.t
from system.information_schema.tables
select * from duckdb_functions()
select * from duckdb_logs()
select * from duckdb_logs_parsed('x')
select * from duckdb_memory()
select * from duckdb_temporary_files()
select * from duckdb_extensions()
select * from duckdb_databases()
select * from pragma_database_size()
select * from pragma_storage_info('t')
select * from pragma_table_info('t')
select * from pragma_show('t')
select * from pragma_version()
select * from show_tables()
select * from force_checkpoint()
select * from checkpoint()
select * from json_execute_serialized_sql(json_serialize_sql('from t'))
select * from histogram('t', 'a')
select * from histogram_values(t, a)
select * from seq_scan('t')
select * from arrow_scan(1, 2, 3)
select * from test_all_types()
select * from test_vector_types(null::int)
select * from sql_auto_complete('sel')
select * from no_such_function()
show tables
show all tables
show databases
select * from (show tables)
from (show databases)
select getenv('PATH')
select current_setting('memory_limit')
select CURRENT_SETTING('memory_limit')
select "current_setting"('memory_limit')
select main.current_setting('memory_limit')
select system.main.current_setting('memory_limit')
select getvariable('x')
select write_log('x', level := 'info')
select sleep_ms(100000)
select current_query()
select nextval('s')
select setseed(0.5)
select json_serialize_plan('from t')
select pg_get_viewdef(1)
select format_type(1, 2)
select get_block_size('memory')
select __internal_decompress_string(1::hugeint)
select __internal_decompress_integral_bigint(1, 2)
select list_transform([1], lambda x: current_setting('memory_limit'))
pragma database_list
pragma show_tables
pragma version
pragma memory_limit='8GB'
pragma enable_profiling
set memory_limit='8GB'
set global threads=8
set enable_external_access=true
set lock_configuration=false
set variable x = 1
reset memory_limit
reset lock_configuration
copy t to 'OUT'
copy (select 1) to 'OUT' (format parquet)
copy (select 1) to 'FILES/OUT.parquet'
copy t from 'SECRET'
copy from database memory to memory
export database 'OUT'
import database 'OUT'
attach 'OUT' as x
attach ':memory:' as x
detach memory
use memory
install fts
install 'OUT'
load fts
load 'SECRET'
force install httpfs
update extensions
create table x as select 1
create temp table x as select 1
create view x as from t
create macro f() as 1
create macro f() as table from read_text('SECRET')
create secret s (type s3)
create persistent secret s (type s3)
create sequence s
create type e as enum ('a')
create schema s
create index i on t(a)
create or replace table t as select 2 as a
insert into t values (2, 'y')
update t set a = 2
delete from t
truncate t
merge into t using big on t.a = big.id when matched then delete
alter table t rename to u
drop table t
drop view big
comment on table t is 'x'
begin
commit
rollback
checkpoint
vacuum
analyze
prepare p as select 1
execute p
deallocate p
explain select 1
explain analyze select 1
call pragma_version()
call query('select 1')
select 1; select 2
select 1; copy t to 'OUT'
select 1; set threads = 8
select 1) ; copy t to 'OUT'; select (1
select 1) as x; drop table t; --
select 1 /* ) */ ); drop table t; --
with x as (insert into t values (3, 'z') returning *) from x
with x as (delete from t returning *) from x
with x as (copy t to 'OUT') from x
pivot t on b using sum(a)
select * from t at (version => 1)
select * into x from t
`;

describe("a query", () => {
  const statements = hostile.trim().split("\n");

  test(`is refused where it reaches for anything but its tables (${statements.length} statements)`, async () => {
    const out = join(workspace.folders.datasets, "written");
    const before = await readdir(workspace.folders.files);
    const answered: string[] = [];
    for (const statement of statements) {
      const sql = statement
        .replaceAll("SECRET", secret)
        .replaceAll("OUT", out)
        .replaceAll("FILES", workspace.folders.files);
      const error = await run(sql).then(
        (table) => ({ code: `answered ${JSON.stringify(table.rows)}` }),
        (thrown: unknown) => thrown as { readonly code: string; readonly message: string },
      );
      if (!/^sql\.(?:forbidden|statement|syntax|unknown-table|name)$/.test(error.code))
        answered.push(`${statement} -> ${error.code}`);
      expect("message" in error ? error.message : "").not.toContain("moon");
    }
    expect(answered).toEqual([]);
    expect(await readdir(workspace.folders.files)).toEqual(before);
    expect(await readdir(workspace.folders.datasets)).toEqual(["secret.csv"]);
    expect(await readFile(secret, "utf8")).toBe("secret\nmoon\n");
    expect((await run("select count(*) n, max(a) a from t")).rows).toEqual([[1, 1]]);
  });

  test.each([
    "select 1",
    "from t",
    "table t",
    "values (1), (2)",
    "select 1;",
    "  -- a comment\n from t /* and ; another */ ; -- end",
    "with t as (from t) select * from t",
    "with recursive r as (select 1 as x union all select x + 1 from r where x < 5) from r",
    "with recursive r(k, v) using key (k) as (select 1, 1 union select k, v + 1 from recurring.r where v < 3) from r",
    "select * from range(3), generate_series(1, 2), unnest([1, 2]), json_each('[1]')",
    "describe t",
    "summarize t",
    "select * from (pivot t on b in ('x', 'y') using sum(a))",
    "unpivot t on a into name n value v",
    "select * from big using sample 3 (reservoir, 42)",
    "select * from t a join big b on a.a = b.id asof join big c on a.a >= c.id",
    "select list_transform([1, 2], lambda x: x + 1), [x * 2 for x in [1, 2]], struct_pack(a := 1), map {'a': 1}",
    "select sum(x) over (partition by x order by id rows 2 preceding) from big qualify row_number() over () < 3",
    "select x, count(*) from big group by rollup (x) having count(*) > 1 order by all limit 10 percent",
    "select columns('a|b'), * exclude (a) replace ('y' as b) from t",
    "select '[1]'::json -> 0, 'a'::enum('a', 'b'), 1.5::decimal(10, 2), '{}'::json ->> 'a', date '2026-01-01' + interval 1 day",
    "select 'read_text(''x'')' as \"duckdb_settings\"",
    "select * from T, BIG where T.a = big.ID",
  ])("that reads its tables only is run: %s", async (sql) => {
    expect((await run(sql)).columns.length).toBeGreaterThan(0);
  });
});

test("the settings of the process refuse files even to a statement that came by the guard", async () => {
  const database = await openQueryDatabase(workspace.folders);
  const out = join(workspace.folders.datasets, "written");
  await database.use(async (session) => {
    for (const sql of [
      `from read_text('${secret}')`,
      `from read_csv('${secret}')`,
      `from '${secret}'`,
      `from glob('/*')`,
      `from read_text('${workspace.folders.files}/../datasets/secret.csv')`,
      `copy (select 1) to '${out}'`,
      `attach '${out}' as x`,
      "install fts",
      "set global memory_limit = '8GB'",
      "set threads = 8",
      "reset lock_configuration",
      "set enable_external_access = true",
    ])
      await expect(session.execute(sql), sql).rejects.toThrow(/Permission|Invalid Input/);
  });
  expect(await readdir(workspace.folders.datasets)).toEqual(["secret.csv"]);
});

test("the lists of functions were reviewed for this version of DuckDB", async () => {
  // A new version may bring new functions: read duckdb_functions() again before this is changed.
  expect((await run("select version() as v")).rows).toEqual([["v1.5.5"]]);
});
