import { addressText } from "#server/notebook/address.ts";
import type { Effect } from "#server/notebook/cell-kind.ts";
import type { Node } from "#server/notebook/graph-node.ts";
import type { Notebook } from "#server/notebook/notebook.ts";
import { planRun, type Plan, type Step } from "#server/notebook/plan.ts";
import { SheafError } from "#server/notebook/sheaf-error.ts";
import { sharedSteps } from "#server/notebook/shared-steps.ts";
import type { Value } from "#server/notebook/value.ts";
import { valueHash } from "#server/notebook/value-hash.ts";
import { freeSteps } from "./confirm-run.ts";
import { estimatePlan, type Estimate } from "./estimate.ts";
import { inputValue } from "./input-value.ts";
import { createNotebookReader, earlyValues, type ReadNotebook } from "./read-notebook.ts";
import { createSessionState } from "./create-session-state.ts";
import { createRunClaims } from "./run-claims.ts";
import type { RecordedResult } from "./run-context.ts";
import type { Runtime } from "./runtime.ts";
import type { SessionState } from "./session-state.ts";
import { startAutomatic, startPlanned, type Run, type RunOptions } from "./start-run.ts";

/** A notebook read and planned once, to be run for many callers at a time. It takes no notes, and nothing of it is edited. */
export interface Prepared extends ReadNotebook {
  /** What its outputs need, at the labels `choose` names. */
  readonly plan: Plan;
  /**
   * A run of its own for one caller, with the inputs given and the defaults of the others. `continued` says that the same run
   * began before and may have left something waiting: then it throws `request.outside` where something of it reaches outside.
   */
  fork(id: string, inputs: { readonly [name: string]: Value }, continued?: boolean): Promise<Fork>;
}

/** One caller's run: what is computed in it is seen nowhere else, and its calls are journaled like all others. */
export interface Fork {
  readonly state: SessionState;
  /** The results it computed, as the record of a run has them. */
  readonly recorded: readonly RecordedResult[];
  start(options: RunOptions): Run;
  /** What it would send. Only what sends nothing is computed for it: what calls no model, or has its answers in the journal. With `anew` these are priced, too. */
  estimate(options?: { readonly anew?: boolean }): Promise<Estimate>;
  /** Lets go of what was kept for it alone. */
  close(): Promise<void>;
}

export interface PreparedSettings {
  /** What calls are booked on, `card-triage@v3`. */
  readonly path: string;
  readonly text: string;
}

/** Prepares a notebook. Nothing is computed before the first caller comes; then what all callers share is, once. */
export async function openPrepared(runtime: Runtime, { path, text }: PreparedSettings): Promise<Prepared> {
  const parsed = await createNotebookReader(runtime.tables)(text);
  const { notebook } = parsed;
  const { earlyInputs } = parsed.withInputs(new Map());
  const standard = await defaultsOf(notebook, earlyInputs, runtime);
  const read = parsed.withInputs(standard);
  const { graph, volatile } = read;
  const plan = planOf(read);
  const base = createSessionState(path, read);
  const variants = new Map<string, Variant>();

  function planOf({ graph: { front }, graph }: ReadNotebook): Plan {
    const effect = (node: Node): Effect => runtime.effectOf(node, front);
    return planRun(graph, { type: "outputs", cells: front.outputs }, { effect });
  }

  /** What the notebook is with a caller's inputs, where it is another than with the defaults; null where it is the same. */
  function variantFor(inputs: SessionState["inputs"]): Variant | null {
    const key = earlyValues(read, inputs);
    if (key === earlyValues(read, standard)) return null;
    let variant = variants.get(key);
    if (variant === undefined) {
      const own = parsed.withInputs(inputs);
      variant = { graph: own.graph, volatile: own.volatile, plan: planOf(own) };
      if (variants.size >= mostVariants) variants.delete(variants.keys().next().value!);
    }
    variants.delete(key);
    variants.set(key, variant);
    return variant;
  }
  let sharing: Promise<Plan> | undefined;

  /** Computes what all callers share, and gives the plan of what is left for each. */
  async function share(): Promise<Plan> {
    for (const input of notebook.front.inputs) {
      if (input.default === undefined) continue;
      const value = await inputValue(input, input.default, runtime.tables);
      base.inputs.set(input.name, { value, hash: valueHash(value) });
    }
    const steps = sharedSteps(plan, graph, volatile);
    if (steps.length === 0) return plan;
    await startPlanned(base, { ...plan, steps }, unrecorded(runtime, runtime.newId(), []), {}).done;
    const failed = new Set<string>();
    for (const step of steps) if (!isThere(step) || step.needs.some((id) => failed.has(id))) failed.add(step.node);
    const done = new Set(steps.flatMap(({ node }) => (failed.has(node) ? [] : [node])));
    // What failed for all is tried again for each: it may have been a passing thing.
    for (const address of [...base.results.keys()])
      if (failed.has(base.results.get(address)!.address.cell)) base.results.delete(address);
    return { ...plan, steps: plan.steps.filter(({ node }) => !done.has(node)) };
  }

  /** Whether a step sends nothing in a run that nobody asked for. */
  function mayBeAnswered({ node, effect }: Step): boolean {
    if (effect === "external") return false;
    return effect === "pure" || effect === "local" || runtime.useOf(graph.nodes.get(node)!, graph.front).calls;
  }

  function isThere({ node: id, variants }: Step): boolean {
    const { sheet } = graph.nodes.get(id)!;
    if (sheet !== null) return base.frames.has(sheet);
    return variants.every((at) => {
      const outcome = base.results.get(addressText({ cell: id, at }))?.outcome;
      return outcome === "ok" || outcome === "skipped";
    });
  }

  return {
    ...read,
    plan,
    async fork(id, given, continued = false) {
      sharing ??= share().catch((thrown: unknown) => {
        sharing = undefined;
        throw thrown;
      });
      const shared = await sharing;
      const inputs = new Map(base.inputs);
      for (const [name, value] of Object.entries(given)) inputs.set(name, { value, hash: valueHash(value) });
      const variant = variantFor(inputs);
      const own = variant?.plan ?? shared;
      const outside = continued ? own.steps.find(({ effect }) => effect === "external") : undefined;
      if (outside !== undefined)
        throw new SheafError(
          "request.outside",
          `\`${outside.node}\` reaches outside and may have done so already: the request does not go on`,
          { cure: "Look whether it has, and ask again if not." },
        );
      const state: SessionState = {
        ...base,
        place: `${path}/${id}`,
        inputs,
        results: new Map(base.results),
        stale: new Set(),
        open: new Set(),
        columns: new Map(base.columns),
        writes: new Map(base.writes),
        tableWrites: new Map(base.tableWrites),
        frames: new Map(base.frames),
        rowChanges: new Map(),
        claims: createRunClaims(),
        ...(variant === null ? {} : ofVariant(variant)),
      };
      const recorded: RecordedResult[] = [];
      const alone = unrecorded(runtime, id, recorded, continued);
      return {
        state,
        recorded,
        start: (options) => startPlanned(state, own, alone, options),
        async estimate(options) {
          await startPlanned(state, { ...own, steps: freeSteps(own) }, alone, {}).done;
          // What the journal has all answers to costs nothing either, and the calls behind it are known then.
          await startAutomatic(
            state,
            { ...own, steps: own.steps.filter(mayBeAnswered) },
            runtime.cellGrants(path),
            alone,
            {},
          ).done;
          const context = { state, tables: runtime.tables, retryErrors: false };
          // Forced, so that calls are counted also where their answers have just been taken from the journal.
          const all = { ...own, steps: own.steps.map((step) => ({ ...step, force: true })) };
          return estimatePlan(all, context, runtime, options);
        },
        async close() {
          for (const [sheet, frame] of state.frames)
            if (base.frames.get(sheet) !== frame) await runtime.tables.sheets.forget({ sheet: frame.sheet });
        },
      };
    },
  };
}

/** What a notebook is with other values of the inputs that its early fields read than the defaults. */
type Variant = Pick<SessionState, "graph" | "volatile"> & { readonly plan: Plan };

/** Variants of a notebook that are kept, those that were asked for last. */
const mostVariants = 20;

/**
 * What a caller's state has of its own variant. The results that all share stay: their keys say which of them hold for it. Their sheets are
 * not for it, which may have other columns in them.
 */
function ofVariant({ graph, volatile }: Variant): Partial<SessionState> {
  return { graph, volatile, columns: new Map(), writes: new Map(), tableWrites: new Map(), frames: new Map() };
}

/** The defaults of these inputs. One that does not fit is told when the notebook is published. */
async function defaultsOf(
  { front }: Notebook,
  names: ReadonlySet<string>,
  { tables }: Runtime,
): Promise<SessionState["inputs"]> {
  const values: SessionState["inputs"] = new Map();
  for (const input of front.inputs) {
    if (input.default === undefined || !names.has(input.name)) continue;
    try {
      const value = await inputValue(input, input.default, tables);
      values.set(input.name, { value, hash: valueHash(value) });
    } catch (thrown) {
      if (!(thrown instanceof SheafError)) throw thrown;
    }
  }
  return values;
}

/**
 * A runtime for one run whose record somebody else keeps: results go nowhere but into `recorded`. What waits is kept like that
 * of any run; where the run has not begun before, nothing of it can be waiting yet.
 */
function unrecorded(runtime: Runtime, id: string, recorded: RecordedResult[], continued = false): Runtime {
  const { store, results } = runtime;
  return {
    ...runtime,
    newId: () => id,
    results: { ...results, put: async () => {} },
    store: {
      ...store,
      runs: {
        ...store.runs,
        begin: async () => {},
        record: async (_run, some) => void recorded.push(...some),
        end: async () => {},
      },
      waits: continued ? store.waits : { ...store.waits, list: async () => [] },
    },
  };
}
