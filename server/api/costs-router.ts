import { z } from "zod";
import { callRecord } from "#server/runner/call-record.ts";
import { callKinds, callOrders, costGroupings } from "#server/tables/call-store.ts";
import { procedure, router } from "./procedures.ts";

const grouping = z.enum(costGroupings);
const id = z.number().int().nonnegative();

/** Ten years are as good as for ever, and what is sent today can be looked at today. */
const keptDays = z.number().int().min(1).max(3_650);

const ahead = z
  .number()
  .int()
  .min(-24 * 60)
  .max(24 * 60);

const callsOf = z.strictObject({
  from: z.number().int().nonnegative(),
  to: z.number().int().nonnegative(),
  ahead,
  changes: z
    .array(z.strictObject({ at: z.number().int(), ahead }))
    .max(500)
    .readonly()
    .exactOptional(),
  only: z.partialRecord(grouping, z.string().max(2_000)),
});

const listOf = callsOf.extend({
  kind: z.enum(callKinds),
  order: z.enum(callOrders),
  after: z.strictObject({ value: z.number(), id }).nullable(),
  limit: z.number().int().positive().max(500),
});

/** What the workspace's calls came to, and the calls behind each figure. */
export const costsRouter = router({
  report: procedure.input(callsOf.extend({ by: grouping })).query(({ ctx, input }) => ctx.runtime.ledger.report(input)),

  /** The calls of a figure, a page of them. */
  calls: procedure.input(listOf).query(({ ctx, input }) => ctx.runtime.ledger.list(input)),

  /** The answers of a figure that nothing was sent for. */
  free: procedure.input(callsOf).query(({ ctx, input }) => ctx.runtime.ledger.free(input)),

  /** For how long what was sent and answered is kept. */
  retention: procedure.query(({ ctx }) => ctx.runtime.retention.state()),

  /** How many calls would lose their bodies with so many days. */
  wouldRemove: procedure
    .input(z.strictObject({ days: keptDays }))
    .query(({ ctx, input }) => ctx.runtime.retention.wouldRemove(input.days)),

  keepFor: procedure
    .input(z.strictObject({ days: keptDays.nullable() }))
    .mutation(({ ctx, input }) => ctx.runtime.retention.keepFor(input.days)),

  /** One call, whole. */
  get: procedure.input(z.strictObject({ id })).query(({ ctx, input }) => callRecord(input.id, ctx.runtime)),
});
