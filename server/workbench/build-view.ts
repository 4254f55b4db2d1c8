import { addressText, parseAddress } from "#server/notebook/address.ts";
import { chosenVariant, variantsOf } from "#server/notebook/axis.ts";
import { bodyLanguage } from "#server/notebook/body-language.ts";
import { cellsOf } from "#server/notebook/cells-of.ts";
import { editableConfiguration, editableLine, editableSource } from "#server/notebook/editable-source.ts";
import { givenDatum } from "#server/notebook/given-datum.ts";
import { hasBigint } from "#server/notebook/has-bigint.ts";
import { indentationOf } from "#server/notebook/file-position.ts";
import { isSettled, type Freshness } from "#server/notebook/freshness.ts";
import type { Node } from "#server/notebook/graph-node.ts";
import type { Cell, Diagnostic, Notebook } from "#server/notebook/notebook.ts";
import { isPartOfSheet, wholeOf } from "#server/notebook/part-of-cell.ts";
import { readersOf } from "#server/notebook/plan.ts";
import { toJson } from "#server/notebook/to-json.ts";
import type { Datum, Value } from "#server/notebook/value.ts";
import { settledStates } from "#server/runner/results-state.ts";
import type { Runtime } from "#server/runner/runtime.ts";
import type { Session } from "#server/runner/session.ts";
import type { LiveResult } from "#server/runner/session-state.ts";
import { blockedResults } from "./blocked-results.ts";
import { pageBlocks } from "./page-blocks.ts";
import { editableProse } from "./editable-prose.ts";
import { proseHtml } from "./prose-html.ts";
import type { BlockRef, CellView, HeadView, InputView, NodeView, NotebookView, ResultView } from "./view.ts";

/** What of a view the session does not know: how its file, runs and sheets stand. */
export interface ViewParts {
  readonly head: Pick<
    HeadView,
    "revision" | "undo" | "redo" | "savedAt" | "fileProblem" | "spentToday" | "unpricedToday" | "budgets"
  >;
  readonly progress: ReadonlyMap<string, NodeView["progress"]>;
  readonly sheets: NotebookView["sheets"];
  readonly streams: NotebookView["streams"];
  readonly runs: NotebookView["runs"];
}

/** The most variants of a node whose results a page is sent. */
const mostVariants = 200;

/** The view of a notebook as of now. */
export function buildView(session: Session, runtime: Pick<Runtime, "effectOf">, parts: ViewParts): NotebookView {
  const { state } = session;
  const { notebook } = state;
  const diagnostics = session.diagnostics;
  const freshness = session.freshness();
  const nodes = nodeViews(session, runtime, parts, freshness);
  return {
    head: { head: headView(session, parts) },
    prose: proseViews(notebook),
    cells: cellViews(notebook, state.graph.nodes, diagnostics),
    nodes,
    results: resultViews(session, freshness, nodes),
    sheets: parts.sheets,
    streams: parts.streams,
    runs: parts.runs,
  };
}

function headView(session: Session, parts: ViewParts): HeadView {
  const { state, diagnostics, trusted } = session;
  const { notebook } = state;
  const { front } = state.graph;
  const title = front.title ?? state.path.replace(/^.*\//, "").replace(/\.md$/, "");
  const written = front.written?.values["title"];
  return {
    path: state.path,
    title,
    writtenTitle: typeof written === "string" ? written : title,
    isNotebook: notebook.isNotebook,
    trusted,
    order: orderOf(notebook),
    inputs: front.inputs.map((input): InputView => {
      const value = state.inputs.get(input.name)?.value;
      return value === undefined ? input : { ...input, value: inputDatum(value), ...exactJson(value) };
    }),
    outputs: front.outputs,
    models: front.models,
    choose: front.choose,
    cases: [...session.cases()].map(([name, values]) => ({ name, values })),
    diagnostics: diagnostics.filter(({ cell }) => cell === undefined),
    grants: session.grants().map(({ cell, budget, spent }) => ({ cell, budget, spent })),
    ...parts.head,
  };
}

/** What a field has to show of data with whole numbers beyond 2^53. */
function exactJson(value: Value): Pick<InputView, "json"> {
  return value.type === "json" && hasBigint(value.value) ? { json: toJson(value.value) } : {};
}

/** What a form shows of an input's value. */
function inputDatum(value: Value): Datum {
  if (value.type === "table") return `a table of ${value.value.rowCount.toLocaleString("en")} rows`;
  return givenDatum(value) ?? null;
}

function orderOf(notebook: Notebook): readonly BlockRef[] {
  return pageBlocks(notebook).map((block) =>
    block.type === "cell" ? { type: "cell", path: block.path } : { type: "prose", key: block.key },
  );
}

function proseViews(notebook: Notebook): NotebookView["prose"] {
  const views: { [after: string]: NotebookView["prose"][string] } = {};
  for (const block of pageBlocks(notebook)) {
    if (block.type !== "prose") continue;
    const { start, end } = notebook.segments[block.segment]!;
    const text = notebook.text.slice(start, end);
    views[block.key] = { segment: block.segment, ...editableProse(text), html: proseHtml(text) };
  }
  return views;
}

function cellViews(
  notebook: Notebook,
  nodes: ReadonlyMap<string, Node>,
  diagnostics: readonly Diagnostic[],
): NotebookView["cells"] {
  const views: { [path: string]: CellView } = {};
  const read = new Map([...nodes.values()].flatMap(({ wordings }) => wordings.map((cell) => [cell.span.start, cell])));
  for (const { cell, container, path } of cellsOf(notebook)) {
    const wordings =
      cell.label === null ? [] : (container?.cells ?? notebook.cells).filter(({ name }) => name === cell.name);
    const isFirst = cell.label === null || wordings[0] === cell;
    const node = container === null ? cell.name : `${container.name}.${cell.name}`;
    const now = read.get(cell.span.start) ?? cell;
    views[path] = {
      path,
      name: cell.name,
      label: cell.label,
      kind: cell.kind,
      known: cell.known,
      source: editableSource(notebook.text, cell),
      language: bodyLanguage(now),
      configuration: cell.configuration.values,
      ...(now.configuration === cell.configuration ? {} : { early: cameOut(now, cell) }),
      settings: cell.known && isFirst ? editableConfiguration(notebook.text, cell) : null,
      node: nodes.has(node) ? node : null,
      container: container?.name ?? null,
      children: cell.cells.map(
        (child) => `${path}.${child.label === null ? child.name : `${child.name}.${child.label}`}`,
      ),
      line: cell.position.line,
      sourceLine: editableLine(notebook.text, cell),
      indentation: indentationOf(notebook.text, cell),
      diagnostics: diagnostics.filter(
        (one) =>
          one.cell === cell.name && one.position.offset >= cell.span.start && one.position.offset <= cell.span.end,
      ),
    };
  }
  return views;
}

/** The fields of a cell that are others than they are written. */
function cameOut({ configuration: { values } }: Cell, written: Cell): NonNullable<CellView["early"]> {
  return Object.fromEntries(
    Object.entries(values).filter(([key, value]) => value !== written.configuration.values[key]),
  );
}

function nodeViews(
  { state }: Session,
  runtime: Pick<Runtime, "effectOf">,
  { progress, sheets }: ViewParts,
  freshness: ReadonlyMap<string, Freshness>,
): NotebookView["nodes"] {
  const { graph } = state;
  const readers = readersOf(graph);
  const paths = new Map(cellsOf(state.notebook).map(({ cell, path }) => [cell.span.start, path]));
  const views: { [id: string]: NodeView } = {};
  const reads = ({ id, reads: all }: Node): readonly string[] =>
    all.flatMap((read) => {
      // What decides whether a sheet is computed, and what computes its rows, are parts of the sheet.
      if ("node" in read && isPartOfSheet(read.node))
        return wholeOf(read.node) === id ? reads(graph.nodes.get(read.node)!) : [];
      return "node" in read ? [read.node] : read.type === "input" ? [read.input] : [];
    });
  for (const node of graph.nodes.values()) {
    if (isPartOfSheet(node.id)) continue;
    const variants = variantsOf(node.axes).slice(0, mostVariants);
    const addresses = node.sheet === null ? variants.map((at) => addressText({ cell: node.id, at })) : [];
    const isDone =
      node.sheet === null
        ? addresses.every((address) => isSettled(freshness.get(address) ?? { state: "never" }))
        : (sheets[node.sheet]?.counts[node.name] ?? []).every(({ counts }) =>
            Object.keys(counts).every((state) => settledStates.has(state)),
          );
    const stands = progress.get(node.id) ?? null;
    views[node.id] = {
      id: node.id,
      name: node.name,
      kind: node.wordings[0]!.kind,
      sheet: node.sheet,
      cells: node.wordings.flatMap((cell) => paths.get(cell.span.start) ?? []),
      axes: node.axes.map(({ name, labels }) => ({ name, labels })),
      chosen: chosenVariant(node.axes, graph.front.choose),
      effect: runtime.effectOf(node, graph.front),
      reads: [...new Set([...reads(node), ...node.earlyInputs])],
      readers: [...new Set((readers.get(node.id) ?? []).map((id) => (isPartOfSheet(id) ? wholeOf(id) : id)))],
      addresses,
      blocked: node.blocked,
      ...(graph.sheets.get(node.id)?.of === "list" ? { overList: true as const } : {}),
      ...withoutTable(node, state.results.get(node.id), freshness.get(node.id)),
      // A run goes by what is settled: that does not wait for it.
      progress: stands?.state === "queued" && isDone ? null : stands,
    };
  }
  return views;
}

function withoutTable(
  { kind }: Node,
  result: LiveResult | undefined,
  freshness: Freshness | undefined,
): Pick<NodeView, "without"> {
  if (kind?.body !== "cells" || result === undefined || result.value !== null || freshness?.state !== "current")
    return {};
  const { outcome, error, because } = result;
  return { without: { outcome, error, because } };
}

function resultViews(
  { state }: Session,
  freshness: ReadonlyMap<string, Freshness>,
  nodes: NotebookView["nodes"],
): NotebookView["results"] {
  const views: { [address: string]: ResultView } = {};
  const blocked = blockedResults(state);
  for (const { addresses, kind } of Object.values(nodes)) {
    // A sheet's own table is seen in its grid.
    if (kind === "sheet") continue;
    for (const address of addresses) {
      const result = state.results.get(address);
      const override = state.overrides.get(address);
      const because = blocked.get(address);
      const notes = state.notes.get(address);
      const value = override?.value ?? result?.value ?? null;
      const shown = value === null ? null : valueToSend(value);
      views[address] = {
        address,
        at: parseAddress(address).at,
        freshness: freshness.get(address) ?? { state: "never" },
        outcome: override === undefined ? (result?.outcome ?? (because === undefined ? null : "blocked")) : "ok",
        value: shown?.value ?? null,
        full: shown?.full ?? null,
        error: override === undefined ? (result?.error ?? null) : null,
        calls: result?.calls ?? [],
        because: result?.because ?? because ?? [],
        waiting: result?.waiting ?? null,
        computedAt: result?.at ?? null,
        notes:
          notes === undefined
            ? null
            : {
                scores: notes.scores,
                comments: notes.comments,
                ...(notes.label === undefined ? {} : { label: notes.label }),
                ...(notes.chosen === undefined ? {} : { chosen: notes.chosen }),
              },
      };
    }
  }
  return views;
}

/** Characters of a text that a page is sent unasked. */
const mostCharacters = 20_000;

/** A value as a page gets it unasked, and the length of what it has only a part of. */
export function valueToSend(value: Value): { readonly value: Value; readonly full: number | null } {
  if (value.type === "string" && value.value.length > mostCharacters)
    return { value: { ...value, value: value.value.slice(0, mostCharacters) }, full: value.value.length };
  if (value.type === "table" && value.value.rows === undefined) return { value, full: value.value.rowCount };
  return { value, full: null };
}
