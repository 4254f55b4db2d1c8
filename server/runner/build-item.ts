import { labelValues, modelAxis, repeatAxis } from "#server/notebook/axis.ts";
import type { Coordinates } from "#server/notebook/address.ts";
import { axisKeys, issueMessage, issuePlace, kindKeys } from "#server/notebook/configuration-problems.ts";
import { configurationWords } from "#server/notebook/configuration-words.ts";
import { computeFields } from "#server/notebook/compute-fields.ts";
import type { CellKind, Item } from "#server/notebook/cell-kind.ts";
import type { Node } from "#server/notebook/graph-node.ts";
import { itemScope } from "#server/notebook/item-scope.ts";
import { commonKeys, type FrontMatter, type ModelSetting } from "#server/notebook/notebook.ts";
import { SheafError } from "#server/notebook/sheaf-error.ts";
import type { Datum, Position } from "#server/notebook/value.ts";

/** What an address reads, before its configuration has been computed. */
export type ItemInputs = Pick<Item<unknown>, "address" | "inputs" | "skipped" | "row" | "results" | "meta">;

/**
 * Computes the configuration of an address: its `=` fields, its model, and the kind's own check of it all. Null where the
 * cell's `when` is false. Throws a `SheafError` with the field's place in the file.
 */
export function buildItem(node: Node, at: Coordinates, inputs: ItemInputs, front: FrontMatter): Item<unknown> | null {
  const cell = node.wordings[0]!;
  const kind = node.kind!;
  const vary = labelValues(at, node.axes);
  const repeat = node.ownAxes.some((axis) => axis.name === repeatAxis) ? Number(at[repeatAxis] ?? 1) - 1 : 0;
  const draft: Item<unknown> = { ...inputs, configuration: {}, vary, model: null, repeat };
  const scope = itemScope(draft);
  const place = (path: string): Position | undefined => cell.configuration.positions[path];
  const compute = (path: string, value: Datum): Datum => computeFields(value, scope, place, path);

  const { when } = cell.configuration.values;
  if (!node.reduces && when !== undefined && isFalse(compute("when", when))) return null;

  const configuration: { [key: string]: Datum } = {};
  const { known, cellFields } = keysOf(kind);
  for (const [key, value] of Object.entries(cell.configuration.values)) {
    if (
      (commonKeys as readonly string[]).includes(key) ||
      ((axisKeys as readonly string[]).includes(key) && !(node.reduces && key === "reduce")) ||
      (known !== null && !known.has(key))
    )
      continue;
    if (cellFields.has(key)) configuration[key] = typeof value === "string" ? value.replace(/^=/, "").trim() : value;
    else configuration[key] = kind.deferred?.includes(key) ? value : compute(key, value);
  }
  const parsed = kind.configuration.safeParse(configuration, { error: configurationWords });
  if (!parsed.success) {
    const issue = parsed.error.issues[0]!;
    throw new SheafError("cell.configuration", issueMessage(issue), { position: issuePlace(issue, cell) });
  }
  const named = modelNamed(node, at, configuration["model"]);
  return { ...draft, configuration: parsed.data, model: named === undefined ? null : resolveModel(named, front) };
}

interface Keys {
  readonly known: ReturnType<typeof kindKeys>;
  /** Those whose value names a cell. */
  readonly cellFields: ReadonlySet<string>;
}

const keys = new WeakMap<CellKind, Keys>();

function keysOf(kind: CellKind): Keys {
  let found = keys.get(kind);
  if (found === undefined) {
    const cellFields = kind.fields.filter(({ control }) => control === "cell").map(({ key }) => key);
    keys.set(kind, (found = { known: kindKeys(kind), cellFields: new Set(cellFields) }));
  }
  return found;
}

function isFalse(value: Datum): boolean {
  return value === false || value === null || value === 0 || value === "";
}

function modelNamed(node: Node, at: Coordinates, field: Datum | undefined): Datum | undefined {
  if (!node.kind!.fields.some(({ control }) => control === "model")) return undefined;
  const axis = node.ownAxes.find(({ name }) => name === modelAxis);
  if (field !== undefined) return field;
  return axis?.values[axis.labels.indexOf(at[modelAxis]!)];
}

/** The model a name stands for: a short name of the front matter, a full name, or a model written out with its parameters. */
export function resolveModel(named: Datum, front: FrontMatter): ModelSetting {
  if (typeof named === "string") return front.models[named] ?? { model: named };
  if (
    named !== null &&
    typeof named === "object" &&
    !Array.isArray(named) &&
    typeof (named as ModelSetting)["model"] === "string"
  ) {
    const { label: _, ...setting } = named as ModelSetting;
    return {
      ...(front.models[setting.model!] ?? {}),
      ...setting,
      model: front.models[setting.model!]?.model ?? setting.model!,
    };
  }
  throw new SheafError("cell.model", `${JSON.stringify(named)} names no model`, {
    cure: "Write `provider/model` or a short name of the front matter's `models`.",
  });
}
