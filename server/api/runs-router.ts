import { z } from "zod";
import { SheafError } from "#server/notebook/sheaf-error.ts";
import type { RunEnd, Runs } from "#server/store/store.ts";
import { procedure, router } from "./procedures.ts";

const page = z.strictObject({ offset: z.number().int().nonnegative(), limit: z.number().int().positive().max(500) });

/** The runs of the workspace, as they were recorded. */
export const runsRouter = router({
  list: procedure.input(page).query(async ({ ctx, input }) => {
    const { runs } = ctx.runtime.store;
    return Promise.all((await runs.recent(input)).map((run) => withState(run, runs)));
  }),

  /** One run with the notebook's text and the versions of everything it used. */
  get: procedure.input(z.strictObject({ run: z.string() })).query(async ({ ctx, input }) => {
    const run = await ctx.runtime.store.runs.get(input.run);
    if (run === null)
      throw new SheafError("run.unknown", `there is no run ${input.run}`, { cure: "Look in the list of runs." });
    return withState(run, ctx.runtime.store.runs);
  }),

  /** Its results by address, in the order in which they came. */
  results: procedure
    .input(page.extend({ run: z.string() }))
    .query(({ ctx, input: { run, ...rest } }) => ctx.runtime.store.runs.results(run, rest)),
});

type Begun = { readonly id: string; readonly end: RunEnd | null; readonly startedAt: number };

/** A run with whether it was interrupted, and how many results are recorded of it; null where it has ended. */
async function withState<Run extends Begun>(
  run: Run,
  runs: Runs,
): Promise<Run & { readonly interrupted: boolean; readonly recorded: number | null }> {
  return { ...run, interrupted: isInterrupted(run), recorded: run.end === null ? await runs.recorded(run.id) : null };
}

/** Whether a run never ended because its process did: what runs now began in this one. */
function isInterrupted({ end, startedAt }: Pick<Begun, "end" | "startedAt">): boolean {
  return end === null && startedAt < performance.timeOrigin;
}
