import { literal, type Session } from "./duckdb-session.ts";
import { findBinding } from "./sheet-bindings.ts";
import type { SheetCatalog, SheetFrame } from "./sheet-catalog.ts";
import { columnSql } from "./sheet-frames.ts";
import { taggedJson, taggedLack, taggedText } from "./sheet-input-sql.ts";
import type { RowScope } from "./sheet-scope.ts";
import type { NodeSpec } from "./sheet-store.ts";

/** Whole-frame hashes kept a frame: one for each set of inputs that its nodes have now or had lately. */
const inputsKept = 8;

/**
 * What a row itself gives a node, its columns and bindings, as one hash: a relation `(ordinal, row, given)`, where `given`
 * is null for rows whose bindings have not been put; it is the input itself (`UHUGEINT`) where the node reads no other node
 * of the sheet, else a part of it (`UUID`). Of some rows it also has `label` and `parts`, the start of the hash of
 * each column and binding (eight digits; a mark for a node; commas between) by which a changed one is told by name.
 */
export async function givenRows(
  catalog: SheetCatalog,
  session: Session,
  frame: SheetFrame,
  spec: NodeSpec,
  scope: RowScope,
): Promise<string> {
  const joins: string[] = [];
  const texts: string[] = [];
  let complete = true;
  const condition = (table: string): string => (scope.type === "all" ? "true" : scope.condition(table));
  if (spec.inputs.some((input) => input.type === "column"))
    joins.push(`join sheet_cells_${frame.id} c on c.ordinal = f.ordinal and ${condition("c")}`);
  for (const [index, input] of spec.inputs.entries()) {
    switch (input.type) {
      case "column": {
        const { expression, column, lack } = columnSql(frame.columns, input.column);
        const value = taggedText(`c.${expression}`, column);
        const text = lack === null ? value : taggedLack(`c.${lack}`, value);
        texts.push(input.typed === true ? `${literal(column.sql)} || ${text}` : text);
        break;
      }
      case "binding": {
        const found = await findBinding(catalog, frame, input);
        complete &&= found?.complete ?? false;
        if (found === null) {
          texts.push("cast(null as VARCHAR)");
          break;
        }
        joins.push(`left join ${found.table} b${index} on b${index}.ordinal = f.ordinal and ${condition(`b${index}`)}`);
        texts.push(taggedJson(`b${index}.value`));
        break;
      }
      case "node":
        // Its value comes later; the mark keeps its place among the others.
        texts.push("'@'");
        break;
    }
  }
  const from = `from sheet_frame_${frame.id} f ${joins.join(" ")}`;
  const text = texts.map((part) => `(${part})`).join(" || ") || "''";
  const readsNodes = spec.inputs.some((input) => input.type === "node");
  const given = `${readsNodes ? `cast(md5(${text}) as UUID)` : `md5_number(${text})`} as given`;
  if (scope.type === "all") {
    const all = `select f.ordinal, f.row, ${given} ${from}`;
    return complete ? await keptInputs(catalog, session, frame, all) : `(${all})`;
  }
  const parts = spec.inputs.map((input, index) =>
    input.type === "node" ? "'@'" : `coalesce(left(md5(${texts[index]}), 8), '?')`,
  );
  return `(select f.ordinal, f.row, f.label, ${given}, concat_ws(',', ${["null", ...parts].join(", ")}) as parts ${from} where ${condition("f")})`;
}

/** The hashes of a whole frame are worked out once and kept as a table. */
async function keptInputs(catalog: SheetCatalog, session: Session, frame: SheetFrame, select: string): Promise<string> {
  const known = frame.inputs.get(select);
  if (known !== undefined) {
    frame.inputs.delete(select);
    frame.inputs.set(select, known);
    return await known;
  }
  const table = `sheet_inputs_${frame.id}_${nextInputs++}`;
  const making = session.execute(`create table ${table} as ${select} order by f.ordinal`).then(() => table);
  frame.inputs.set(select, making);
  making.catch(() => frame.inputs.delete(select));
  await making;
  for (const [old, dropped] of [...frame.inputs].slice(0, -inputsKept)) {
    frame.inputs.delete(old);
    catalog.dropAfterReads(await dropped);
  }
  return table;
}

let nextInputs = 1;
