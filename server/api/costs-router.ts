import { z } from "zod";
import { callRecord } from "#server/runner/call-record.ts";
import { callKinds, callOrders, costGroupings } from "#server/tables/call-store.ts";
import { procedure, router } from "./procedures.ts";

const grouping = z.enum(costGroupings);
const id = z.number().int().nonnegative();

const callsOf = z.strictObject({
  from: z.number().int().nonnegative(),
  to: z.number().int().nonnegative(),
  ahead: z
    .number()
    .int()
    .min(-24 * 60)
    .max(24 * 60),
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

  /** One call, whole. */
  get: procedure.input(z.strictObject({ id })).query(({ ctx, input }) => callRecord(input.id, ctx.runtime)),
});
