import type { Scope } from "#server/language/index.ts";
import type { CellKind } from "./cell-kind.ts";
import { computeFields } from "./compute-fields.ts";
import {
  expressionsOf,
  hasExpression,
  isPlain,
  literalField,
  withTexts,
  type FieldExpression,
} from "./expressions-of.ts";
import { fieldPositions } from "./field-position.ts";
import { isMapping } from "./is-mapping.ts";
import { toLanguageValue } from "./language-value.ts";
import { nearestName } from "./nearest-name.ts";
import { cellsOf } from "./cells-of.ts";
import { earlyKeys, type Cell, type Configuration, type Diagnostic, type Notebook } from "./notebook.ts";
import { earlyFrontKeys, withFront } from "./parse/front-matter.ts";
import type { Reference } from "./reference.ts";
import { expressionReferences } from "./references/expression-references.ts";
import { SheafError, toCellError } from "./sheaf-error.ts";
import type { CellError, Datum, Value } from "./value.ts";

/**
 * A notebook with the values of its **early fields** in place of their expressions. Early are the fields that are read before anything
 * is computed: those every cell has but `when`, those that declare axes, a kind's own `early` ones, and the front matter's.
 */
export interface EarlyFields {
  /** The notebook itself where no such field is an expression. */
  readonly notebook: Notebook;
  readonly problems: readonly Diagnostic[];
  /** What the fields of a cell in that notebook came from; cells without such expressions are not in it. */
  readonly cells: ReadonlyMap<Cell, EarlyCell>;
  /** The inputs that the front matter's fields read, by the field. */
  readonly front: EarlyCell["inputs"];
  /** The names of all inputs that such fields read: the notebook is another where one of them has another value. */
  readonly inputs: ReadonlySet<string>;
}

export interface EarlyCell {
  /** The inputs its fields read, by the field. */
  readonly inputs: ReadonlyMap<string, readonly string[]>;
  /** Why it cannot be computed: a field that decides how has no value. */
  readonly error: CellError | null;
}

/** How a cell looks: without a value it is as if they were not there, and the cell is computed all the same. */
export const looks: readonly string[] = ["title", "hidden", "help"];

/** Works out the early fields from the inputs' values. What they come to is in the notebook as if it were written there. */
export function withEarlyFields(
  notebook: Notebook,
  kinds: ReadonlyMap<string, CellKind>,
  inputs: ReadonlyMap<string, { readonly value: Value }>,
): EarlyFields {
  const problems: Diagnostic[] = [];
  const cells = new Map<Cell, EarlyCell>();
  const names = new Set<string>();
  const worker = fieldWorker(notebook, inputs, (problem) => problems.push(problem));
  const note = (read: ReadonlyMap<string, readonly string[]>): void => {
    for (const name of [...read.values()].flat()) names.add(name);
  };

  const cellOf = (cell: Cell): Cell => {
    const inner = cell.cells.map(cellOf);
    const isSame = inner.every((child, index) => child === cell.cells[index]);
    const kind = kinds.get(cell.kind);
    const found = kind === undefined ? null : worker(cell, new Set([...earlyKeys, ...(kind.early ?? [])]), kind.early);
    if (found === null && isSame) return cell;
    const made: Cell = { ...cell, cells: inner, configuration: found?.configuration ?? cell.configuration };
    if (found !== null) {
      note(found.inputs);
      const [reason = null] = [...found.errors].flatMap(([key, error]) => (looks.includes(key) ? [] : [error]));
      cells.set(made, { inputs: found.inputs, error: reason });
    }
    return made;
  };

  const made = notebook.cells.map(cellOf);
  const { written } = notebook.front;
  const head = written === undefined ? null : worker({ configuration: written, position: headPosition }, frontKeys);
  if (head !== null) note(head.inputs);
  const front = head === null ? notebook.front : withFront(notebook, head.configuration, problems);
  const isSame = front === notebook.front && made.every((cell, index) => cell === notebook.cells[index]);
  return {
    notebook: isSame ? notebook : { ...notebook, front, cells: made },
    problems,
    cells,
    front: head?.inputs ?? new Map(),
    inputs: names,
  };
}

const headPosition = { line: 1, column: 1, offset: 0, length: 0 };

const frontKeys: ReadonlySet<string> = new Set(earlyFrontKeys);

interface WorkedOut {
  readonly configuration: Configuration;
  readonly inputs: ReadonlyMap<string, readonly string[]>;
  /** Why a field has no value: it is not in the configuration. */
  readonly errors: ReadonlyMap<string, CellError>;
}

/** What works out fields of a mapping; null where none of them is an expression or has one in it, and no text begins with `\=`. */
type FieldWorker = (
  of: Pick<Cell, "configuration" | "position"> & { readonly name?: string },
  keys: ReadonlySet<string>,
  computed?: readonly string[],
) => WorkedOut | null;

function fieldWorker(
  notebook: Notebook,
  given: ReadonlyMap<string, { readonly value: Value }>,
  report: (problem: Diagnostic) => void,
): FieldWorker {
  const names = notebook.front.inputs.map(({ name }) => name);
  const cellNames = new Set(cellsOf(notebook).flatMap(({ cell, path }) => [cell.name, path]));
  const scope: Scope = {
    get(name) {
      const value = given.get(name)?.value;
      return value === undefined ? undefined : toLanguageValue(value);
    },
  };

  /** Why a name that a field reads has no value there; null where it has one. */
  function misread({ name }: Reference, path: string): CellError | null {
    if (names.includes(name)) return given.has(name) ? null : noValue(name, path);
    const near = nearestName(name, names);
    if (!cellNames.has(name) && !notOfInputs.has(name))
      return {
        code: "graph.unknown-name",
        message: `there is no input \`${name}\``,
        cure: near === null ? `There are: ${names.join(", ") || "none yet"}.` : `Did you mean \`${near}\`?`,
      };
    const isNamed = naming.has(path.split(".", 1)[0]!) && cellNames.has(name);
    return {
      code: "cell.early-field",
      message: `\`${path}\` is read before anything is computed: it may name inputs alone, and \`${name}\` is none`,
      cure: isNamed ? `Write the name without \`=\`.` : "Write the value out, or make it an input.",
    };
  }

  return ({ configuration, position, name: cell }, keys, computed = []) => {
    const { values, positions } = configuration;
    // What the kind computes once more it reads as it is, where it is no expression.
    const isOpen = (key: string): boolean =>
      computed.includes(key) ? hasExpression(values[key]!) : !isPlain(values[key]!);
    const open = Object.keys(values).filter((key) => keys.has(key) && isOpen(key));
    if (open.length === 0) return null;
    const all = expressionsOf(configuration);
    const placeOf = fieldPositions(notebook.text, configuration, position);
    const made: { [key: string]: Datum } = { ...values };
    const errors = new Map<string, CellError>();
    const inputs = new Map<string, readonly string[]>();
    const worked = new Set<string>();

    const fail = (key: string, error: CellError, path: string): void => {
      const placed = { ...error, position: error.position ?? placeOf(headPosition, path) };
      const severity = error.code === noValueCode ? "warning" : "error";
      report({ severity, ...placed, ...(cell === undefined ? {} : { cell }) });
      if (!errors.has(key)) errors.set(key, placed);
    };
    /** What is wrong with an expression before it is computed. */
    const check = (key: string, { path, source }: FieldExpression): void => {
      const { references, problems } = expressionReferences(source);
      for (const problem of problems) fail(key, { ...problem, position: placeOf(problem.position, path) }, path);
      for (const reference of references) {
        const error = misread(reference, path);
        if (error !== null) fail(key, { ...error, position: placeOf(reference.position, path) }, path);
      }
      const read = references.flatMap(({ name }) => (names.includes(name) ? [name] : []));
      inputs.set(key, [...new Set([...(inputs.get(key) ?? []), ...read])]);
    };

    for (const key of open) {
      for (const expression of all) {
        if (expression.path !== key && !expression.path.startsWith(`${key}.`)) continue;
        worked.add(expression.path);
        check(key, expression);
      }
      if (!errors.has(key))
        try {
          const value = computeFields(values[key]!, scope, (place) => positions[place], key);
          made[key] = computed.includes(key) ? withTexts(value, literalField) : value;
          continue;
        } catch (thrown) {
          if (!(thrown instanceof SheafError)) throw thrown;
          fail(key, toCellError(thrown), key);
        }
      const whole = values[key]!;
      if (cell === undefined && isMapping(whole))
        made[key] = Object.fromEntries(Object.entries(whole).filter(([, part]) => !hasExpression(part)));
      else delete made[key];
      // What makes one value of repeats says nothing while nobody knows how many there are.
      if (key === "repeat") delete made["reduce"];
    }
    const moved = Object.entries(positions).map(([key, place]): [string, typeof place] => {
      const path = key.startsWith("expression:") ? key.slice("expression:".length) : null;
      return path !== null && worked.has(path) ? [`computed:${path}`, place] : [key, place];
    });
    return { configuration: { ...configuration, values: made, positions: Object.fromEntries(moved) }, inputs, errors };
  };
}

/** Words of binding that are no inputs. */
const notOfInputs: ReadonlySet<string> = new Set(["row", "vary", "item", "index", "prior", "meta"]);

/** Fields that name cells, without `=`. */
const naming: ReadonlySet<string> = new Set(["after", "reads", "optional", "columns"]);

const noValueCode = "input.missing";

function noValue(name: string, path: string): CellError {
  return {
    code: noValueCode,
    message: `\`${path}\` goes by the input \`${name}\`, which has no value`,
    cure: `Give \`--set ${name}=…\`, or a default in the front matter.`,
  };
}
