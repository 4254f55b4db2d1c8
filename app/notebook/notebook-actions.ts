import type { Operation } from "#server/notebook/operation.ts";
import type { RowScope, Scope } from "#server/notebook/plan.ts";
import type { Datum } from "#server/notebook/value.ts";
import { api, problemOf } from "~/api";
import type { Toasts } from "~/ui/toasts";

/** What is to be run, as a button asks it. */
export interface RunRequest {
  readonly scope: Scope;
  readonly title: string;
  readonly rows?: { readonly [sheet: string]: RowScope };
  readonly everySheet?: RowScope;
  readonly retryErrors?: boolean;
}

/** All a page does to a notebook. What the server refuses is told in a toast, and gives false. */
export interface NotebookActions {
  edit(operations: readonly Operation[], base?: { readonly cell: string; readonly source: string }): Promise<boolean>;
  undo(): Promise<string | null>;
  redo(): Promise<string | null>;
  setInput(name: string, value: Datum): Promise<boolean>;
  run(request: RunRequest): Promise<boolean>;
  confirm(run: string, yes: boolean): Promise<boolean>;
  cancel(run: string, cell?: string): Promise<boolean>;
  runAgain(address: string): Promise<boolean>;
  resume(address: string, value: Datum): Promise<boolean>;
  note(note: { readonly address: string; readonly type: string; readonly [field: string]: unknown }): Promise<boolean>;
  choose(address: string, answer: string | null): Promise<boolean>;
  trust(): Promise<boolean>;
  takeFile(): Promise<boolean>;
  keepMine(): Promise<boolean>;
}

/** `settled` is waited for before anything is done: what is typed goes first. */
export function createNotebookActions(path: string, toasts: Toasts, settled: () => Promise<void>): NotebookActions {
  async function told(work: () => Promise<unknown>): Promise<boolean> {
    try {
      await settled();
      await work();
      return true;
    } catch (thrown) {
      toasts.problem(problemOf(thrown));
      return false;
    }
  }
  const at = { path };
  const { notebook } = api;

  return {
    edit: (operations, base) =>
      told(async () => {
        const asked = { ...at, operations: [...operations], ...(base === undefined ? {} : { base }) };
        const { warnings } = await notebook.edit.mutate(asked);
        warnings.forEach(toasts.problem);
      }),
    async undo() {
      await settled();
      const step = await notebook.undo.mutate(at);
      toasts.say(step === null ? "Nothing to undo." : `Undone: ${step.title}.`);
      return step?.cell ?? null;
    },
    async redo() {
      await settled();
      const step = await notebook.redo.mutate(at);
      toasts.say(step === null ? "Nothing to redo." : `Done again: ${step.title}.`);
      return step?.cell ?? null;
    },
    setInput: (name, value) => told(() => notebook.setInput.mutate({ ...at, name, value })),
    run: (request) => told(() => notebook.run.mutate({ ...at, ...request } as never)),
    confirm: (run, yes) => told(() => notebook.confirm.mutate({ ...at, run, yes })),
    cancel: (run, cell) => told(() => notebook.cancel.mutate({ ...at, run, ...(cell === undefined ? {} : { cell }) })),
    runAgain: (address) => told(() => notebook.runAgain.mutate({ ...at, address })),
    resume: (address, value) => told(() => notebook.resume.mutate({ ...at, address, value })),
    note: (note) => told(() => notebook.note.mutate({ ...at, note })),
    choose: (address, answer) => told(() => notebook.choose.mutate({ ...at, address, answer })),
    trust: () => told(() => notebook.trust.mutate(at)),
    takeFile: () => told(() => notebook.takeFile.mutate(at)),
    keepMine: () => told(() => notebook.keepMine.mutate(at)),
  };
}
