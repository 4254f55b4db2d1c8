import { join } from "node:path";
import { tracked } from "@trpc/server";
import { z } from "zod";
import { maximumNotebookLength } from "#server/notebook/format.ts";
import { SheafError } from "#server/notebook/sheaf-error.ts";
import { definedOnly } from "#server/notebook/defined-only.ts";
import { exactInteger } from "#server/notebook/value-json.ts";
import type { Datum } from "#server/notebook/value.ts";
import { baselineName } from "#server/runner/baseline-file.ts";
import { shownValue, type NoteRequest } from "#server/runner/note-result.ts";
import { besideBaseline } from "#server/workbench/beside-baseline.ts";
import { blockText } from "#server/workbench/block-text.ts";
import { continueConversation } from "#server/workbench/continue-conversation.ts";
import { estimateConversations } from "#server/workbench/estimate-conversations.ts";
import { keepBaseline } from "#server/workbench/keep-baseline.ts";
import { parseInput } from "#server/runner/input-value.ts";
import { lastInputs } from "#server/workbench/last-inputs.ts";
import { noteTitle } from "#server/workbench/note-title.ts";
import type { LiveNotebook } from "#server/workbench/live-notebook.ts";
import { newCell } from "#server/workbench/new-cell.ts";
import { pasteText } from "#server/workbench/paste-text.ts";
import { noRequest, readPastedRequest } from "#server/workbench/request/pasted-request.ts";
import { requestCell } from "#server/workbench/request/request-cell.ts";
import { requestCode } from "#server/workbench/request/request-code.ts";
import { requestOf } from "#server/workbench/request/request-of.ts";
import { cellHistory } from "./cell-history.ts";
import type { ApiContext } from "./context.ts";
import { procedure, router } from "./procedures.ts";
import { datum, notebookPath, operation, place, rowScope, scope } from "./schemas.ts";

const at = z.strictObject({ path: notebookPath });
const caseName = z.string().trim().min(1).max(200);

const runRequest = at.extend({
  scope,
  title: z.string().max(200),
  rows: z.record(z.string(), rowScope).optional(),
  everySheet: rowScope.optional(),
  budget: z.number().nonnegative().optional(),
  retryErrors: z.boolean().optional(),
  again: z.boolean().optional(),
  batch: z.boolean().optional(),
});

const conversation = z.strictObject({
  cell: z.string(),
  at: z.record(z.string(), z.string()),
  turns: z
    .array(z.strictObject({ answer: z.string(), said: z.string().trim().min(1).max(100_000) }))
    .min(1)
    .max(200),
});

const rendering = at.extend({
  cell: z.string(),
  at: z.record(z.string(), z.string()),
  row: z.union([z.number().int().nonnegative(), z.string()]).optional(),
});

function fileOf({ runtime }: ApiContext, path: string): string {
  return join(runtime.workspace.folder, path);
}

function live(ctx: ApiContext, input: { readonly path: string }): Promise<LiveNotebook> {
  return ctx.notebooks.open(input.path);
}

/** One open notebook: what it shows, and all that can be done with it. */
export const notebookRouter = router({
  /** What the page shows, first whole and then as it changes. The id of an event is its sequence. */
  watch: procedure.input(at.extend({ lastEventId: z.string().nullish() })).subscription(async function* ({
    ctx,
    input,
    signal,
  }) {
    const since = input.lastEventId == null || input.lastEventId === "" ? null : Number(input.lastEventId);
    for await (const event of ctx.notebooks.watch(input.path, since, signal ?? new AbortController().signal))
      yield tracked(String(event.sequence), event);
  }),

  /** The text of the file, as it is now. */
  text: procedure.input(at).query(async ({ ctx, input }) => (await live(ctx, input)).session.state.notebook.text),

  /** The same with the revision it has, for edits made of places in it. */
  textWithRevision: procedure.input(at).query(async ({ ctx, input }) => {
    const notebook = await live(ctx, input);
    return { text: notebook.session.state.notebook.text, revision: notebook.revision };
  }),

  edit: procedure
    .input(
      at.extend({
        operations: z.array(operation).min(1).max(1_000),
        base: z
          .union([
            z.strictObject({ cell: z.string(), source: z.string() }),
            z.strictObject({ cell: z.string(), settings: z.string() }),
            z.strictObject({ prose: z.string(), segment: z.number().int(), text: z.string() }),
            z.strictObject({ revision: z.number().int() }),
          ])
          .optional(),
      }),
    )
    .mutation(async ({ ctx, input }) => {
      const notebook = await live(ctx, input);
      const applied = await notebook.apply(input.operations, input.base);
      notebook.feed.flush();
      return applied;
    }),

  /** Puts in a new cell of a kind, with what it begins with; gives its path. */
  insertCell: procedure.input(at.extend({ kind: z.string(), at: place })).mutation(async ({ ctx, input }) => {
    const notebook = await live(ctx, input);
    const { path, text } = newCell(input.kind, input.at, notebook.session);
    await notebook.apply([{ type: "insert", at: input.at, text }]);
    notebook.feed.flush();
    return { cell: path };
  }),

  /** The Markdown of blocks, to be pasted elsewhere. */
  copy: procedure
    .input(at.extend({ blocks: z.array(z.string()).max(10_000) }))
    .query(async ({ ctx, input }) => blockText((await live(ctx, input)).session.state.notebook, input.blocks)),

  /**
   * Puts in Markdown, its cells under free names, or a request to a model as the prompt that sends it; gives the paths of those at its
   * top. With `request` it is to be one: `paste.no-request` where it is not.
   */
  paste: procedure
    .input(at.extend({ at: place, text: z.string().max(maximumNotebookLength), request: z.boolean().optional() }))
    .mutation(async ({ ctx, input }) => {
      const notebook = await live(ctx, input);
      const request = readPastedRequest(input.text);
      if (request === null && input.request === true) throw noRequest();
      const made = request === null ? null : requestCell(request, ctx.runtime.models);
      const { text, cells } = pasteText(made?.text ?? input.text, notebook.session.state.notebook, notebook.session);
      await notebook.apply([{ type: "insert", at: input.at, text }]);
      notebook.feed.flush();
      return { cells, isRequest: made !== null, notices: made?.notices ?? [] };
    }),

  undo: procedure.input(at).mutation(async ({ ctx, input }) => {
    const step = await (await live(ctx, input)).undo();
    return step === null ? null : { title: step.title, cell: step.cell };
  }),

  redo: procedure.input(at).mutation(async ({ ctx, input }) => {
    const step = await (await live(ctx, input)).redo();
    return step === null ? null : { title: step.title, cell: step.cell };
  }),

  setInput: procedure
    .input(at.extend({ name: z.string(), value: datum }))
    .mutation(async ({ ctx, input }) => (await live(ctx, input)).setInputs({ [input.name]: input.value })),

  setInputs: procedure
    // A text is read by the input's type: whole numbers keep the digits that a page's numbers lose.
    .input(at.extend({ values: z.record(z.string(), datum), texts: z.record(z.string(), z.string()).optional() }))
    .mutation(async ({ ctx, input }) => {
      const notebook = await live(ctx, input);
      const { inputs } = notebook.session.state.notebook.front;
      const read = Object.entries(input.texts ?? {}).map(([name, text]) => {
        const declared = inputs.find((one) => one.name === name);
        // The session says which inputs there are.
        return [name, declared === undefined ? text : parseInput(declared, text)];
      });
      await notebook.setInputs({ ...input.values, ...Object.fromEntries(read) });
    }),

  /** Keeps the inputs as they are now under a name. */
  keepCase: procedure.input(at.extend({ name: caseName })).mutation(async ({ ctx, input }) => {
    const notebook = await live(ctx, input);
    await notebook.keepCase(input.name, notebook.session.givenInputs());
  }),

  renameCase: procedure.input(at.extend({ name: z.string(), to: caseName })).mutation(async ({ ctx, input }) => {
    const notebook = await live(ctx, input);
    const values = notebook.session.cases().get(input.name);
    if (values === undefined || input.name === input.to) return;
    await notebook.keepCase(input.to, values);
    await notebook.keepCase(input.name, null);
  }),

  removeCase: procedure
    .input(at.extend({ name: z.string() }))
    .mutation(async ({ ctx, input }) => (await live(ctx, input)).keepCase(input.name, null)),

  /** Sets of inputs of the last runs, newest first, each once; those whose record has them whole. */
  lastInputs: procedure.input(at).query(async ({ ctx, input }) => {
    const runs = await ctx.runtime.store.runs.list(input.path, 60);
    return lastInputs(runs, (await live(ctx, input)).session.state.notebook.front.inputs);
  }),

  /** Sets of inputs callers of what is published of it gave last, newest first, each once, as far as the notebook still has them. */
  loggedInputs: procedure.input(at).query(async ({ ctx, input }) => {
    const { path, session } = await live(ctx, input);
    const slugs = (await ctx.publishing.publications.list()).filter(({ notebook }) => notebook === path);
    const { requests } = ctx.runtime.store;
    const asked = (await Promise.all(slugs.map(({ slug }) => requests.list(slug, 60)))).flat();
    return lastInputs(
      asked
        .sort((left, right) => right.startedAt - left.startedAt)
        .map(({ startedAt, inputs }) => ({ startedAt, inputs: recordedInputs(inputs) })),
      session.state.notebook.front.inputs,
    );
  }),

  run: procedure.input(runRequest).mutation(async ({ ctx, input }) => {
    const { path: _, ...request } = input;
    return { run: (await live(ctx, input)).run(definedOnly(request)).id };
  }),

  /** Keeps the results that are there as the baseline, in place of the one there is; nothing is run. */
  keepBaseline: procedure.input(at).mutation(async ({ ctx, input }) => {
    const { path, session, board } = await live(ctx, input);
    if (board.busy)
      throw new SheafError("notebook.busy", "a run is on in this notebook", {
        cure: "Wait until it has ended, or stop it, and keep its results then.",
      });
    const { file: _, ...kept } = await keepBaseline(fileOf(ctx, path), session, ctx.runtime);
    return { ...kept, name: baselineName(path) };
  }),

  /** How the results that are there stand to the baseline; null where there is none. */
  besideBaseline: procedure.input(at).query(async ({ ctx, input }) => {
    const { path, session } = await live(ctx, input);
    return besideBaseline(fileOf(ctx, path), session, ctx.runtime);
  }),

  /** What a run would send and cost, before anything is sent. */
  estimate: procedure.input(runRequest).query(async ({ ctx, input }) => {
    const { path: _, scope: asked, title: __, ...options } = input;
    return (await live(ctx, input)).session.estimate(asked, definedOnly(options));
  }),

  /** What a prompt would send at one address as things stand, rendered by the engine; `cell` is the node, `row` its number or identity. */
  rendered: procedure
    .input(rendering)
    .query(async ({ ctx, input }) => (await live(ctx, input)).session.preview(input.cell, input.at, input.row)),

  /** Answers what was said to an answer of a prompt, as it streams. */
  say: procedure.input(at.extend(conversation.shape)).subscription(async function* ({ ctx, input, signal }) {
    const { path: _, ...conversation } = input;
    const { session } = await live(ctx, input);
    yield* continueConversation(conversation, session, ctx.runtime, signal ?? new AbortController().signal);
  }),

  /** What it would cost to say something to answers, before it is said. */
  sayEstimate: procedure
    .input(at.extend({ conversations: z.array(conversation).max(200) }))
    .query(async ({ ctx, input }) =>
      estimateConversations(input.conversations, (await live(ctx, input)).session, ctx.runtime),
    ),

  /** The same as code that sends it without Sheaf, with the variable of the key in place of a key. */
  requestCode: procedure
    .input(rendering.extend({ language: z.enum(["curl", "python", "typescript"]) }))
    .query(async ({ ctx, input }) => {
      const preview = await (await live(ctx, input)).session.preview(input.cell, input.at, input.row);
      return requestCode(requestOf(preview), input.language, ctx.runtime.models);
    }),

  /** The answer to what a run asks before it spends. */
  confirm: procedure
    .input(at.extend({ run: z.string(), yes: z.boolean() }))
    .mutation(async ({ ctx, input }) => (await live(ctx, input)).board.answer(input.run, input.yes)),

  cancel: procedure
    .input(
      at.extend({
        run: z.string(),
        cell: z.string().optional(),
        coordinates: z.record(z.string(), z.string()).optional(),
      }),
    )
    .mutation(async ({ ctx, input }) => {
      const { board } = await live(ctx, input);
      board.answer(input.run, false);
      const { cell, coordinates } = input;
      board
        .run(input.run)
        ?.cancel(cell === undefined ? undefined : coordinates === undefined ? { cell } : { cell, at: coordinates });
    }),

  trust: procedure.input(at).mutation(async ({ ctx, input }) => (await live(ctx, input)).trust()),
  /** Lets a cell that says `run: auto` call its model by itself, for so many US dollars; null takes that back. */
  grant: procedure
    .input(at.extend({ cell: z.string(), budget: z.number().nonnegative().nullable() }))
    .mutation(async ({ ctx, input }) => (await live(ctx, input)).grant(input.cell, input.budget)),

  takeFile: procedure.input(at).mutation(async ({ ctx, input }) => (await live(ctx, input)).takeFile()),
  keepMine: procedure.input(at).mutation(async ({ ctx, input }) => (await live(ctx, input)).keepMine()),

  /** Keeps what a person says of a result. */
  note: procedure
    .input(at.extend({ note: z.looseObject({ address: z.string(), type: z.string() }) }))
    .mutation(async ({ ctx, input }) => {
      const note = input.note as unknown as NoteRequest;
      await (await live(ctx, input)).note(noteTitle(note), [note]);
    }),

  /** Calls again for one result; the answers before stay. */
  runAgain: procedure.input(at.extend({ address: z.string() })).mutation(async ({ ctx, input }) => {
    const notebook = await live(ctx, input);
    const run = await notebook.show(`${input.address} again`, (options) =>
      notebook.session.runAgain(input.address, options),
    );
    return { run: run.id };
  }),

  alternatives: procedure
    .input(at.extend({ address: z.string() }))
    .query(async ({ ctx, input }) => (await live(ctx, input)).session.alternatives(input.address)),

  choose: procedure
    .input(at.extend({ address: z.string(), answer: z.string().nullable() }))
    .mutation(async ({ ctx, input }) => {
      const notebook = await live(ctx, input);
      await notebook.session.choose(input.address, input.answer);
      notebook.feed.changed();
    }),

  waits: procedure.input(at).query(async ({ ctx, input }) => (await live(ctx, input)).session.waits()),

  /** Asks that nothing more is answered of the batch an address waits for. */
  cancelBatch: procedure
    .input(at.extend({ address: z.string() }))
    .mutation(async ({ ctx, input }) => (await live(ctx, input)).session.cancelBatch(input.address)),

  /** Continues what waits at an address: agrees to a licence, gives a budget, or looks whether a batch is answered. */
  resume: procedure.input(at.extend({ address: z.string(), value: datum })).mutation(async ({ ctx, input }) => {
    const notebook = await live(ctx, input);
    const run = await notebook.show(`going on at ${input.address}`, (options) =>
      notebook.session.resume(input.address, input.value, options),
    );
    return { run: run.id };
  }),

  /** The whole value at an address, of which a page is sent only the beginning unasked. */
  value: procedure
    .input(at.extend({ address: z.string() }))
    .query(async ({ ctx, input }) => shownValue(input.address, (await live(ctx, input)).session.state, ctx.runtime)),

  /** Everything that is known of one result: what was sent for it, the raw answer, tokens, times, price; null where it is no longer there, as when its row went from the file. */
  result: procedure
    .input(at.extend({ address: z.string() }))
    .query(async ({ ctx, input }) => (await live(ctx, input)).session.result(input.address)),

  /** The texts a cell had when it was run, with what came of each. */
  history: procedure
    .input(at.extend({ cell: z.string() }))
    .query(async ({ ctx, input }) =>
      cellHistory(input.cell, (await live(ctx, input)).session.state, ctx.runtime.store),
    ),

  /** Rows of a table that is a result, or that a chart shows. */
  tableRows: procedure
    .input(at.extend({ address: z.string(), from: z.number().int().nonnegative(), to: z.number().int().positive() }))
    .query(async ({ ctx, input }) => {
      const value = await shownValue(input.address, (await live(ctx, input)).session.state, ctx.runtime);
      const table = value.type === "table" ? value.value : value.type === "chart" ? value.value.table : null;
      if (table === null)
        throw new SheafError("api.no-table", `${input.address} has no table to show rows of`, {
          cure: "Run it first.",
        });
      const count = Math.min(input.to - input.from, 1_000);
      return ctx.runtime.tables.rows(table, input.from, count);
    }),
});

/** Inputs of a request as those of a run are recorded. */
function recordedInputs(json: string): Datum {
  const given = JSON.parse(json, exactInteger) as { readonly [name: string]: Datum };
  return Object.fromEntries(Object.entries(given).map(([name, value]) => [name, { hash: "", value }]));
}
