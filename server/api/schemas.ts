import { z } from "zod";
import type { Operation, Place } from "#server/notebook/operation.ts";
import type { RowScope, Scope } from "#server/notebook/plan.ts";
import type { Datum } from "#server/notebook/value.ts";

/** Plain data as JSON has it. */
export const datum = z.any() as unknown as z.ZodType<Datum>;

const cell = z.string().min(1).max(300);
const path = z.array(z.union([z.string(), z.number().int()])).max(20);
const offset = z.number().int().nonnegative();
/** Where something is put, as `Place`. */
export const place: z.ZodType<Place> = z.union([
  z.strictObject({ before: cell }),
  z.strictObject({ after: cell }),
  z.strictObject({ startOf: cell.nullable() }),
  z.strictObject({ endOf: cell.nullable() }),
]);

/** An edit, as `Operation`. */
export const operation = z.discriminatedUnion("type", [
  z.strictObject({ type: z.literal("set-source"), cell, source: z.string() }),
  z.strictObject({ type: z.literal("set-configuration"), cell, path, value: datum.optional() }),
  z.strictObject({ type: z.literal("set-configuration-text"), cell, text: z.string() }),
  z.strictObject({ type: z.literal("set-front-matter"), path, value: datum.optional() }),
  z.strictObject({ type: z.literal("set-kind"), cell, kind: z.string() }),
  z.strictObject({ type: z.literal("set-label"), cell, label: z.string() }),
  z.strictObject({ type: z.literal("rename"), cell, to: z.string() }),
  z.strictObject({ type: z.literal("insert"), at: place, text: z.string() }),
  z.strictObject({ type: z.literal("remove"), cell }),
  z.strictObject({ type: z.literal("move"), cell, to: place }),
  z.strictObject({ type: z.literal("set-prose"), segment: offset, text: z.string() }),
  z.strictObject({ type: z.literal("replace"), start: offset, end: offset, text: z.string() }),
  z.strictObject({
    type: z.literal("edit"),
    edits: z.array(z.strictObject({ start: offset, end: offset, text: z.string() })),
  }),
]) as unknown as z.ZodType<Operation>;

const address = z.strictObject({ cell, at: z.record(z.string(), z.string()) });

/** What is to be run, as `Scope`. */
export const scope = z.discriminatedUnion("type", [
  z.strictObject({ type: z.literal("stale") }),
  z.strictObject({
    type: z.literal("cells"),
    cells: z.array(cell).min(1),
    at: z.record(z.string(), z.string()).optional(),
  }),
  z.strictObject({ type: z.literal("columns"), columns: z.array(address).min(1).max(1_000) }),
  z.strictObject({ type: z.literal("only"), cell }),
  z.strictObject({ type: z.literal("address"), address }),
  z.strictObject({ type: z.literal("downstream"), cell }),
  z.strictObject({ type: z.literal("all") }),
]) as unknown as z.ZodType<Scope>;

/** Which rows of a sheet, as `RowScope`. */
export const rowScope = z.discriminatedUnion("type", [
  z.strictObject({ type: z.literal("stale") }),
  z.strictObject({ type: z.literal("all") }),
  z.strictObject({ type: z.literal("first"), count: z.number().int().positive() }),
  z.strictObject({ type: z.literal("rows"), rows: z.array(z.string()).max(100_000) }),
  z.strictObject({ type: z.literal("failed") }),
  z.strictObject({ type: z.literal("empty") }),
]) as unknown as z.ZodType<RowScope>;

/** A notebook by its path in the workspace. */
export const notebookPath = z.string().min(1).max(1_000);
