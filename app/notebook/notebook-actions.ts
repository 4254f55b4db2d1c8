import type { Coordinates } from "#server/notebook/address.ts";
import type { Operation, Place } from "#server/notebook/operation.ts";
import type { RowScope, Scope } from "#server/notebook/plan.ts";
import type { CellError, Datum } from "#server/notebook/value.ts";
import type { CodeLanguage } from "#server/workbench/request/request-code.ts";
import type { NotebookView } from "#server/workbench/view.ts";
import { api, problemOf } from "~/api";
import type { Drafts } from "~/editor/drafts";
import type { Toasts } from "~/ui/toasts";
import { followRename } from "~/sheet/follow-rename";
import { moveSettings } from "~/sheet/rename-settings";
import { comparedRows, type ComparedRow } from "./compared-row";
import { notebookAddress } from "./notebook-address";
import type { NotebookStore } from "./notebook-store";
import { told } from "./told";

/** What is to be run, as a button asks it. */
export interface RunRequest {
  readonly scope: Scope;
  readonly title: string;
  readonly rows?: { readonly [sheet: string]: RowScope };
  readonly everySheet?: RowScope;
  readonly retryErrors?: boolean;
  /** Whether every answer is asked for anew, also where the journal has one. */
  readonly again?: boolean;
  /** Whether calls go into batches of their providers, where those have them. */
  readonly batch?: boolean;
  /** The most it may spend, US dollars. */
  readonly budget?: number;
}

/** What an edit is made from; see the server's `EditBase`. */
export type EditBase =
  | { readonly cell: string; readonly source: string }
  | { readonly cell: string; readonly settings: string }
  | { readonly prose: string; readonly segment: number; readonly text: string }
  | { readonly revision: number };

/** What came of a text that was pasted. */
export interface Pasted {
  /** The paths of the cells it brought. */
  readonly cells: readonly string[];
  /** Whether it was a request to a model. */
  readonly isRequest: boolean;
  readonly notices: readonly string[];
}

/** All a page does to a notebook. What the server refuses is told in a toast, and gives false or null. An edit is done when the page shows it. */
export interface NotebookActions {
  edit(operations: readonly Operation[], base?: EditBase): Promise<boolean>;
  /** As `edit`, but what is wrong is given back instead of told; null where nothing is. */
  tryEdit(operations: readonly Operation[], base?: EditBase): Promise<CellError | null>;
  /**
   * Makes an edit of what the page shows, when it shows all that was typed on it; once more where others changed the notebook meanwhile.
   * False where there is nothing to do.
   */
  editShown(make: () => readonly Operation[]): Promise<boolean>;
  /** Sends what was typed; whether the server has all of it. */
  settle(): Promise<boolean>;
  /** The block to show, where there is one. */
  undo(): Promise<string | null>;
  redo(): Promise<string | null>;
  /** The path of the new cell. */
  insertCell(kind: string, at: Place): Promise<string | null>;
  /** The Markdown of blocks. */
  copy(blocks: readonly string[]): Promise<string | null>;
  /** What it brought. With `request` the text is to be a request to a model, which becomes a prompt. */
  paste(text: string, at: Place, request?: boolean): Promise<Pasted | null>;
  /** Code that sends what a prompt would send at one address. */
  requestCode(
    node: string,
    at: Coordinates,
    row: number | string,
    language: CodeLanguage,
  ): Promise<{ readonly code: string; readonly notice: string | null } | null>;
  /** The whole text, with the revision it has. */
  text(): Promise<{ readonly text: string; readonly revision: number } | null>;
  /** What is wrong with a value; null where it was set. `texts` are read by the server, by the types of their inputs. */
  setInputs(
    values: { readonly [name: string]: Datum },
    texts?: { readonly [name: string]: string },
  ): Promise<CellError | null>;
  setInput(name: string, value: Datum): Promise<boolean>;
  /** The inputs of the last runs and requests, newest first of each; null where they could not be asked for. */
  lastInputs(): Promise<{ readonly runs: readonly GivenInputs[]; readonly requests: readonly GivenInputs[] } | null>;
  keepCase(name: string): Promise<boolean>;
  renameCase(name: string, to: string): Promise<boolean>;
  removeCase(name: string): Promise<boolean>;
  /** Keeps the results that are there as the baseline; what it has, and how much is left out. */
  keepBaseline(): Promise<KeptBaseline | null>;
  run(request: RunRequest): Promise<boolean>;
  confirm(run: string, yes: boolean): Promise<boolean>;
  cancel(run: string, cell?: string): Promise<boolean>;
  runAgain(address: string): Promise<boolean>;
  resume(address: string, value: Datum): Promise<boolean>;
  /** Goes on with all that a batch answered; says where there is none, or it is not answered yet. */
  collectBatches(): Promise<void>;
  /** Asks that nothing more is answered of the batch an address waits for. */
  cancelBatch(address: string): Promise<boolean>;
  note(note: { readonly address: string; readonly type: string; readonly [field: string]: unknown }): Promise<boolean>;
  choose(address: string, answer: string | null): Promise<boolean>;
  trust(): Promise<boolean>;
  /** Lets a cell spend so many US dollars by itself; null takes that back. */
  grant(cell: string, budget: number | null): Promise<boolean>;
  takeFile(): Promise<boolean>;
  keepMine(): Promise<boolean>;
  /** The address of its page then. */
  renameFile(to: string): Promise<string | null>;
  /** The address of the copy's page. */
  duplicateFile(): Promise<string | null>;
  /** What puts it back. */
  removeFile(): Promise<(() => Promise<boolean>) | null>;
}

/** A baseline that was kept, with what it has not. */
export interface KeptBaseline {
  /** The file's name. */
  readonly name: string;
  readonly results: number;
  readonly left: {
    readonly stale: number;
    readonly never: number;
    readonly unfinished: number;
    readonly sheets: readonly string[];
  };
}

/** Inputs that something ran with, milliseconds since 1970. */
export interface GivenInputs {
  readonly at: number;
  readonly values: { readonly [name: string]: Datum };
}

/** What was typed is sent before anything is done, but for what stops something. */
export function createNotebookActions(
  store: Pick<NotebookStore, "path" | "view">,
  toasts: Toasts,
  drafts: Pick<Drafts, "flush" | "revision">,
  comparedRow: () => ComparedRow | null = () => null,
): NotebookActions {
  const settled = drafts.flush;
  /** Inputs on their way: a field is left by the click that runs, and what runs is to have what was typed. */
  let setting: Promise<unknown> = Promise.resolve();
  /** The last of each input: one that is long on its way is not to come after it. */
  const lastSet = new Map<string, Promise<unknown>>();

  /** Null where it failed, which is told. */
  async function tried<Answer>(work: () => Promise<Answer>): Promise<Answer | null> {
    try {
      return await work();
    } catch (thrown) {
      toasts.problem(problemOf(thrown));
      return null;
    }
  }
  const given = <Answer>(work: () => Promise<Answer>): Promise<Answer | null> =>
    tried(async () => {
      await settled();
      await setting;
      return work();
    });
  const did = async (work: () => Promise<unknown>): Promise<boolean> =>
    (await given(() => work().then(() => true))) === true;
  /** What stops something waits for nothing: it may be spending. */
  const stopped = async (work: () => Promise<unknown>): Promise<boolean> =>
    (await tried(() => work().then(() => true))) === true;
  const at = {
    get path() {
      return store.path;
    },
  };
  const { notebook, notebooks } = api;

  async function tryEdit(operations: readonly Operation[], base?: EditBase): Promise<CellError | null> {
    const followed = operations.flatMap((operation) =>
      operation.type === "rename"
        ? [followRename(store, operation.cell, operation.cell.replace(/[^.]*$/, operation.to))]
        : [],
    );
    try {
      await settled();
      const { warnings, revision } = await notebook.edit.mutate({
        ...at,
        operations: [...operations],
        ...(base === undefined ? {} : { base }),
      });
      for (const warning of warnings) toasts.problem(warning as CellError);
      await told(store, revision);
      return null;
    } catch (thrown) {
      for (const end of followed) end();
      return problemOf(thrown);
    }
  }

  async function edit(operations: readonly Operation[], base?: EditBase): Promise<boolean> {
    const problem = await tryEdit(operations, base);
    if (problem !== null) toasts.problem(problem);
    return problem === null;
  }

  /** An edit of what the page shows goes out from what the one before it made. */
  let shown: Promise<unknown> = Promise.resolve();

  function editShown(make: () => readonly Operation[]): Promise<boolean> {
    const done = shown.then(() => editAsTold(make));
    shown = done.catch(() => {});
    return done;
  }

  async function editAsTold(make: () => readonly Operation[]): Promise<boolean> {
    await settled();
    await told(store, drafts.revision());
    const { revision } = store.view.head.head;
    const operations = make();
    if (operations.length === 0) return false;
    const problem = await tryEdit(operations, baseOf(store.view, operations));
    if (problem?.code !== "edit.conflict") {
      if (problem !== null) toasts.problem(problem);
      return problem === null;
    }
    await told(store, Math.max(revision + 1, drafts.revision()));
    const again = make();
    if (again.length > 0) return edit(again, baseOf(store.view, again));
    toasts.problem({
      code: "edit.conflict",
      message: "the notebook was changed meanwhile",
      cure: "Look at it again and repeat.",
    });
    return false;
  }

  async function trySetInputs(
    values: { readonly [name: string]: Datum },
    texts?: { readonly [name: string]: string },
  ): Promise<CellError | null> {
    const names = Object.keys({ ...values, ...texts });
    const before = Promise.allSettled(names.map((name) => lastSet.get(name)));
    const set = before.then(() =>
      notebook.setInputs.mutate({ ...at, values, ...(texts === undefined ? {} : { texts }) }),
    );
    for (const name of names) lastSet.set(name, set);
    // What is wrong with it is told to whoever set it.
    setting = Promise.allSettled([setting, set]);
    try {
      await set;
      return null;
    } catch (thrown) {
      return problemOf(thrown);
    }
  }

  return {
    tryEdit,
    edit,
    editShown,
    settle: settled,
    async undo() {
      const step = await given(() => notebook.undo.mutate({ ...at }).then((done) => done ?? "none"));
      if (step === null) return null;
      toasts.say(step === "none" ? "Nothing to undo." : `Undone: ${step.title}.`);
      return step === "none" ? null : step.cell;
    },
    async redo() {
      const step = await given(() => notebook.redo.mutate({ ...at }).then((done) => done ?? "none"));
      if (step === null) return null;
      toasts.say(step === "none" ? "Nothing to redo." : `Done again: ${step.title}.`);
      return step === "none" ? null : step.cell;
    },
    insertCell: async (kind, place) =>
      (await given(() => notebook.insertCell.mutate({ ...at, kind, at: place })))?.cell ?? null,
    copy: (blocks) => given(() => notebook.copy.query({ ...at, blocks: [...blocks] })),
    paste: (text, place, request = false) => given(() => notebook.paste.mutate({ ...at, text, at: place, request })),
    requestCode: (node, labels, row, language) =>
      given(() => notebook.requestCode.query({ ...at, cell: node, at: labels, row, language })),
    text: () => given(() => notebook.textWithRevision.query({ ...at })),
    setInputs: trySetInputs,
    async setInput(name, value) {
      const problem = await trySetInputs({ [name]: value });
      if (problem !== null) toasts.problem(problem);
      return problem === null;
    },
    lastInputs: () =>
      tried(async () => {
        const [runs, requests] = await Promise.all([
          notebook.lastInputs.query({ ...at }),
          notebook.loggedInputs.query({ ...at }),
        ]);
        return { runs, requests };
      }),
    keepCase: (name) => did(() => notebook.keepCase.mutate({ ...at, name })),
    renameCase: (name, to) => did(() => notebook.renameCase.mutate({ ...at, name, to })),
    removeCase: (name) => did(() => notebook.removeCase.mutate({ ...at, name })),
    keepBaseline: () => given(() => notebook.keepBaseline.mutate({ ...at })),
    async run(request) {
      const all = { ...comparedRows(request.scope, comparedRow()), ...request };
      if (store.view.head.head.trusted) return did(() => notebook.run.mutate({ ...at, ...all } as never));
      toasts.problem({
        code: "notebook.untrusted",
        message: "this notebook came from outside and runs nothing yet",
        cure: "Look through it, and trust it above.",
      });
      return false;
    },
    confirm: (run, yes) => (yes ? did : stopped)(() => notebook.confirm.mutate({ ...at, run, yes })),
    cancel: (run, cell) =>
      stopped(() => notebook.cancel.mutate({ ...at, run, ...(cell === undefined ? {} : { cell }) })),
    runAgain: (address) => did(() => notebook.runAgain.mutate({ ...at, address })),
    resume: (address, value) => did(() => notebook.resume.mutate({ ...at, address, value })),
    async collectBatches() {
      const waits = await given(() => notebook.waits.query({ ...at }));
      const bySubject = new Map(
        (waits ?? []).flatMap(({ reason, subject, address }) => (reason === "batch" ? [[subject, address]] : [])),
      );
      if (waits !== null && bySubject.size === 0) toasts.say("Nothing here waits for a batch.");
      for (const address of bySubject.values())
        await did(() => notebook.resume.mutate({ ...at, address, value: true }));
    },
    cancelBatch: (address) => did(() => notebook.cancelBatch.mutate({ ...at, address })),
    note: (note) => did(() => notebook.note.mutate({ ...at, note })),
    choose: (address, answer) => did(() => notebook.choose.mutate({ ...at, address, answer })),
    trust: () => did(() => notebook.trust.mutate({ ...at })),
    grant: (cell, budget) => did(() => notebook.grant.mutate({ ...at, cell, budget })),
    takeFile: () => did(() => notebook.takeFile.mutate({ ...at })),
    keepMine: () => did(() => notebook.keepMine.mutate({ ...at })),
    async renameFile(to) {
      const { path } = store;
      const moved = await given(() => notebooks.rename.mutate({ path, to }));
      if (moved !== null) moveSettings(localStorage, path, moved);
      return moved === null ? null : notebookAddress(moved);
    },
    async duplicateFile() {
      const copy = await given(() => notebooks.duplicate.mutate({ ...at }));
      return copy === null ? null : notebookAddress(copy);
    },
    async removeFile() {
      const from = { ...at };
      const removed = await given(() => notebooks.remove.mutate(from));
      return removed === null ? null : () => did(() => notebooks.restore.mutate({ removed, ...from }));
    },
  };
}

/** What operations on prose are made from, for that is named by its place. Cells have names: where those are there, it is them. */
function baseOf({ head, prose }: NotebookView, operations: readonly Operation[]): EditBase | undefined {
  const [first, ...more] = operations.flatMap((operation) =>
    operation.type === "set-prose" ? [operation.segment] : [],
  );
  if (first === undefined) return undefined;
  const [key, { text }] = Object.entries(prose).find(([, { segment }]) => segment === first)!;
  return more.length === 0 ? { prose: key, segment: first, text } : { revision: head.head.revision };
}
