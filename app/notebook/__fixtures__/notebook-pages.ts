import { createRoot } from "solid-js";
import { createStore, reconcile } from "solid-js/store";
import { vi } from "vitest";
import { cellForms } from "#server/cells/index.ts";
import { applyOperation } from "#server/notebook/apply-operation.ts";
import { cellsOf } from "#server/notebook/cells-of.ts";
import { editableSource } from "#server/notebook/editable-source.ts";
import { parseNotebook } from "#server/notebook/format.ts";
import type { Operation } from "#server/notebook/operation.ts";
import { toCellError } from "#server/notebook/sheaf-error.ts";
import type { CellError, Datum } from "#server/notebook/value.ts";
import { checkBase, type EditBase } from "#server/workbench/edit-base.ts";
import { editableProse } from "#server/workbench/editable-prose.ts";
import { pageBlocks } from "#server/workbench/page-blocks.ts";
import type { NotebookView } from "#server/workbench/view.ts";
import type { Drafts } from "../../editor/drafts";
import { createNotebookActions, type NotebookActions } from "../notebook-actions";

// As it is loaded it listens for the page to be left.
vi.stubGlobal("window", new EventTarget());
const { createDrafts } = await import("../../editor/drafts");

interface Edit {
  readonly operations: readonly Operation[];
  readonly base?: EditBase;
}

/** A notebook on a page: what the page was told of it, and what it does to it. */
export interface NotebookPage {
  readonly view: NotebookView;
  readonly drafts: Drafts;
  readonly actions: NotebookActions;
  /** The texts whose place became another, from where to where. */
  readonly moves: readonly (readonly [string, string])[];
  /** What was told in toasts. */
  readonly said: readonly string[];
  leave(): void;
}

/** A server that has one notebook, and answers and tells its pages of it after `latency` milliseconds. */
export interface SlowServer {
  text: string;
  latency: number;
  /** While it is, nothing is answered, and pages hear nothing. */
  isAway: boolean;
  /** Called before an edit is taken; what it throws is answered. */
  onEdit: (edit: Edit) => void;
  /** The inputs that were asked for, in turn. */
  readonly inputs: { readonly [name: string]: Datum }[];
  /** An edit of another page. */
  edit(...operations: readonly Operation[]): void;
  /** Opens the notebook on a page. */
  open(): NotebookPage;
}

let servers = 0;

/** Starts a server of a notebook's text in place of the one that `fetch` reaches. */
export function slowServer(text: string, latency = 60): SlowServer {
  const path = `notebooks/of-server-${(servers += 1)}.md`;
  const tellers = new Set<() => void>();
  let revision = 1;

  function viewOf(): NotebookView {
    const notebook = parseNotebook(server.text, cellForms);
    const order = pageBlocks(notebook);
    const prose = order.flatMap((block) => {
      if (block.type === "cell") return [];
      const { start, end } = notebook.segments[block.segment]!;
      return [[block.key, { segment: block.segment, ...editableProse(notebook.text.slice(start, end)), html: "" }]];
    });
    const cells = cellsOf(notebook).map(({ cell, path }) => [
      path,
      { path, source: editableSource(notebook.text, cell), settings: null, children: [], node: path },
    ]);
    return structuredClone({
      head: { head: { path, revision, savedAt: 1, order, trusted: true } },
      prose: Object.fromEntries(prose),
      cells: Object.fromEntries(cells),
      nodes: {},
      results: {},
      sheets: {},
      streams: {},
      runs: {},
    }) as unknown as NotebookView;
  }

  function take({ operations, base }: Edit): { readonly revision: number; readonly warnings: readonly [] } {
    if (base !== undefined) checkBase(base, parseNotebook(server.text, cellForms), revision);
    server.text = operations.reduce(
      (now, operation) => applyOperation(now, operation, { forms: cellForms }).text,
      server.text,
    );
    revision += 1;
    for (const tell of tellers) tell();
    return { revision, warnings: [] };
  }

  /** One procedure with what it was given. */
  function answer(procedure: string, given: Edit & { readonly values: { readonly [name: string]: Datum } }): unknown {
    if (procedure === "notebook.setInputs") return void server.inputs.push(given.values);
    server.onEdit(given);
    return take(given);
  }

  const later = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, server.latency));
  vi.stubGlobal("fetch", async (address: string, { body }: { readonly body: string }) => {
    await later();
    if (server.isAway) throw new TypeError("fetch failed");
    const [names, query] = address.replace("/api/trpc/", "").split("?");
    const given: unknown = JSON.parse(body);
    const answers = names!.split(",").map((name, index) => {
      try {
        return { result: { data: answer(name, (query === undefined ? given : (given as unknown[])[index]) as never) } };
      } catch (thrown) {
        return { error: { message: "refused", code: -32000, data: { problem: toCellError(thrown) } } };
      }
    });
    await later();
    if (server.isAway) throw new TypeError("fetch failed");
    return Response.json(query === undefined ? answers[0] : answers);
  });

  const server: SlowServer = {
    text,
    latency,
    isAway: false,
    onEdit: () => {},
    inputs: [],
    edit: (...operations) => void take({ operations }),
    open() {
      const [view, setView] = createStore(viewOf());
      const tell = (): void => {
        const told = viewOf();
        setTimeout(() => tellers.has(tell) && !server.isAway && setView(reconcile(told, { merge: true })), latency);
      };
      tellers.add(tell);
      const said: string[] = [];
      const told = {
        say: (text: string) => said.push(text),
        problem: ({ message }: CellError) => said.push(message),
      };
      return createRoot((dispose) => {
        const store = { path, view, ready: () => true, connected: () => !server.isAway, problem: () => null };
        const moves: [string, string][] = [];
        const drafts = createDrafts(store, (from, to) => moves.push([from, to]));
        return {
          view,
          drafts,
          actions: createNotebookActions(store, told as never, drafts),
          moves,
          said,
          leave() {
            tellers.delete(tell);
            dispose();
          },
        };
      });
    },
  };
  return server;
}
