import { isAlias, isMap, isScalar, isSeq, parseDocument, Scalar, type Document, type Node, type YAMLError } from "yaml";
import type { Configuration, Diagnostic } from "../notebook.ts";
import type { TextView } from "../text-view.ts";
import type { Datum, Position } from "../value.ts";
import { yamlProblem } from "./yaml-problem.ts";

/** Where the text of a mapping stands in the file. */
export interface MappingPlace {
  readonly view: TextView;
  readonly position: (start: number, end: number) => Position;
  /** What the mapping is, for messages: `the front matter`. */
  readonly what: string;
  /** The name of the cell it configures. */
  readonly cell?: string;
}

/** A mapping longer than this many characters is refused: configuration is written by people. */
export const maximumMappingLength = 1_000_000;

/** How many values a mapping may have, aliases followed, and how deep they may lie: a few lines of aliases can stand for gigabytes. */
const maximumValues = 100_000;
const maximumDepth = 64;

/** YAML 1.2 with the core schema, every token kept, and an integer as a `bigint` until it is known to be a safe number. */
export function parseYaml(text: string): Document.Parsed {
  return parseDocument(text, {
    version: "1.2",
    schema: "core",
    merge: false,
    keepSourceTokens: true,
    prettyErrors: false,
    intAsBigInt: true,
    uniqueKeys: false,
    logLevel: "error",
  });
}

/**
 * The mapping a text of YAML says, with the place of every value. It never throws: what is wrong is in `diagnostics`,
 * and the values are what could be read.
 */
export function parseMapping(place: MappingPlace): { configuration: Configuration; diagnostics: Diagnostic[] } {
  const reader = new MappingReader(place);
  reader.read();
  const { values, positions, diagnostics } = reader;
  const problem = diagnostics.find(({ severity }) => severity === "error");
  const configuration = { values, positions: Object.fromEntries(positions) };
  return { configuration: problem === undefined ? configuration : { ...configuration, problem }, diagnostics };
}

/** The list or single value a text of YAML says (a score's checks), as a mapping of its indexes for `expressionsOf`. It never throws. */
export function parseList(place: MappingPlace): {
  root: Datum;
  configuration: Configuration;
  diagnostics: Diagnostic[];
} {
  const reader = new MappingReader(place);
  const root = reader.readAny();
  const { positions, diagnostics } = reader;
  const values = root !== null && typeof root === "object" ? Object.fromEntries(Object.entries(root)) : {};
  return { root, configuration: { values, positions: Object.fromEntries(positions) }, diagnostics };
}

class MappingReader {
  values: { readonly [key: string]: Datum } = {};
  readonly positions = new Map<string, Position>();
  readonly diagnostics: Diagnostic[] = [];
  readonly #place: MappingPlace;
  readonly #anchors = new Map<string, Node>();
  #count = 0;

  constructor(place: MappingPlace) {
    this.#place = place;
  }

  read(): void {
    const contents = this.#parse();
    if (contents === null || (isScalar(contents) && contents.value === null)) return;
    if (!isMap(contents)) {
      const is = isSeq(contents) ? "a list" : "a single value";
      this.#report(
        "notebook.not-a-mapping",
        `${this.#place.what} is ${is}, not a mapping`,
        "Write lines of `key: value`.",
        contents.range,
      );
      return;
    }
    const values = this.#guarded(() => this.#value(contents, "", 0, null));
    if (values !== undefined) this.values = values as { readonly [key: string]: Datum };
  }

  readAny(): Datum {
    const contents = this.#parse();
    return contents === null ? null : (this.#guarded(() => this.#value(contents, "", 0, null)) ?? null);
  }

  #parse(): Node | null {
    const { text } = this.#place.view;
    if (text.length > maximumMappingLength) {
      const message = `${this.#place.what} has ${text.length} characters; at most ${maximumMappingLength} are read`;
      this.#report("notebook.too-large", message, "Move the data into a data cell or a file.", [0, 0]);
      return null;
    }
    return (
      this.#guarded(() => {
        const document = parseYaml(text);
        const [error] = document.errors;
        if (error?.code === "RESOURCE_EXHAUSTION") throw new TooMuch();
        for (const problem of document.warnings) this.#reportYaml(problem, "warning");
        if (error !== undefined) this.#reportYaml(error, "error");
        return document.contents;
      }) ?? null
    );
  }

  /** The first error only: those behind it follow from it. One at the end of the text is said at the end of its last line. */
  #reportYaml(problem: YAMLError, severity: Diagnostic["severity"]): void {
    const { message, cure } = yamlProblem(problem);
    const last = this.#place.view.text.trimEnd().length;
    this.#report(
      "notebook.yaml",
      message,
      cure,
      [Math.min(problem.pos[0], last), Math.min(problem.pos[1], last)],
      severity,
    );
  }

  /** The parser and the reader recurse, so that nesting beyond the stack ends as a diagnostic as well. */
  #guarded<Result>(read: () => Result): Result | undefined {
    try {
      return read();
    } catch (thrown) {
      if (!(thrown instanceof RangeError) && !(thrown instanceof TooMuch)) throw thrown;
      const message = `${this.#place.what} is nested too deeply, or its aliases stand for too many values`;
      this.#report("notebook.yaml", message, "Write it with fewer levels and without aliases.", [0, 0]);
      return undefined;
    }
  }

  /** A node's value; `at` is the place of the alias that stands for it, where there is one. */
  #value(node: Node | null | undefined, path: string, depth: number, at: readonly [number, number] | null): Datum {
    this.#count += 1;
    if (this.#count > maximumValues || depth > maximumDepth) throw new TooMuch();
    if (node === null || node === undefined) return null;
    const range = at ?? rangeOf(node);
    // An empty value has no place of its own: it stays at its key's.
    if (path !== "" && range[1] > range[0]) this.positions.set(path, this.#position(range));
    if (isAlias(node)) {
      const target = this.#anchors.get(node.source);
      if (target === undefined)
        this.#report(
          "notebook.yaml",
          `there is no anchor \`&${node.source}\``,
          "Put text that begins with `*` in quotes.",
          range,
        );
      return this.#value(target, path, depth + 1, range);
    }
    // An alias means the last anchor of its name above it, and that is the last one met on the way.
    if (node.anchor !== undefined && at === null) this.#anchors.set(node.anchor, node);
    if (isScalar(node)) return this.#scalar(node, path, range);
    if (isSeq(node))
      return node.items.map((item, index) => this.#value(item as Node, join(path, String(index)), depth + 1, at));
    if (!isMap(node)) return null;
    const entries = new Map<string, Datum>();
    for (const pair of node.items) {
      const key = this.#key(pair.key as Node | null);
      if (key === null) continue;
      const keyRange = at ?? rangeOf(pair.key as Node);
      if (entries.has(key)) {
        this.#report("notebook.duplicate-key", `\`${key}\` is set twice`, "Remove one of the two.", keyRange);
        continue;
      }
      const inner = join(path, key);
      this.positions.set(`key:${inner}`, this.#position(keyRange));
      this.positions.set(inner, this.#position(keyRange));
      entries.set(key, this.#value(pair.value as Node | null, inner, depth + 1, at));
    }
    return Object.fromEntries(entries);
  }

  #key(node: Node | null): string | null {
    if (isScalar(node)) return node.source ?? "";
    const range = node === null ? ([0, 0] as const) : rangeOf(node);
    this.#report("notebook.yaml", "a key must be a plain word or text", "Put the key in quotes.", range);
    return null;
  }

  #scalar(node: Scalar, path: string, range: readonly [number, number]): Datum {
    const value = node.value;
    if (typeof value === "string") {
      if (value.startsWith("=")) this.positions.set(`expression:${path}`, this.#expressionPosition(node, range));
      return value;
    }
    const datum = toDatum(value);
    if (datum === undefined && typeof value === "object") {
      const message = `\`${node.source}\` is of a type that JSON cannot say`;
      this.#report("notebook.yaml", message, "Take the tag before it away, and put it in quotes.", range);
      return null;
    }
    if (datum === undefined) {
      const message = `\`${node.source}\` is a number that JSON cannot say`;
      this.#report("notebook.yaml", message, "Write a finite number, or put it in quotes.", range);
      return null;
    }
    return datum;
  }

  /** Behind the sign; of an alias the whole. */
  #expressionPosition(node: Scalar, [start, end]: readonly [number, number]): Position {
    const { text } = this.#place.view;
    const isBlock = node.type === Scalar.BLOCK_LITERAL || node.type === Scalar.BLOCK_FOLDED;
    const sign = text.indexOf("=", isBlock ? text.indexOf("\n", start) : start);
    return this.#position(sign === -1 || sign >= end ? [start, end] : [sign + 1, isBlock ? end : closingOf(node, end)]);
  }

  #position([start, end]: readonly [number, number]): Position {
    const { view, position } = this.#place;
    // A value on lines of its own ends with its last line, not with the line end behind it.
    const { length } = view.text.slice(start, end).replace(/\n+$/, "");
    return position(view.toFile(start), view.toFile(start + length));
  }

  #report(
    code: string,
    message: string,
    cure: string,
    range: readonly number[] | null | undefined,
    severity: Diagnostic["severity"] = "error",
  ): void {
    const [start = 0, end = start] = range ?? [];
    const position = this.#position([start, end]);
    const { cell } = this.#place;
    this.diagnostics.push({ severity, code, message, cure, position, ...(cell === undefined ? {} : { cell }) });
  }
}

/** Thrown to leave the recursion; never leaves this file. */
class TooMuch extends Error {}

function toDatum(value: unknown): boolean | number | bigint | null | undefined {
  if (typeof value === "bigint") return Number.isSafeInteger(Number(value)) ? Number(value) : value;
  if (typeof value === "number") return Number.isFinite(value) ? value : undefined;
  return typeof value === "boolean" || value === null ? value : undefined;
}

function rangeOf(node: Node): readonly [number, number] {
  return node.range ? [node.range[0], node.range[1]] : [0, 0];
}

function closingOf(node: Scalar, end: number): number {
  return node.type === Scalar.PLAIN ? end : end - 1;
}

function join(path: string, key: string): string {
  return path === "" ? key : `${path}.${key}`;
}
