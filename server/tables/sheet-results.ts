import { BIGINT, INTEGER, UHUGEINT, UTINYINT, VARCHAR } from "@duckdb/node-api";
import { coordinatesText, type Coordinates } from "#server/notebook/address.ts";
import type { CallFacts } from "#server/notebook/services.ts";
import { SheafError } from "#server/notebook/sheaf-error.ts";
import { texts, type Session } from "./duckdb-session.ts";
import { changed, variantsPerRow, type Sheet, type SheetCatalog } from "./sheet-catalog.ts";
import { outcomeCode, outcomeWords, overrideCode, overrideWords } from "./sheet-codes.ts";
import { inputText, parseInput } from "./sheet-input-text.ts";
import { seenOf } from "./sheet-input-sql.ts";
import { scopeOf, within } from "./sheet-scope.ts";
import type { Override, RowRange, ShownResult, StoredResult } from "./sheet-store.ts";
import { wellFormedJson } from "./well-formed-json.ts";

/** Keeps results, replacing what was at the same place. */
export async function putResults(
  catalog: SheetCatalog,
  call: { readonly sheet: string; readonly node: string; readonly results: readonly StoredResult[] },
): Promise<void> {
  const { results } = call;
  if (results.length === 0) return;
  const sheet = await catalog.sheet(call.sheet);
  const tables = `${sheet.id}_${await catalog.node(sheet, call.node)}`;
  const names = await catalog.names();
  const keys = new Map<string, number>();
  for (const { key } of results) if (!keys.has(key)) keys.set(key, await names.id(sheet.id, "key", key));
  const addresses = await addressesOf(catalog, sheet, results);
  // Among results at one place the last one counts.
  const last = new Map(addresses.map((address, index) => [address, index]));
  const kept = [...last].map(([address, index]) => ({
    address,
    ...results[index]!,
    ...parseInput(results[index]!.input),
  }));
  await catalog.write(async (session) => {
    await session.execute(
      `create temp table staged (address BIGINT, key INTEGER, outcome UTINYINT, input UHUGEINT, parts VARCHAR,
         value_hash VARCHAR, value VARCHAR, error VARCHAR, calls VARCHAR)`,
    );
    await session.append(
      { name: "staged", schema: "main", catalog: "temp" },
      [BIGINT, INTEGER, UTINYINT, UHUGEINT, VARCHAR, VARCHAR, VARCHAR, VARCHAR, VARCHAR],
      [
        kept.map(({ address }) => BigInt(address)),
        kept.map(({ key }) => keys.get(key)!),
        kept.map(({ outcome }) => outcomeCode[outcome]),
        kept.map(({ hash }) => hash),
        kept.map(({ parts }) => parts),
        kept.map(({ valueHash }) => valueHash),
        kept.map(({ value }) => value && wellFormedJson(value)),
        kept.map(({ error }) => error && wellFormedJson(error)),
        kept.map(({ calls }) => JSON.stringify(calls)),
      ],
    );
    await session.execute(`
      delete from sheet_results_${tables} r using staged where r.address = staged.address;
      insert into sheet_results_${tables}
        select address, address % ${variantsPerRow}, key, outcome, input, ${seenOf("outcome", "value_hash", "error")}, parts, value_hash, value, error, calls
        from staged order by address`);
  });
  changed(sheet, call.node);
}

/** Puts people's values in the place of all earlier ones of a node. Rows that are not there yet may come. */
export async function putOverrides(
  catalog: SheetCatalog,
  call: { readonly sheet: string; readonly node: string; readonly overrides: readonly Override[] },
): Promise<void> {
  const { overrides } = call;
  const sheet = await catalog.sheet(call.sheet);
  const tables = `${sheet.id}_${await catalog.node(sheet, call.node)}`;
  await registerRows(
    catalog,
    sheet,
    overrides.map(({ row }) => row),
  );
  const addresses = await addressesOf(catalog, sheet, overrides);
  const last = new Map(addresses.map((address, index) => [address, overrides[index]!]));
  const other = await catalog.write(async (session) => {
    await session.execute(
      "create temp table staged (address BIGINT, type UTINYINT, value_hash VARCHAR, value VARCHAR)",
    );
    await session.append(
      { name: "staged", schema: "main", catalog: "temp" },
      [BIGINT, UTINYINT, VARCHAR, VARCHAR],
      [
        [...last.keys()].map(BigInt),
        [...last.values()].map(({ type }) => overrideCode[type]),
        [...last.values()].map(({ valueHash }) => valueHash),
        [...last.values()].map(({ value }) => wellFormedJson(value)),
      ],
    );
    // The screen and every run open their sheet anew: what is as it was must not count as a change.
    const { columns } = await session.queryColumns(`select count(*) from (from staged) staged
      full join (select address, type, value from sheet_overrides_${tables}) kept using (address)
      where staged.type is distinct from kept.type or staged.value is distinct from kept.value`);
    if (columns[0]![0] === 0) return false;
    await session.execute(`
      delete from sheet_overrides_${tables};
      insert into sheet_overrides_${tables}
        select address, type, ${seenOf(String(outcomeCode.ok), "value_hash", "null")}, value_hash, value
        from staged order by address`);
    return true;
  });
  if (other) changed(sheet, call.node);
}

/** What is stored for rows, overrides applied. */
export async function readResults(
  catalog: SheetCatalog,
  session: Session,
  call: { readonly frame: string; readonly node: string; readonly variants: readonly Coordinates[] } & RowRange,
): Promise<readonly ShownResult[]> {
  const frame = await catalog.frame(call.frame);
  const { sheet } = frame;
  const scope = await scopeOf(session, frame, call);
  if (scope === null || call.variants.length === 0) return [];
  const tables = `${sheet.id}_${await catalog.node(sheet, call.node)}`;
  const places: string[] = [];
  for (const [place, at] of call.variants.entries()) places.push(`(${place}, ${await catalog.variant(sheet, at)})`);
  const read = await session.queryColumns(`
    with a as materialized (
      select f.ordinal, f.label, v.place, cast(f.row as BIGINT) * ${variantsPerRow} + v.variant as address
      from sheet_frame_${frame.id} f cross join (values ${places.join(", ")}) v(place, variant) where ${scope.condition("f")})
    select a.label, a.place, r.key, r.input, r.parts, o.type, coalesce(cast(o.type as INTEGER) * 0, r.outcome),
      coalesce(o.value, r.value), coalesce(o.value_hash, r.value_hash), r.error, r.calls
    from a left join ${within(`sheet_results_${tables}`, scope)} r on r.address = a.address
    left join ${within(`sheet_overrides_${tables}`, scope)} o on o.address = a.address
    where r.key is not null or o.type is not null order by a.ordinal, a.place`);
  const names = await catalog.names();
  const [labels, at, keys, inputs, parts, overrides, outcomes, values, hashes, errors, calls] = read.columns;
  return labels!.map((label, index): ShownResult => {
    const override = overrides![index] as number | null;
    const key = keys![index] as number | null;
    const input = inputs![index] as number | bigint | null;
    return {
      row: String(label),
      at: call.variants[Number(at![index])]!,
      key: key === null ? "" : (names.text(sheet.id, "key", key) ?? ""),
      input: input === null ? "" : inputText(input, String(parts![index])),
      outcome: outcomeWords[Number(outcomes![index])]!,
      value: values![index] as string | null,
      valueHash: hashes![index] as string | null,
      error: override === null ? (errors![index] as string | null) : null,
      calls: override === null ? (JSON.parse(String(calls![index])) as readonly CallFacts[]) : [],
      override: override === null ? null : overrideWords[override]!,
    };
  });
}

/** The keys under which results of a node are stored, most used first. */
export async function readKeys(
  catalog: SheetCatalog,
  call: { readonly sheet: string; readonly node: string },
): Promise<readonly { readonly key: string; readonly rows: number }[]> {
  const sheet = await catalog.sheet(call.sheet);
  const tables = `${sheet.id}_${await catalog.node(sheet, call.node)}`;
  const names = await catalog.names();
  const read = await catalog.read((session) =>
    session.queryColumns(`select key, count(*) from sheet_results_${tables} group by key order by count(*) desc, key`),
  );
  const [keys, counts] = read.columns as readonly [number[], number[]];
  return keys.map((key, index) => ({ key: names.text(sheet.id, "key", key) ?? "", rows: counts[index]! }));
}

/** The addresses of results and overrides within their node. Throws `sheet.row` for a row the sheet never had. */
async function addressesOf(
  catalog: SheetCatalog,
  sheet: Sheet,
  places: readonly { readonly row: string; readonly at: Coordinates }[],
): Promise<readonly number[]> {
  const ids = new Map<string, number>();
  for (const { row } of places) ids.set(row, sheet.rows.get(row) ?? -1);
  const unknown = [...ids].flatMap(([row, id]) => (id < 0 ? [row] : []));
  if (unknown.length > 0) {
    const { columns } = await catalog.read((session) =>
      session.queryColumns(`select label, id from sheet_rows_${sheet.id} where label in (select unnest($rows))`, {
        rows: texts(unknown),
      }),
    );
    const [labels, found] = columns as readonly [string[], number[]];
    for (const [index, label] of labels.entries()) ids.set(label, found[index]!);
  }
  const variants = new Map<string, number>();
  const addresses: number[] = [];
  for (const { row, at } of places) {
    const id = ids.get(row)!;
    if (id < 0)
      throw new SheafError("sheet.row", `the sheet never had a row ${row}`, { cure: "Open the sheet's rows again." });
    const variant = coordinatesText(at);
    if (!variants.has(variant)) variants.set(variant, await catalog.variant(sheet, at));
    addresses.push(id * variantsPerRow + variants.get(variant)!);
  }
  return addresses;
}

async function registerRows(catalog: SheetCatalog, sheet: Sheet, rows: readonly string[]): Promise<void> {
  if (rows.every((row) => sheet.rows.has(row))) return;
  const table = `sheet_rows_${sheet.id}`;
  await catalog.write((session) =>
    session.execute(
      `insert into ${table} select (select coalesce(max(id) + 1, 0) from ${table}) + row_number() over () - 1, label
       from (select distinct unnest($rows) as label) anti join ${table} using (label)`,
      { rows: texts(rows) },
    ),
  );
}
