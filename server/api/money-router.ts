import { z } from "zod";
import { definedOnly } from "#server/notebook/defined-only.ts";
import { procedure, router } from "./procedures.ts";

const scope = z.discriminatedUnion("type", [
  z.strictObject({ type: z.literal("day") }),
  z.strictObject({ type: z.literal("notebook"), notebook: z.string().min(1).max(1_000) }),
]);
const dated = z.strictObject({ model: z.string().min(1).max(300), from: z.iso.date().nullable() });
const rate = z.number().nonnegative();
const rates = z.strictObject({
  input: rate,
  output: rate,
  cachedInput: rate.optional(),
  cacheWrite: rate.optional(),
});

/** What may be spent in all, and the prices a workspace has of its own. */
export const moneyRouter = router({
  /** The budgets with what is spent of each. */
  budgets: procedure.query(({ ctx }) => ctx.runtime.budgets.list()),
  setBudget: procedure
    .input(z.strictObject({ scope, amount: z.number().nonnegative() }))
    .mutation(({ ctx, input }) => ctx.runtime.budgets.set(input.scope, input.amount)),
  removeBudget: procedure
    .input(z.strictObject({ scope }))
    .mutation(({ ctx, input }) => ctx.runtime.budgets.remove(input.scope)),

  /** The workspace's own prices as they stand in its file, and what is wrong with that. */
  prices: procedure.query(({ ctx }) => ctx.runtime.ownPrices.read()),
  /** Sets the rates of a model from a day on; calls keep what they were booked at. */
  setPrice: procedure
    .input(dated.extend({ rates }))
    .mutation(({ ctx, input }) => ctx.runtime.ownPrices.set(input.model, input.from, definedOnly(input.rates))),
  removePrice: procedure
    .input(dated)
    .mutation(({ ctx, input }) => ctx.runtime.ownPrices.remove(input.model, input.from)),
});
