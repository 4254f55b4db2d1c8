import { escaped } from "./escaped.ts";
import { filterAliases, filters } from "./filters.ts";
import { functions } from "./functions.ts";
import { keywords } from "./expression-parser.ts";
import { isName } from "./is-name.ts";
import { loopNames } from "./loop-value.ts";
import { methodNames } from "./methods.ts";
import { predicates } from "./predicates.ts";
import type { Signature } from "./signature.ts";
import type { Token } from "./tokens.ts";

/** The names there are at the place an expression stands. */
export interface CompletionNames {
  readonly inputs?: readonly string[];
  readonly cells?: readonly CellNames[];
  /** The columns of the current row, in a sheet. */
  readonly row?: readonly string[];
  /** The axes `vary` has. */
  readonly axes?: readonly AxisNames[];
  /** Other names: `item`, `index`. */
  readonly others?: readonly string[];
}

export interface CellNames {
  readonly name: string;
  /** What `name.` can be followed by: a table's columns, a sheet's cells, the fields of a schema. */
  readonly members?: readonly string[];
  readonly axes?: readonly AxisNames[];
}

export interface AxisNames {
  readonly name: string;
  readonly labels: readonly string[];
}

export interface Option {
  readonly label: string;
  readonly kind:
    | "input"
    | "cell"
    | "column"
    | "axis"
    | "label"
    | "local"
    | "name"
    | "member"
    | "method"
    | "function"
    | "filter"
    | "test"
    | "argument"
    | "statement"
    | "keyword"
    | "role";
  /** What it is, in one line. */
  readonly detail?: string;
}

/**
 * What can follow the tokens of an expression. `quote` is the one that opened a text that is not closed yet; in it
 * only columns and labels can stand.
 */
export function expressionOptions(
  tokens: readonly Token[],
  quote: string | null,
  names: CompletionNames,
  locals: readonly string[],
): readonly Option[] {
  const last = tokens.at(-1);
  const call = openCall(tokens);
  if (quote !== null)
    return textOptions(tokens, call, names).map((option) => ({ ...option, label: escaped(option.label, quote) }));
  if (isOperator(last, "|")) return [...signatures(filters, "filter"), ...aliases()];
  if (isWord(last, "is") || (isWord(last, "not") && isWord(tokens.at(-2), "is")))
    return [...(isWord(last, "is") ? words(["not"], "keyword") : []), ...signatures(predicates, "test")];
  // Another member is written in brackets.
  if (isOperator(last, "."))
    return memberOptions(pathBefore(tokens, tokens.length - 1), names).filter(({ label }) => isName(label));
  if (endsValue(last)) return words(["and", "or", "not in", "in", "is", "if", "else"], "keyword");
  if (call?.method === "at") {
    const axes = cellAt(call.path, names)?.axes ?? names.axes ?? [];
    if (isOperator(last, "="))
      return labelOptions(axes, tokens.at(-2)?.text ?? "").map((option) => ({
        ...option,
        label: literal(option.label),
      }));
    return words(axes.map(({ name }) => name).filter(isName), "axis");
  }
  const filter =
    call?.filter === true && !isOperator(last, "=")
      ? filters.get(filterAliases.get(call.method) ?? call.method)
      : undefined;
  return [...argumentOptions(filter), ...nameOptions(names, locals)];
}

function nameOptions(names: CompletionNames, locals: readonly string[]): readonly Option[] {
  return [
    ...words(locals, "local"),
    ...words(names.inputs ?? [], "input"),
    ...words(
      (names.cells ?? []).map(({ name }) => name),
      "cell",
    ),
    ...words([...(names.row === undefined ? [] : ["row"]), ...(names.axes === undefined ? [] : ["vary"])], "name"),
    ...words(names.others ?? [], "name"),
    ...signatures(functions, "function"),
    { label: "meta", kind: "function", detail: "The facts of a cell's result: `meta(topic).cost`." },
    ...words(["not", "true", "false", "none"], "keyword"),
  ];
}

function memberOptions(path: readonly string[], names: CompletionNames): readonly Option[] {
  const [first, second] = path;
  const methods = words(methodNames, "method");
  const whole = names.cells?.some(({ name }) => name === path.join(".")) === true;
  if (first === undefined || (second !== undefined && !whole)) return methods;
  if (first === "row" && names.row !== undefined) return words(names.row, "column");
  if (first === "vary" && names.axes !== undefined)
    return words(
      names.axes.map(({ name }) => name),
      "axis",
    );
  if (first === "loop") return words(loopNames, "member");
  const cell = cellAt(path, names);
  if (cell === undefined) return methods;
  return [
    ...words(cell.members ?? [], "member"),
    ...(cell.axes === undefined ? [] : words(["at"], "method")),
    ...methods,
  ];
}

/** In a text: the columns of `row["…`, or the labels of `.at(axis="…`. */
function textOptions(tokens: readonly Token[], call: OpenCall | null, names: CompletionNames): readonly Option[] {
  const last = tokens.at(-1);
  if (isOperator(last, "[")) {
    const path = pathBefore(tokens, tokens.length - 1);
    if (path.length === 1 && path[0] === "row") return words(names.row ?? [], "column");
    return words(path.length === 1 ? (cellAt(path, names)?.members ?? []) : [], "member");
  }
  if (call?.method !== "at" || !isOperator(last, "=")) return [];
  return labelOptions(cellAt(call.path, names)?.axes ?? names.axes ?? [], tokens.at(-2)?.text ?? "");
}

function labelOptions(axes: readonly AxisNames[], name: string): readonly Option[] {
  return words(axes.find((axis) => axis.name === name)?.labels ?? [], "label");
}

/** A label as it is written without a quote before it. */
function literal(label: string): string {
  return /^-?\d+(?:\.\d+)?$|^(?:true|false)$/.test(label) ? label : `"${escaped(label, '"')}"`;
}

interface OpenCall {
  readonly method: string;
  /** True where a `|` stands before the name. */
  readonly filter: boolean;
  readonly path: readonly string[];
}

/** The call whose `(` is not closed yet. */
function openCall(tokens: readonly Token[]): OpenCall | null {
  let depth = 0;
  for (let place = tokens.length - 1; place > 0; place -= 1) {
    const token = tokens[place]!;
    if (token.type !== "operator") continue;
    if (")]}".includes(token.text)) depth += 1;
    else if ("([{".includes(token.text)) {
      if (depth > 0) depth -= 1;
      else {
        const name = tokens[place - 1];
        if (token.text !== "(" || name?.type !== "name") return null;
        const before = tokens[place - 2];
        const path = isOperator(before, ".") ? pathBefore(tokens, place - 2) : [];
        return { method: name.text, filter: isOperator(before, "|"), path };
      }
    }
  }
  return null;
}

/** The names joined by `.` that end before a place: `["triage", "correct"]`; empty where something else stands there. */
function pathBefore(tokens: readonly Token[], place: number): readonly string[] {
  const path: string[] = [];
  for (let index = place - 1; tokens[index]?.type === "name"; index -= 2) {
    path.unshift(tokens[index]!.text);
    if (!isOperator(tokens[index - 1], ".")) return path;
  }
  return [];
}

function cellAt(path: readonly string[], names: CompletionNames): CellNames | undefined {
  return names.cells?.find(({ name }) => name === path.join(".")) ?? names.cells?.find(({ name }) => name === path[0]);
}

function endsValue(token: Token | undefined): boolean {
  if (token === undefined || token.type === "end") return false;
  if (token.type === "operator") return ")]}".includes(token.text);
  return token.type !== "name" || !keywords.has(token.text) || /^(?:true|false|none|null)$/i.test(token.text);
}

function isOperator(token: Token | undefined, text: string): boolean {
  return token?.type === "operator" && token.text === text;
}

function isWord(token: Token | undefined, text: string): boolean {
  return token?.type === "name" && token.text === text;
}

function words(labels: readonly string[], kind: Option["kind"]): readonly Option[] {
  return labels.map((label) => ({ label, kind }));
}

function signatures(all: ReadonlyMap<string, Signature>, kind: Option["kind"]): readonly Option[] {
  return [...all.values()].map(({ name, summary }) => ({ label: name, kind, detail: summary }));
}

function aliases(): readonly Option[] {
  return [...filterAliases].map(([label, name]) => ({ label, kind: "filter", detail: `\`${name}\`` }));
}

function argumentOptions(filter: Signature | undefined): readonly Option[] {
  return (filter?.parameters ?? []).map((name) => ({ label: `${name.replace("?", "")}=`, kind: "argument" }));
}
