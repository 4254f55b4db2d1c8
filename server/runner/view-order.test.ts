import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { ColumnRef, CellRef, Operand, SheetView, ViewFilter } from "#server/notebook/sheet-view.ts";
import { filterText, wholeSheet } from "#server/notebook/sheet-view.ts";
import type { Datum, Value } from "#server/notebook/value.ts";
import type { Session } from "./session.ts";
import type { SheetCell, SheetRow, SheetRows } from "./sheet-rows.ts";
import { fence, notebookText, testWorkspace, type TestWorkspace } from "./__fixtures__/test-workspace.ts";

let workspace: TestWorkspace;
let session: Session;
let all: SheetRows;
beforeAll(async () => {
  workspace = await testWorkspace();
  session = await workspace.open(notebook());
  await session.run({ type: "stale" }, { everySheet: { type: "first", count: 50 } }).done;
  // Of some rows an answer is stale, of some there is none, and some are people's.
  await session.setText(notebook("Ünder"));
  await session.run({ type: "stale" }, { everySheet: { type: "first", count: 20 } }).done;
  const rows = (await session.sheetRows("whole", wholeSheet, { from: 0, to: 60 }))!.rows;
  const at = (row: number, tone: string): string => `whole.answer{tone=${tone},whole=${rows[row]!.row}}`;
  await session.note({ address: at(3, "plain"), type: "locked" });
  await session.note({ address: at(5, "plain"), type: "edited", value: { type: "string", value: "by hand" } });
  await session.note({ address: at(30, "loud"), type: "edited", value: { type: "number", value: 7 } });
  all = (await session.sheetRows("whole", wholeSheet, { from: 0, to: 60 }))!;
}, 60_000);
afterAll(() => workspace[Symbol.asyncDispose]());

const words = ["apple", "Banana", "école", "Ecole", "zebra", "under", ""];
const amounts = ["1", "2.5", "10", "-3", ""];

function notebook(word = "under"): string {
  const lines = Array.from({ length: 60 }, (_, row) => {
    const flag = ["true", "false", ""][row % 3];
    const day = row % 5 === 0 ? "" : `2026-0${(row % 4) + 1}-15`;
    return `k${row},${words[(row * 5) % 7]},${amounts[(row * 3) % 5]},${flag},${day}`;
  });
  return notebookText(
    "",
    fence("data rows", `---\nkey: id\n---\nid,text,amount,flag,day\n${lines.join("\n")}`),
    fence(
      "sheet whole",
      [
        "---\nrows: rows\n---",
        fence(
          "js answer",
          `---\nvary: { tone: [plain, loud] }\n---
const number = Number(row.id.slice(1));
const kind = (number + (vary.tone === "loud" ? number % 2 : 0)) % 7;
if (kind === 0) throw new Error("no answer");
return [null, row.text, number % 4, number % 3 === 0, null, "${word}", ""][kind];`,
        ),
        fence("js info", 'return { n: Number(row.id.slice(1)) % 3, s: row.text, deep: { a: [1, "Under"] } };'),
        fence("score right", "---\noutput: =answer\nexpected: =row.text\n---\n- equals"),
      ].join("\n"),
    ),
  );
}

/** What a value is for filters and sorting, by the rules of the design and not by those of the store. */
interface Parts {
  readonly text: string | null;
  readonly number: number | null;
  readonly truth: boolean | null;
  readonly present: boolean;
}

const nothing: Parts = { text: null, number: null, truth: null, present: false };

function partsOfDatum(datum: Datum | undefined): Parts {
  if (datum === null || datum === undefined || datum === "") return nothing;
  const text = typeof datum === "object" ? JSON.stringify(datum) : String(datum);
  return {
    text,
    number: typeof datum === "number" ? datum : null,
    truth: typeof datum === "boolean" ? datum : null,
    present: true,
  };
}

function partsOfValue(value: Value | null, field: string | undefined): Parts {
  if (value === null || value.type === "null") return nothing;
  if (value.type === "score") {
    const { score, pass, reason } = value.value;
    if (field !== undefined) return partsOfDatum((value.value as unknown as { [name: string]: Datum })[field]);
    return { text: reason === "" ? null : reason, number: score, truth: pass, present: score !== null };
  }
  if (field === undefined) return partsOfDatum((value as { readonly value: Datum }).value);
  return value.type === "json" ? partsOfDatum((value.value as { readonly [name: string]: Datum })[field]) : nothing;
}

function cellsOf(row: SheetRow, column: CellRef): readonly (SheetCell | null)[] {
  const variants = all.variants[column.cell]!;
  return row.cells[column.cell]!.filter((_, place) =>
    Object.entries(column.at).every(([axis, label]) => variants[place]![axis] === label),
  );
}

function partsOf(row: SheetRow, column: ColumnRef): readonly Parts[] {
  if (column.type === "row") return [partsOfDatum(row.columns[all.columns.indexOf(column.column)])];
  return cellsOf(row, column).map((cell) => partsOfValue(cell?.value ?? null, column.field));
}

const folded = (text: string): string => text.toLowerCase().normalize("NFD").replaceAll(/\p{M}/gu, "");
const bytes = (left: string, right: string): number => Buffer.compare(Buffer.from(left), Buffer.from(right));
const holdsFor = (text: string | null, part: string): boolean =>
  text !== null && text.toLowerCase().includes(part.toLowerCase());

function is({ text, number, truth }: Parts, value: Operand): boolean {
  if (typeof value === "boolean") return truth === value;
  return typeof value === "number" ? number === value : text === String(value);
}

function compared(parts: Parts, bound: number | string, column: ColumnRef): number | null {
  if (typeof bound === "number") return parts.number === null ? null : parts.number - bound;
  if (column.type === "row" && column.column === "day")
    return parts.text === null || !/^\d{4}-\d\d-\d\d$/.test(bound) ? null : bytes(parts.text, bound);
  return parts.text === null || parts.number !== null ? null : bytes(folded(parts.text), folded(bound));
}

function isState(cell: SheetCell | null, state: Extract<ViewFilter, { type: "state" }>["state"]): boolean {
  if (cell === null) return state === "never";
  switch (state) {
    case "never":
    case "from-cache":
      return false;
    case "failed":
      return cell.outcome === "error";
    case "stale":
    case "current":
    case "locked":
    case "edited":
      return cell.freshness.state === state;
  }
}

function holds(row: SheetRow, filter: ViewFilter): boolean {
  const some = (test: (parts: Parts) => boolean): boolean => partsOf(row, filter.column).some(test);
  switch (filter.type) {
    case "is":
      return some((parts) => is(parts, filter.value));
    case "is-not":
      return !some((parts) => is(parts, filter.value));
    case "one-of":
      return some((parts) => filter.values.some((value) => is(parts, value)));
    case "contains":
      return some(({ text }) => holdsFor(text, filter.text));
    case "less":
      return some((parts) => (compared(parts, filter.than, filter.column) ?? 0) < 0);
    case "greater":
      return some((parts) => (compared(parts, filter.than, filter.column) ?? 0) > 0);
    case "between":
      return some(
        (parts) =>
          (compared(parts, filter.from, filter.column) ?? -1) >= 0 &&
          (compared(parts, filter.to, filter.column) ?? 1) <= 0,
      );
    case "empty":
      return some(({ present }) => !present);
    case "not-empty":
      return !some(({ present }) => !present);
    case "state":
      return cellsOf(row, filter.column).some((cell) => isState(cell, filter.state));
    case "differs": {
      const answers = cellsOf(row, filter.column).flatMap((cell) => {
        if (cell === null || cell.outcome !== "ok") return [];
        const { text, number, truth } = partsOfValue(cell.value, filter.column.field);
        if (filter.column.field !== undefined) return [truth ?? number ?? text ?? []].flat().map(String);
        if (cell.value?.type === "score") return truth === null ? [] : [String(truth)];
        return [JSON.stringify(cell.value)];
      });
      return new Set(answers).size > 1;
    }
  }
}

function isFound(row: SheetRow, search: string): boolean {
  return (
    row.columns.some((datum) => holdsFor(partsOfDatum(datum).text, search)) ||
    Object.values(row.cells)
      .flat()
      .some((cell) => holdsFor(partsOfValue(cell?.value ?? null, undefined).text, search))
  );
}

/** What two values are compared by, one after another; null stands last whatever the direction. */
function keysOf(row: SheetRow, column: ColumnRef): readonly (number | string | null)[] {
  const { text, number, truth, present } = partsOf(row, column)[0]!;
  if (!present) return [null, null, null];
  const amount = number ?? (truth === null ? null : Number(truth));
  return amount === null ? [null, folded(text!), text] : [amount, null, null];
}

function compareRows(left: SheetRow, right: SheetRow, { sort }: SheetView): number {
  for (const { column, descending } of sort) {
    const others = keysOf(right, column);
    for (const [index, key] of keysOf(left, column).entries()) {
      const other = others[index]!;
      if (key === other) continue;
      if (key === null) return 1;
      if (other === null) return -1;
      const difference = typeof key === "number" ? key - (other as number) : bytes(key, other as string);
      if (difference !== 0) return descending ? -difference : difference;
    }
  }
  return left.ordinal - right.ordinal;
}

function oracle(view: SheetView): readonly number[] {
  return all.rows
    .filter((row) => view.filters.every((filter) => holds(row, filter)))
    .filter((row) => view.search === "" || isFound(row, view.search))
    .toSorted((left, right) => compareRows(left, right, view))
    .map(({ ordinal }) => ordinal);
}

const answer = (at: CellRef["at"]): CellRef => ({ type: "cell", cell: "answer", at });
const cells = fc.constantFrom<CellRef>(
  answer({}),
  answer({ tone: "plain" }),
  answer({ tone: "loud" }),
  { type: "cell", cell: "right", at: { tone: "loud" } },
  { type: "cell", cell: "right", at: {}, field: "reason" },
  { type: "cell", cell: "info", at: {} },
  { type: "cell", cell: "info", at: {}, field: "n" },
  { type: "cell", cell: "info", at: {}, field: "s" },
  { type: "cell", cell: "info", at: {}, field: "deep" },
);
const columns = fc.oneof(
  fc.constantFrom("id", "text", "amount", "flag", "day").map((column): ColumnRef => ({ type: "row", column })),
  cells,
);
const operands = fc.constantFrom<Operand>(
  "apple",
  "under",
  "Ünder",
  "école",
  "by hand",
  "2026-02-15",
  "k7",
  "1",
  "",
  0,
  1,
  2.5,
  7,
  true,
  false,
);
const bounds = fc.constantFrom<number | string>("b", "Ecole", "u", "2026-02-15", "2026-03-01", "none", -1, 0.5, 2, 10);
const filters = fc.oneof(
  fc.record({ type: fc.constantFrom("is" as const, "is-not" as const), column: columns, value: operands }),
  fc.record({ type: fc.constant("one-of" as const), column: columns, values: fc.array(operands, { maxLength: 3 }) }),
  fc.record({
    type: fc.constant("contains" as const),
    column: columns,
    text: fc.constantFrom("an", "UNDER", "É", "1", "%", "'", "e"),
  }),
  fc.record({ type: fc.constantFrom("less" as const, "greater" as const), column: columns, than: bounds }),
  fc.record({ type: fc.constant("between" as const), column: columns, from: bounds, to: bounds }),
  fc.record({ type: fc.constantFrom("empty" as const, "not-empty" as const), column: columns }),
  fc.record({
    type: fc.constant("state" as const),
    column: cells,
    state: fc.constantFrom(
      "never" as const,
      "stale" as const,
      "failed" as const,
      "current" as const,
      "locked" as const,
      "edited" as const,
      "from-cache" as const,
    ),
  }),
  fc.record({ type: fc.constant("differs" as const), column: cells }),
);
const sorts = fc.record({
  column: columns.filter((column) => column.type === "row" || column.cell === "info" || "tone" in column.at),
  descending: fc.boolean(),
});
const views: fc.Arbitrary<SheetView> = fc.record({
  filters: fc.oneof(
    { weight: 2, arbitrary: fc.array(filters, { maxLength: 2 }) },
    { weight: 1, arbitrary: fc.constant([]) },
  ),
  sort: fc.array(sorts, { maxLength: 2 }),
  search: fc.constantFrom("", "", "", "under", "BAN", "k1", "hand", "no such"),
});

describe("a view", () => {
  test("has rows of every state to be told apart", () => {
    const states = all.rows.flatMap(({ cells }) => cells["answer"]!.map((cell) => cell?.freshness.state ?? "never"));
    expect(new Set(states)).toEqual(new Set(["never", "current", "stale", "locked", "edited"]));
    expect(all.rows.some(({ cells }) => cells["answer"]!.some((cell) => cell?.outcome === "error"))).toBe(true);
  });

  test("is by pages what filtering and sorting all rows by hand gives", async () => {
    await fc.assert(
      fc.asyncProperty(views, fc.integer({ min: 1, max: 25 }), async (view, size) => {
        const expected = oracle(view);
        const seen: number[] = [];
        for (let from = 0; from <= expected.length; from += size) {
          const page = (await session.sheetRows("whole", view, { from, to: from + size, columns: [], cells: [] }))!;
          expect({ total: page.total, outdated: page.outdated }).toEqual({ total: expected.length, outdated: false });
          seen.push(...page.rows.map(({ ordinal }) => ordinal));
        }
        expect(seen, view.filters.map(filterText).join(" and ")).toEqual(expected);
      }),
      { numRuns: 300 },
    );
  }, 60_000);
});
