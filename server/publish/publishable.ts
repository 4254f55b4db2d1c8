import type { Cell, Diagnostic } from "#server/notebook/notebook.ts";
import { keyName, rowKey } from "#server/notebook/row-key.ts";
import { SheafError } from "#server/notebook/sheaf-error.ts";
import { inputValue } from "#server/runner/input-value.ts";
import { openPrepared, type Prepared } from "#server/runner/prepared.ts";
import type { Runtime } from "#server/runner/runtime.ts";
import type { EndpointVersion } from "#server/store/store.ts";
import { keepDatasets } from "./kept-datasets.ts";
import { resolvedModels } from "./resolved-models.ts";

/** Why a notebook is not published. `problems` are the errors in what its outputs need, at their places. */
export class PublishError extends SheafError {
  readonly problems: readonly Diagnostic[];

  constructor(code: `publish.${string}`, message: string, cure: string, problems: readonly Diagnostic[] = []) {
    super(code, message, { cure });
    this.problems = problems;
  }
}

/** What a version keeps of its models and datasets. */
export type Kept = Pick<EndpointVersion, "models" | "datasets">;

/**
 * What is kept of a notebook when it is published. Nothing is sent and no cell is computed for it; dataset files are imported.
 * Throws a `PublishError` where the notebook has no outputs, errors in what they need, or a model that waits for an agreement.
 */
export async function publishable(notebook: string, text: string, runtime: Runtime): Promise<Kept> {
  const prepared = await openPrepared(runtime, { path: notebook, text });
  checkNotebook(notebook, prepared);
  const models = await attempt("a model of its outputs", () => resolvedModels(prepared, runtime.models));
  for (const { model } of Object.values(models)) await checkConsent(model, runtime);
  const datasets = await attempt("a dataset of its outputs", () => keepDatasets(prepared, runtime.tables));
  for (const input of prepared.notebook.front.inputs) {
    const { name, default: value } = input;
    if (value === undefined) continue;
    await attempt(`the default of \`${name}\``, () => inputValue(input, value, runtime.tables));
  }
  return { models, datasets };
}

function checkNotebook(path: string, prepared: Prepared): void {
  const { notebook, graph, diagnostics } = prepared;
  if (!notebook.isNotebook)
    throw new PublishError("publish.not-a-notebook", `${path} is no notebook`, "Its front matter needs `sheaf: 1`.");
  if (graph.front.outputs.length === 0)
    throw new PublishError(
      "publish.no-outputs",
      `${path} says no outputs, so a caller would get nothing`,
      "Name the cells a caller gets in the front matter: `outputs: [answer]`.",
    );
  const needed = neededCells(prepared);
  const errors = diagnostics
    .filter(({ cell }) => cell === undefined || needed.has(cell))
    .flatMap((problem) => (problem.severity === "error" ? problem : (noDefault(problem) ?? [])));
  const problems = [...errors, ...computedFiles(prepared), ...callsRead(prepared), ...errorColumns(prepared)];
  const [first] = problems;
  if (first === undefined) return;
  const more = problems.length === 1 ? "" : `, and ${problems.length - 1} more`;
  throw new PublishError(
    "publish.errors",
    `${path} has errors in what its outputs need: line ${first.position.line}: ${first.message}${more}`,
    first.cure ?? "Mend them and publish again.",
    problems,
  );
}

/** The error of a field that is read before anything is computed and goes by an input without a default; null for another problem. */
function noDefault(problem: Diagnostic): Diagnostic | null {
  if (problem.code !== "input.missing") return null;
  return {
    ...problem,
    severity: "error",
    cure: "Give the input a default: what a version needs and gives is worked out with it.",
  };
}

/** The names of the cells that outputs need, blocked ones included. */
function neededCells({ graph, plan }: Prepared): ReadonlySet<string> {
  const ids = [...plan.steps.map(({ node }) => node), ...plan.blocked];
  return new Set(ids.flatMap((id) => graph.nodes.get(id)!.wordings.map(({ name }) => name)));
}

/** Files whose path is computed: which one it will be is not known now, so it cannot be kept. */
function computedFiles({ graph, plan }: Prepared): readonly Diagnostic[] {
  return plan.steps.flatMap(({ node: id }) => {
    const { kind, wordings } = graph.nodes.get(id)!;
    const { values, positions } = wordings[0]!.configuration;
    return (kind?.fields ?? []).flatMap(({ key, control }): readonly Diagnostic[] => {
      const path = values[key];
      if (control !== "file" || typeof path !== "string" || !path.startsWith("=")) return [];
      return [
        {
          severity: "error",
          code: "publish.computed-file",
          cell: wordings[0]!.name,
          message: `the dataset of \`${wordings[0]!.name}\` is computed, so a version cannot keep it`,
          cure: "Write its path out, or take the rows as an input of type table.",
          position: positions[key] ?? wordings[0]!.position,
        },
      ];
    });
  });
}

/** Cells that read the workspace's calls: what those were and cost is not for callers. */
function callsRead({ graph, plan }: Prepared): readonly Diagnostic[] {
  return plan.steps.flatMap(({ node: id }): readonly Diagnostic[] => {
    const { reads, wordings } = graph.nodes.get(id)!;
    if (!reads.some(({ type }) => type === "calls")) return [];
    const [{ name, position }] = wordings as [Cell];
    return [
      {
        severity: "error",
        code: "publish.reads-calls",
        cell: name,
        message: `\`${name}\` reads the workspace's calls, which no caller may see`,
        cure: "Take it out of what the outputs need.",
        position,
      },
    ];
  });
}

/** Sheets a caller gets with a column that is called as the member in which a row says its error. */
function errorColumns({ graph }: Prepared): readonly Diagnostic[] {
  return graph.front.outputs.flatMap((output): readonly Diagnostic[] => {
    const sheet = graph.sheets.get(output);
    if (sheet === undefined) return [];
    const key = sheet.key === null ? null : keyName(rowKey(sheet.key, sheet.of));
    const names = [key, ...sheet.columns.map((column) => graph.nodes.get(column)!.name)];
    if (!names.includes("error")) return [];
    const [{ name, position }] = graph.nodes.get(output)!.wordings as [Cell];
    return [
      {
        severity: "error",
        code: "publish.error-column",
        cell: name,
        message: `\`${name}\` has a column \`error\`, where callers are told why a row has no value`,
        cure: "Give the column another name.",
        position,
      },
    ];
  });
}

async function checkConsent(model: string, { modelFiles, store }: Runtime): Promise<void> {
  const known = modelFiles.models.find(({ name }) => name === model);
  if (known?.licence.agreement === undefined || (await store.consents.has(model))) return;
  if ((await modelFiles.path(model)) !== null) return;
  throw new PublishError(
    "publish.consent",
    `${model} waits for an agreement to the ${known.licence.title}`,
    `Agree to it first: \`sheaf models pull ${model}\`.`,
  );
}

/** Runs a step of publishing; its error is why the notebook is refused. */
async function attempt<Answer>(what: string, step: () => Answer | Promise<Answer>): Promise<Answer> {
  try {
    return await step();
  } catch (thrown) {
    if (!(thrown instanceof SheafError)) throw thrown;
    throw new PublishError("publish.errors", `${what}: ${thrown.message}`, thrown.cure ?? "Mend it and publish again.");
  }
}
