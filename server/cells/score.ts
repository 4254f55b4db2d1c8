import { z } from "zod";
import { combineScores, type WeightedScore } from "#evals/combine-scores.ts";
import { checkSettings, parseCheck, runCheck, type Check } from "#evals/check.ts";
import type { ScorerEffects } from "#evals/scorer.ts";
import type { Scope } from "#server/language/index.ts";
import { isMapping } from "#server/notebook/is-mapping.ts";
import { scoreBody } from "#server/notebook/cell-forms.ts";
import { defineCellKind, type Item, type ItemEvent, type PlannedEmbedding } from "#server/notebook/cell-kind.ts";
import { computeFields } from "#server/notebook/compute-fields.ts";
import type { Diagnostic } from "#server/notebook/notebook.ts";
import { parseChecks } from "#server/notebook/references/expression-references.ts";
import type { Services } from "#server/notebook/services.ts";
import { SheafError, toCellError } from "#server/notebook/sheaf-error.ts";
import { toValue, type CellError, type Datum, type Position, type Score, type Value } from "#server/notebook/value.ts";
import { atSetting } from "./at-setting.ts";
import { cellScope } from "./cell-scope.ts";
import { checkNames } from "./check-names.ts";
import { defaultEmbedding } from "./default-embedding.ts";
import { eachConcurrently } from "./each-concurrently.ts";
import { embeddingEffect } from "./embedding-effect.ts";
import { waitingOn } from "./waiting-on.ts";

const configuration = z.strictObject({
  output: z.unknown(),
  expected: z.unknown().optional(),
  threshold: z.number().min(0).max(1).optional(),
  weight: z.number().min(0).optional(),
  metric: z.string().optional(),
  language: z.enum(["js", "ts"]).optional(),
  judge: z.string().optional(),
  embedding: z.string().default(defaultEmbedding),
});

type Configuration = z.infer<typeof configuration>;

/** How good an output is: a list of checks, or code. */
export const score = defineCellKind<Configuration>({
  kind: "score",
  version: 2,
  title: "Score",
  description: "How good an output is: checks, or code.",
  body: scoreBody,
  starter: ({ values }) =>
    `---\noutput: ${values.length === 0 ? "OUTPUT" : `=${values[0]}`}\nexpected: EXPECTED\n---\n- equals`,
  provides: ["output", "expected"],
  configuration,
  fields: [
    { key: "output", label: "Output", control: "expression" },
    { key: "expected", label: "Expected", control: "expression" },
    { key: "threshold", label: "Passes from", control: "number" },
    { key: "weight", label: "Weight", control: "number" },
    { key: "metric", label: "Metric", control: "text" },
    { key: "language", label: "Code", control: "choice", options: ["js", "ts"] },
    { key: "embedding", label: "Embedding", control: "text" },
  ],
  early: ["language"],
  effect: ({ configuration, source }) => {
    const effect = embeddingEffect(configuration, source.includes("model") ? modelsOfChecks(source) : []);
    return effect === "local" && configuration.values["language"] === undefined ? "pure" : effect;
  },
  embeds: (item, source) => (item.configuration.language === undefined ? embeddedBy(item, readChecks(source)) : []),
  bodyProblems: ({ configuration, source }) =>
    configuration.values["language"] === undefined ? checkProblems(source) : [],
  valueType: (cell) => ({ type: "score", checks: checkNames(cell) }),
  async *run({ source, items, signal }, services) {
    if (items.some((item) => item.configuration.judge !== undefined)) {
      throw new SheafError("score.judge", "scores by a judge's prompt are not there yet", {
        cure: "Use checks or `language: js`, or put the judge into a prompt cell and score its answer.",
        field: "judge",
      });
    }
    const checks = items[0]?.configuration.language === undefined ? readChecks(source) : null;
    // A check may name another model than the setting does.
    const placed = checks === null || modelsOfChecks(source).length > 0 ? (error: CellError) => error : atSetting;
    yield* eachConcurrently(items.length, async (index, emit: (event: ItemEvent) => void) => {
      try {
        const value = await scoreItem(items[index]!, checks, source, services, signal);
        emit({ type: "value", item: index, value: { type: "score", value } });
      } catch (thrown) {
        if (signal.aborted) throw thrown;
        const on = waitingOn(thrown);
        if (on !== null) emit({ type: "waiting", item: index, on });
        else emit({ type: "error", item: index, error: placed(toCellError(thrown)) });
      }
    });
  },
});

interface Checks {
  readonly list: readonly Datum[];
  /** Places in the source, by path. */
  readonly positions: { readonly [path: string]: Position };
}

/** The checks as they stand: their `=` options are still expressions. */
function readChecks(source: string): Checks {
  const { root, configuration, diagnostics } = parseChecks(source);
  const [problem] = diagnostics;
  if (problem !== undefined) throw new SheafError(problem.code, problem.message, problem);
  const list: readonly Datum[] = Array.isArray(root) ? root : [];
  if (list.length === 0)
    throw new SheafError("score.no-checks", "the score has no checks", {
      cure: "Write a list: `- equals`, `- contains: =row.must`.",
    });
  return { list, positions: configuration.positions };
}

/** What is no check, as far as no expression decides it. */
function checkProblems(source: string): readonly Diagnostic[] {
  const { root, configuration } = parseChecks(source);
  const list: readonly Datum[] = Array.isArray(root) ? root : [];
  return list.flatMap((written, index): readonly Diagnostic[] => {
    const check = isMapping(written)
      ? Object.fromEntries(
          Object.entries(written).filter(([key, value]) => !(checkSettings.includes(key) && isExpression(value))),
        )
      : written;
    try {
      checkAt(check, index, configuration);
      return [];
    } catch (thrown) {
      if (!(thrown instanceof SheafError)) throw thrown;
      const { code, message, cure, position } = thrown;
      return [{ severity: "error", code, message, ...(cure === undefined ? {} : { cure }), position: position! }];
    }
  });
}

/** Where a check of nothing, a dash alone, stands. */
const start: Position = { line: 1, column: 1, offset: 0, length: 0 };

/** A check as `parseCheck` reads it; what is none is told with its place in the list. */
function checkAt(written: unknown, index: number, { positions }: Pick<Checks, "positions">): Check {
  try {
    return parseCheck(written);
  } catch (thrown) {
    if (!(thrown instanceof SheafError)) throw thrown;
    throw new SheafError(thrown.code, thrown.message, { ...thrown, position: positions[index] ?? start });
  }
}

async function scoreItem(
  item: Item<Configuration>,
  checks: Checks | null,
  source: string,
  services: Services,
  signal: AbortSignal,
): Promise<Score> {
  const { output, expected, threshold, embedding } = item.configuration;
  const example = {
    output: (output ?? null) as Datum,
    expected: expected as Datum | undefined,
    effects: effectsOf(item, services, embedding, signal),
  };
  if (checks === null) return runCheck({ ...parseCheck({ code: source }), threshold }, example);
  const scored: WeightedScore[] = [];
  const scope = cellScope(item);
  for (const [index, written] of checks.list.entries()) {
    const check = computedCheck(written, index, scope, checks);
    scored.push({ name: check.name, weight: check.weight, score: await runCheck(check, example) });
  }
  return combineScores(scored, threshold);
}

/** A check with its expressions computed. What stands behind its name as one expression is data, and never settings, whatever its keys are. */
function computedCheck(written: Datum, index: number, scope: Scope, { positions }: Checks): Check {
  const check = checkAt(
    computeFields(written, scope, (path) => positions[path], String(index)),
    index,
    { positions },
  );
  const { scorer, negated, options } = check;
  const { [`${negated ? "not-" : ""}${scorer.name}`]: option } = written as { readonly [key: string]: Datum };
  // Lists and plain values have no keys to be taken for settings.
  const hasKeys = isMapping(options);
  return isExpression(option) && hasKeys ? { ...check, options: { value: options } } : check;
}

function isExpression(value: unknown): boolean {
  return typeof value === "string" && value.startsWith("=");
}

/** The embedding models that checks name themselves. */
function modelsOfChecks(source: string): readonly unknown[] {
  const { root } = parseChecks(source);
  const checks: readonly Datum[] = Array.isArray(root) ? root : [];
  return checks.flatMap((check) =>
    Object.values(check ?? {}).flatMap((options: { readonly model?: unknown } | null) => options?.model ?? []),
  );
}

/** What the checks have embedded. */
function embeddedBy(item: Item<Configuration>, checks: Checks): readonly PlannedEmbedding[] {
  const { output, expected, embedding } = item.configuration;
  const scope = cellScope(item);
  const example = { output: (output ?? null) as Datum, expected: expected as Datum | undefined };
  return checks.list.flatMap((written, index) => {
    const { scorer, options } = computedCheck(written, index, scope, checks);
    const embedded = scorer.embeds?.({ ...example, options }) ?? null;
    return embedded === null ? [] : [{ type: "texts", model: embedded.model ?? embedding, texts: embedded.texts }];
  });
}

/** What scorers may ask for; code also sees what the cell reads and its row. */
function effectsOf(
  item: Item<Configuration>,
  services: Services,
  embedding: string,
  signal: AbortSignal,
): ScorerEffects {
  const own: { [name: string]: Value } = { ...item.inputs, vary: { type: "json", value: item.vary } };
  if (item.row !== null) own["row"] = toValue(item.row);
  return {
    embed: (texts, model) => services.embed({ model: model ?? embedding, texts, address: item.address, signal }),
    javascript: (call) =>
      services.javascript({ ...call, inputs: { ...own, ...call.inputs }, address: item.address, signal }),
  };
}
