import { z } from "zod";
import type { ModelFileProgress } from "#server/models/files/model-file.ts";
import type { ProviderList } from "#server/models/lists/model-lists.ts";
import { placeOf } from "#server/models/call-history.ts";
import type { PlannedCall } from "#server/notebook/cell-kind.ts";
import type { CallFacts } from "#server/notebook/services.ts";
import type { Estimate } from "#server/runner/estimate.ts";
import type { Runtime } from "#server/runner/runtime.ts";
import { SheafError, toCellError } from "#server/notebook/sheaf-error.ts";
import type { CellError } from "#server/notebook/value.ts";
import type { KnownCapabilities } from "#server/models/capabilities/known-capabilities.ts";
import { capabilitiesSchema } from "#server/models/capabilities/capabilities-schema.ts";
import { newestNews } from "#server/workbench/newest-news.ts";
import { isAskedByItself } from "#server/runner/ask-for-lists.ts";
import { keyFrom } from "#server/runner/key-from.ts";
import { procedure, router } from "./procedures.ts";
import { lastCalls, modelsOfProvider, namedModels } from "./provider-models.ts";

const named = z.strictObject({ model: z.string().min(1).max(300) });

const ofProvider = z.strictObject({ provider: z.string().min(1).max(200) });

const ofEndpoint = z.strictObject({ name: z.string().min(1).max(200) });

const keyOf = z.strictObject({ variable: z.string().min(1).max(200) });
/** One key, or several with commas between them. */
const secret = z
  .string()
  .max(10_000)
  .regex(
    /^\s*[\x21-\x7E]+(?:[\s,]+[\x21-\x7E]+)*\s*$/,
    "a key has no other signs than letters, digits and punctuation",
  );

const embeds: KnownCapabilities = { capabilities: { embeddings: true }, saidBy: { embeddings: "file" }, sources: {} };

const tried = named.extend({ text: z.string().min(1).max(2_000) });

const testCallAddress = { cell: "test-call", at: {} } as const;

function testCall({ model, text }: z.infer<typeof tried>, { modelFiles }: Pick<Runtime, "modelFiles">): PlannedCall {
  const style = modelFiles.models.find(({ name }) => name === model);
  const base = style?.kind === "chat" && style.style === "base";
  return {
    model,
    ...(base ? { messages: [], completion: text } : { messages: [{ role: "user", content: text }] }),
    parameters: { max_tokens: 60 },
    repeat: 0,
  };
}

/** What came of asking a provider for its models, without them. */
export type ListState = (Omit<ProviderList, "models"> & { readonly count: number }) | null;

function listState(list: ProviderList | null): ListState {
  if (list === null) return null;
  const { models, ...state } = list;
  return { ...state, count: models.length };
}

/** How a fetch goes on, and how it ends. */
export type PullEvent =
  | ({ readonly type: "progress" } & ModelFileProgress)
  | { readonly type: "done" }
  | { readonly type: "failed"; readonly error: CellError };

/** Models: the files of local ones, their terms, the providers, and a call to try one. */
export const modelsRouter = router({
  list: procedure.query(async ({ ctx }) => {
    const calls = await lastCalls(ctx.runtime);
    return {
      local: await Promise.all(
        (await ctx.runtime.modelFiles.list()).map(async ({ model, state }) => ({
          name: model.name,
          title: model.title,
          kind: model.kind,
          state,
          bytes: model.bytes,
          contextLength: model.contextLength,
          known: model.kind === "chat" ? ctx.runtime.models.known(model.name) : embeds,
          licence: model.licence,
          agreed: model.licence.agreement === undefined || (await ctx.runtime.store.consents.has(model.name)),
        })),
      ),
      localProblems: ctx.runtime.modelFiles.problems.map(toCellError),
      providers: ctx.runtime.models
        .list()
        .filter(({ name }) => name !== "local")
        .map((provider) => ({
          ...provider,
          keyFrom: keyFrom(provider, ctx.runtime.keys),
          list: listState(ctx.runtime.modelLists.of(provider.name)),
          isAskedByItself: isAskedByItself(provider, ctx.runtime),
          calls: calls.get(provider.name) ?? null,
        })),
    };
  }),

  /** The models of providers, one provider after the other, with what is known of each. */
  of: procedure
    .input(z.strictObject({ providers: z.array(z.string().min(1).max(200)).max(100) }))
    .query(async ({ ctx, input }) => {
      const calls = await lastCalls(ctx.runtime);
      return (await Promise.all(input.providers.map((name) => modelsOfProvider(ctx.runtime, name, calls)))).flat();
    }),

  /** The models that can be named now, local ones apart; providers that were not asked for a day are asked. */
  named: procedure.query(async ({ ctx }) => namedModels(ctx.runtime)),

  /** What is known of models by their full names; a name that nobody takes is left out. */
  known: procedure
    .input(z.strictObject({ names: z.array(named.shape.model).max(200) }))
    .query(({ ctx, input }): { readonly [name: string]: KnownCapabilities } =>
      Object.fromEntries(
        input.names.flatMap((name) => {
          try {
            return [[name, ctx.runtime.models.known(name)]];
          } catch {
            // That it is no model is said at the cell that names it.
            return [];
          }
        }),
      ),
    ),

  /** Asks a provider for its models; what came of it, its failure too, stands in the list of providers. */
  ask: procedure.input(ofProvider).mutation(async ({ ctx, input }) => {
    await ctx.runtime.modelLists.ask(input.provider);
  }),

  /** Says what a model can do, before all that others say of it; nothing said is forgotten. */
  say: procedure.input(named.extend({ capabilities: capabilitiesSchema })).mutation(async ({ ctx, input }) => {
    const { ownCapabilities, models } = ctx.runtime;
    // Throws for a name that no provider takes.
    models.chatModel(input.model);
    const { [input.model]: _, ...others } = ownCapabilities.get();
    const said = Object.keys(input.capabilities).length > 0;
    await ownCapabilities.set(said ? { ...others, [input.model]: input.capabilities } : others);
  }),

  /** The OpenAI-compatible servers the workspace has named, as they stand in its file, and what is wrong with that. */
  endpoints: procedure.query(({ ctx }) => ctx.runtime.ownEndpoints.read()),
  /** Names a server, or another address for a name; its models are made anew from the next call on. */
  setEndpoint: procedure
    .input(ofEndpoint.extend({ baseUrl: z.string().max(2_000), keyVariable: z.string().max(200).nullable() }))
    .mutation(({ ctx, input: { name, baseUrl, keyVariable } }) =>
      ctx.runtime.ownEndpoints.set(name, { baseUrl, ...(keyVariable === null ? {} : { keyVariable }) }),
    ),
  removeEndpoint: procedure.input(ofEndpoint).mutation(({ ctx, input }) => ctx.runtime.ownEndpoints.remove(input.name)),

  /** Keeps a key of a provider, encrypted; models have it from the next call on. No answer of this server has it. */
  setKey: procedure.input(keyOf.extend({ key: secret })).mutation(async ({ ctx, input }) => {
    const { keys, models } = ctx.runtime;
    if (!models.list().some(({ keyVariable }) => keyVariable === input.variable))
      throw new SheafError("models.key", `no provider has its key in ${input.variable}`, {
        cure: "Name the variable that the list of providers shows.",
      });
    await keys.set(input.variable, input.key.trim());
  }),

  /** Forgets an entered key. The environment's holds again, where there is one. */
  removeKey: procedure.input(keyOf).mutation(({ ctx, input }) => ctx.runtime.keys.remove(input.variable)),

  /** Agrees to the terms of a local model; nothing is fetched yet. */
  agree: procedure.input(named).mutation(async ({ ctx, input }) => {
    const { name, licence } = ctx.runtime.modelFiles.model(input.model);
    await ctx.runtime.store.consents.give(name, licence.agreement ?? licence.title, ctx.runtime.now());
  }),

  /** Fetches the file of a local model and tells how far it is; whoever stops listening stops the fetch, and the next one goes on from there. */
  pull: procedure.input(named).subscription(async function* ({ ctx, input, signal }): AsyncGenerator<PullEvent> {
    yield* newestNews((tell: (event: PullEvent) => void) =>
      ctx.runtime.modelFiles
        .pull(input.model, {
          ...(signal === undefined ? {} : { signal }),
          onProgress: (progress) => tell({ type: "progress", ...progress }),
        })
        .then(
          (): PullEvent => ({ type: "done" }),
          (thrown: unknown): PullEvent => ({ type: "failed", error: toCellError(thrown) }),
        ),
    );
  }),

  /** One short call, to see that a model answers; it is journaled like any other. */
  tryCall: procedure.input(tried).mutation(async ({ ctx, input, signal }) => {
    const answer = await ctx.runtime.caller.chat(
      {
        ...testCall(input, ctx.runtime),
        address: testCallAddress,
        step: 0,
        ...(signal === undefined ? {} : { signal }),
      },
      { notebook: "", run: "" },
    );
    return { text: answer.text, call: answer.call };
  }),

  /** One short text embedded, to see that a model does; it is booked like any other. */
  tryEmbedding: procedure.input(tried).mutation(async ({ ctx, input: { model, text }, signal }) => {
    const { embeddings, now } = ctx.runtime;
    const sentAt = now();
    // Of a model of this machine nothing is booked.
    const booked: CallFacts[] = [];
    const { vectors, usage } = await embeddings.embed(
      { model, texts: [text], address: testCallAddress, ...(signal === undefined ? {} : { signal }) },
      {
        notebook: "",
        run: "",
        async within(_, send) {
          const facts = await send();
          booked.push(facts);
          return facts;
        },
      },
    );
    const call = booked[0] ?? { key: "", model, usage, cost: 0, latency: now() - sentAt, cached: false };
    return { numbers: vectors[0]!.length, call };
  }),

  /** What that would cost, before it is sent. */
  tryEmbeddingEstimate: procedure.input(tried).query(async ({ ctx, input: { model, text } }): Promise<Estimate> => ({
    known: await ctx.runtime.embeddings.estimate([{ model, texts: 1, characters: text.length, atMost: false }]),
    open: 0,
  })),

  /** What a call to try a model would cost, before it is made. */
  tryEstimate: procedure.input(tried).query(async ({ ctx, input }): Promise<Estimate> => ({
    known: await ctx.runtime.caller.estimate([
      { ...testCall(input, ctx.runtime), place: placeOf("", testCallAddress) },
    ]),
    open: 0,
  })),
});
