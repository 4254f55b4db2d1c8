import { z } from "zod";
import { costGroupings } from "#server/tables/call-store.ts";
import { procedure, router } from "./procedures.ts";

const grouping = z.enum(costGroupings);

/** What the workspace's calls came to. */
export const costsRouter = router({
  report: procedure
    .input(
      z.strictObject({
        from: z.number().int().nonnegative(),
        to: z.number().int().nonnegative(),
        by: grouping,
        ahead: z
          .number()
          .int()
          .min(-24 * 60)
          .max(24 * 60),
        only: z.partialRecord(grouping, z.string().max(2_000)),
      }),
    )
    .query(({ ctx, input }) => ctx.runtime.ledger.report(input)),
});
