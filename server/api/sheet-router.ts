import { z } from "zod";
import { mostNotes } from "#server/notebook/most-notes.ts";
import type { NoteRequest } from "#server/runner/note-result.ts";
import { inputsOfRow } from "#server/runner/inputs-of-row.ts";
import { wholeColumn } from "#server/runner/whole-column.ts";
import { procedure, router } from "./procedures.ts";
import { notebookPath } from "./schemas.ts";
import { columnRef, labels, sheetView, viewRowScope } from "./view-schemas.ts";

const sheet = z.strictObject({ path: notebookPath, sheet: z.string().min(1).max(300) });
const place = z.number().int().nonnegative();
const name = z.string().max(1_000);
/** The most rows one page has. */
const mostRows = 1_000;

/** The sheets of an open notebook as a grid shows them. */
export const sheetRouter = router({
  /** Rows of a view with their cells; null where the sheet's rows are not settled. */
  rows: procedure
    .input(
      sheet.extend({
        view: sheetView,
        from: place,
        to: place,
        columns: z.array(name).optional(),
        cells: z.array(name).optional(),
        fresh: z.boolean().optional(),
        order: name.optional(),
      }),
    )
    .query(async ({ ctx, input, signal }) => {
      const { session } = await ctx.notebooks.open(input.path);
      const { from, columns, cells, fresh, order } = input;
      return session.sheetRows(input.sheet, input.view, {
        from,
        to: Math.min(input.to, from + mostRows),
        ...(columns === undefined ? {} : { columns }),
        ...(cells === undefined ? {} : { cells }),
        ...(fresh === undefined ? {} : { fresh }),
        ...(order === undefined ? {} : { order }),
        ...(signal === undefined ? {} : { signal }),
      });
    }),

  /** Figures of a column over the rows of a view. */
  column: procedure
    .input(sheet.extend({ view: sheetView, column: columnRef }))
    .query(async ({ ctx, input }) =>
      (await ctx.notebooks.open(input.path)).session.sheetColumn(input.sheet, input.column, input.view),
    ),

  /** Two variants of a cell over the rows of a view: the first against the second. */
  compare: procedure
    .input(sheet.extend({ view: sheetView, cell: name, first: labels, second: labels }))
    .query(async ({ ctx, input }) => {
      const { session } = await ctx.notebooks.open(input.path);
      return session.compareVariants(input.sheet, input.cell, input.first, input.second, input.view);
    }),

  /** Identities of rows of a view, for a run to go over. */
  found: procedure
    .input(sheet.extend({ view: sheetView, scope: viewRowScope, order: name.optional() }))
    .query(async ({ ctx, input: { path, sheet, view, scope, order } }) => {
      const { session } = await ctx.notebooks.open(path);
      return session.rowsOf(sheet, view, scope, order === undefined ? {} : { order });
    }),

  /** Everything known of one result. */
  cell: procedure
    .input(sheet.extend({ row: name, cell: name, at: labels }))
    .query(async ({ ctx, input }) =>
      (await ctx.notebooks.open(input.path)).session.sheetCell(input.sheet, input.row, input.cell, input.at),
    ),

  /** Whole values of a column of the rows, of which pages have long ones in short. */
  whole: procedure
    .input(sheet.extend({ column: name, rows: z.array(name).max(mostRows) }))
    .query(async ({ ctx, input }) => {
      const { session } = await ctx.notebooks.open(input.path);
      return wholeColumn(input.sheet, input.column, input.rows, { state: session.state, tables: ctx.runtime.tables });
    }),

  /** What a row binds the notebook's inputs to, by their names. */
  rowInputs: procedure.input(sheet.extend({ row: name })).query(async ({ ctx, input }) => {
    const { session } = await ctx.notebooks.open(input.path);
    return inputsOfRow(input.sheet, input.row, { state: session.state, tables: ctx.runtime.tables });
  }),

  /** Keeps what a person says of many results at once; it is taken back as one step. */
  note: procedure
    .input(
      z.strictObject({
        path: notebookPath,
        title: z.string().max(200),
        notes: z
          .array(z.looseObject({ address: z.string(), type: z.string() }))
          .min(1)
          .max(mostNotes),
      }),
    )
    .mutation(async ({ ctx, input }) => {
      const notebook = await ctx.notebooks.open(input.path);
      await notebook.note(input.title, input.notes as unknown as readonly NoteRequest[]);
    }),
});
