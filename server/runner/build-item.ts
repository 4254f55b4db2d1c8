import { isTruthy, type LanguageValue, type Scope } from "#server/language/index.ts";
import { labelValues, modelAxis, repeatAxis } from "#server/notebook/axis.ts";
import type { Coordinates } from "#server/notebook/address.ts";
import { issueMessage, issuePlace, kindKeys } from "#server/notebook/configuration-problems.ts";
import { configurationWords } from "#server/notebook/configuration-words.ts";
import { computeFields } from "#server/notebook/compute-fields.ts";
import { hasExpression } from "#server/notebook/expressions-of.ts";
import type { CellKind, Item } from "#server/notebook/cell-kind.ts";
import type { Node } from "#server/notebook/graph-node.ts";
import { embeddingField, fullName, modelField } from "#server/notebook/model-field.ts";
import { cellScope } from "#server/cells/cell-scope.ts";
import { axisKeys, commonKeys, type Cell, type FrontMatter, type ModelSetting } from "#server/notebook/notebook.ts";
import { SheafError } from "#server/notebook/sheaf-error.ts";
import type { Datum } from "#server/notebook/value.ts";

/** What an address reads, before its configuration has been computed. */
export type ItemInputs = Pick<Item<unknown>, "address" | "inputs" | "skipped" | "row" | "results" | "covered" | "meta">;

/**
 * Computes the configuration of an address: its `=` fields, its model, and the kind's own check of it all. Null where the
 * cell's `when` is false. Throws a `SheafError` with the field's place in the file.
 */
export function buildItem(node: Node, at: Coordinates, inputs: ItemInputs, front: FrontMatter): Item<unknown> | null {
  const cell = node.wordings[0]!;
  const vary = node.axes.length === 0 ? noLabels : labelValues(at, node.axes);
  const repeat = node.ownAxes.some((axis) => axis.name === repeatAxis) ? Number(at[repeatAxis] ?? 1) - 1 : 0;
  const draft: Item<unknown> = { ...inputs, configuration: {}, vary, model: null, repeat };
  const { when } = cell.configuration.values;
  const computed = fieldsOf(node);
  const scope = when === undefined && computed.constant ? null : cellScope(draft);
  if (
    scope !== null &&
    !node.reduces &&
    when !== undefined &&
    !isTruthy(compute(cell, "when", when, scope) as LanguageValue)
  )
    return null;

  const { given, checked } = computed.constant ? constantOf(node) : checkedConfiguration(node, scope!);
  const named = modelNamed(node, at, given);
  const configuration = withFullName(checked, node.kind, front);
  return { ...draft, configuration, model: named === undefined ? null : resolveModel(named, front) };
}

const noLabels = {};

/** A configuration whose `embedding`, where its kind has one, is no short name any more. */
function withFullName(checked: unknown, kind: CellKind | null, front: FrontMatter): unknown {
  const field = embeddingField(kind);
  if (field === null) return checked;
  const named = (checked as { readonly embedding: string })[field];
  const full = fullName(named, front);
  return full === named ? checked : { ...(checked as object), [field]: full };
}

/** The configuration of an address: as it was computed, and as the kind's own schema has it. */
interface CheckedConfiguration {
  readonly given: { readonly [key: string]: Datum };
  readonly checked: unknown;
}

function checkedConfiguration(node: Node, scope: Scope): CheckedConfiguration {
  const cell = node.wordings[0]!;
  const given: { [key: string]: Datum } = {};
  for (const { key, value, use } of fieldsOf(node).fields)
    given[key] = use === "compute" ? compute(cell, key, value, scope) : value;
  const parsed = node.kind!.configuration.safeParse(given, { error: configurationWords });
  if (!parsed.success) {
    const issue = parsed.error.issues[0]!;
    throw new SheafError("cell.configuration", issueMessage(issue), {
      cure: "Correct it here, or what it is computed from.",
      position: issuePlace(issue, cell),
    });
  }
  return { given, checked: parsed.data };
}

function compute({ configuration }: Cell, path: string, value: Datum, scope: Scope): Datum {
  return computeFields(value, scope, (place) => configuration.positions[place], path);
}

const constants = new WeakMap<Node, CheckedConfiguration>();

/** A configuration without expressions: the same at all addresses of a node, so it is checked once. */
function constantOf(node: Node): CheckedConfiguration {
  let found = constants.get(node);
  if (found === undefined) constants.set(node, (found = checkedConfiguration(node, nothing)));
  return found;
}

const nothing: Scope = { get: () => undefined };

/** The fields of a node that are the kind's own, with what is done with each. */
interface Fields {
  readonly fields: readonly { readonly key: string; readonly value: Datum; readonly use: "compute" | "as it is" }[];
  /** Whether no field has an expression that is computed. */
  readonly constant: boolean;
}

const known = new WeakMap<Node, Fields>();

function fieldsOf(node: Node): Fields {
  let found = known.get(node);
  if (found === undefined) known.set(node, (found = readFields(node)));
  return found;
}

function readFields(node: Node): Fields {
  const kind = node.kind!;
  const { known: keys, cellFields } = keysOf(kind);
  const fields = Object.entries(node.wordings[0]!.configuration.values).flatMap(([key, value]): Fields["fields"] => {
    if ((commonKeys as readonly string[]).includes(key)) return [];
    if ((axisKeys as readonly string[]).includes(key) && !(node.reduces && key === "reduce")) return [];
    if (keys !== null && !keys.has(key)) return [];
    if (cellFields.has(key) && typeof value === "string")
      return [{ key, value: value.replace(/^=/, "").trim(), use: "as it is" }];
    return [{ key, value, use: cellFields.has(key) || kind.deferred?.includes(key) === true ? "as it is" : "compute" }];
  });
  return { fields, constant: !fields.some(({ value, use }) => use === "compute" && hasExpression(value)) };
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

function modelNamed(node: Node, at: Coordinates, given: CheckedConfiguration["given"]): Datum | undefined {
  const field = modelField(node.kind);
  if (field === null) return undefined;
  // One that may be left out may be null.
  if (field !== "model") return given[field] ?? undefined;
  const axis = node.ownAxes.find(({ name }) => name === modelAxis);
  return given[field] ?? axis?.values[axis.labels.indexOf(at[modelAxis]!)];
}

/** The model a name stands for: a short name of the front matter, a full name, or a model written out with its parameters. Its fallbacks have full names too. */
export function resolveModel(named: Datum, front: FrontMatter): ModelSetting {
  const setting = namedModel(named, front);
  const { fallback } = setting;
  if (fallback === undefined) return setting;
  const full = (name: Datum): Datum => (typeof name === "string" ? fullName(name, front) : name);
  return { ...setting, fallback: Array.isArray(fallback) ? (fallback as readonly Datum[]).map(full) : full(fallback) };
}

function namedModel(named: Datum, front: FrontMatter): ModelSetting {
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
