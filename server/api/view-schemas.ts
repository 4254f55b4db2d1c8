import { z } from "zod";
import type { CellRef, ColumnRef, SheetView } from "#server/notebook/sheet-view.ts";
import type { ViewRowScope } from "#server/runner/view-rows.ts";

const name = z.string().max(1_000);

/** Labels of axes, or of some of them. */
export const labels = z.record(name, name);

const cellRef = z.strictObject({ type: z.literal("cell"), cell: name, at: labels, field: name.optional() });

/** A column of a sheet, as `ColumnRef`. */
export const columnRef = z.discriminatedUnion("type", [
  z.strictObject({ type: z.literal("row"), column: name }),
  cellRef,
]) as unknown as z.ZodType<ColumnRef>;

const operand = z.union([z.boolean(), z.number(), z.string()]);
const bound = z.union([z.number(), z.string()]);
const cell = cellRef as unknown as z.ZodType<CellRef>;

const filter = z.discriminatedUnion("type", [
  z.strictObject({ type: z.enum(["is", "is-not"]), column: columnRef, value: operand }),
  z.strictObject({ type: z.literal("one-of"), column: columnRef, values: z.array(operand).max(1_000) }),
  z.strictObject({ type: z.literal("contains"), column: columnRef, text: z.string().max(10_000) }),
  z.strictObject({ type: z.enum(["less", "greater"]), column: columnRef, than: bound }),
  z.strictObject({ type: z.literal("between"), column: columnRef, from: bound, to: bound }),
  z.strictObject({ type: z.enum(["empty", "not-empty"]), column: columnRef }),
  z.strictObject({
    type: z.literal("state"),
    column: cell,
    state: z.enum(["never", "stale", "failed", "current", "locked", "edited", "from-cache"]),
  }),
  z.strictObject({ type: z.literal("differs"), column: cell, among: z.array(labels).max(100).optional() }),
]);

/** What of a sheet is looked at, as `SheetView`. */
export const sheetView = z.strictObject({
  filters: z.array(filter).max(50),
  sort: z.array(z.strictObject({ column: columnRef, descending: z.boolean() })).max(20),
  search: z.string().max(1_000),
}) as unknown as z.ZodType<SheetView>;

/** Which rows of a view a run is to go over, as `ViewRowScope`. */
export const viewRowScope = z.union([
  z.strictObject({ type: z.literal("all") }),
  z.strictObject({ type: z.literal("first"), count: z.number().int().positive() }),
  filter,
]) as unknown as z.ZodType<ViewRowScope>;
