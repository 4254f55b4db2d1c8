import { hash, randomUUID } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { z } from "zod";
import type { Effect } from "#server/notebook/cell-kind.ts";
import type { Node } from "#server/notebook/graph-node.ts";
import { usePlatformSha256 } from "#server/notebook/hash.ts";
import type { FrontMatter } from "#server/notebook/notebook.ts";
import type { Services } from "#server/notebook/services.ts";
import { createCallHistory } from "#server/models/call-history.ts";
import { createCaller, type Caller } from "#server/models/caller.ts";
import { createCalling } from "#server/models/calling/create-calling.ts";
import { ownLimits } from "#server/models/calling/own-limits.ts";
import { systemTimers } from "#server/models/calling/timers.ts";
import { createEmbeddingCaller, type EmbeddingCaller } from "#server/models/embedding-caller.ts";
import { createFreeAnswerCounter } from "#server/models/free-answers.ts";
import { capabilitiesSchema } from "#server/models/capabilities/capabilities-schema.ts";
import { createBatchDesk, type BatchDesk } from "#server/models/batches/batch-desk.ts";
import { createModelFiles, type ModelFiles } from "#server/models/files/model-files.ts";
import type { ModelFile, ModelFileProgress } from "#server/models/files/model-file.ts";
import { runCommand } from "#server/models/files/run-command.ts";
import { createModels, type Models } from "#server/models/index.ts";
import { modelKind } from "#server/models/model-kind.ts";
import { createModelLists, readKeptLists, type ModelLists } from "#server/models/lists/model-lists.ts";
import { createLightFetch } from "#server/models/light-fetch.ts";
import { callModels, createModelsChild, createVectorSearch } from "#server/models/local-child.ts";
import { createLocalProvider } from "#server/models/local.ts";
import type { Capabilities } from "#server/models/model.ts";
import { createModelCatalogue, type ModelCatalogue } from "#server/models/model-catalogue.ts";
import { hasOwnPrice } from "#server/models/own-rates.ts";
import { endpointFault, endpointOrigin } from "#server/models/own-endpoints.ts";
import { createPrices } from "#server/models/prices.ts";
import { createTokenCounter } from "#server/models/token-counter.ts";
import { createRetrieval, type Retrieval } from "#server/retrieval/retrieval.ts";
import { openSandbox } from "#server/sandbox/sandbox.ts";
import { openKeptJson, type KeptJson } from "#server/store/kept-json.ts";
import { keepFile, readKept } from "#server/store/keep-file.ts";
import { openKeptKeys, type KeptKeys } from "#server/store/kept-keys.ts";
import { openModelEndpointFile, type ModelEndpointFile } from "#server/store/model-endpoint-file.ts";
import { openPriceFile, type PriceFile } from "#server/store/price-file.ts";
import { openStores } from "#server/store/open-stores.ts";
import { readSynchronous } from "#server/store/synchronous.ts";
import { openWorkspace, type Workspace } from "#server/store/open-workspace.ts";
import type { Journal } from "#server/store/journal.ts";
import type { Results, Store } from "#server/store/store.ts";
import { openTables } from "#server/tables/index.ts";
import { queryDeadline } from "#server/tables/query-deadline.ts";
import type { Tables } from "#server/tables/tables.ts";
import { createCallLedger, type CallLedger } from "./call-ledger.ts";
import { createCellGrants, type CellGrants } from "./cell-grants.ts";
import { masterKeyFile, withKeptKeys } from "./kept-environment.ts";
import { nodeUse, type NodeUse } from "./node-use.ts";
import { createRetention, type Retention } from "./retention.ts";
import { createWorkspaceBudgets, type WorkspaceBudgets } from "./workspace-budgets.ts";

/** Everything real behind the cells of a workspace: opened once, closed at the end. */
export interface Runtime {
  readonly workspace: Workspace;
  readonly tables: Tables;
  readonly store: Store;
  readonly results: Results;
  readonly journal: Journal;
  readonly caller: Caller;
  readonly embeddings: EmbeddingCaller;
  readonly retrieval: Retrieval;
  readonly ledger: CallLedger;
  readonly retention: Retention;
  readonly batches: BatchDesk;
  readonly models: Models;
  /** The models that providers listed, and what is known of each. */
  readonly modelLists: ModelLists;
  readonly catalogue: ModelCatalogue;
  /** What the workspace says of models by their full names: it goes before what anybody else says. */
  readonly ownCapabilities: KeptJson<{ readonly [model: string]: Capabilities }>;
  /** Keys of providers that people entered; models have one that is changed from the next call on. */
  readonly keys: EnteredKeys;
  readonly modelFiles: ModelFiles;
  readonly services: Services;
  /** What the cells of a notebook may spend without being asked. */
  cellGrants(notebook: string): CellGrants;
  /** The version of the list of prices, and of the workspace's own. */
  readonly prices: string;
  /** The OpenAI-compatible servers the workspace has named. */
  readonly ownEndpoints: ModelEndpointFile;
  /** The workspace's own prices. */
  readonly ownPrices: PriceFile;
  /** What may be spent in all. */
  readonly budgets: WorkspaceBudgets;
  /** What running a node does by its models. */
  useOf(node: Node, front: FrontMatter): NodeUse;
  /** Its effect: a prompt is paid for where one of its models is. */
  effectOf(node: Node, front: FrontMatter): Effect;
  now(): number;
  newId(): string;
  close(): Promise<void>;
}

/** The keys people entered: one of a server the workspace has named is for where that is when it is entered. */
export interface EnteredKeys extends Pick<KeptKeys, "remove"> {
  /** `isHere`: whether it may go to where its variable's provider is now. */
  list(): readonly { readonly variable: string; readonly readable: boolean; readonly isHere: boolean }[];
  set(variable: string, key: string): Promise<void>;
}

export interface RuntimeSettings {
  readonly folder: string;
  readonly environment: { readonly [name: string]: string | undefined };
  /** Whether it is a server's, which other processes have work done by. */
  readonly served?: boolean;
  readonly fetch?: typeof fetch;
  readonly now?: () => number;
  readonly newId?: () => string;
  readonly onModelFile?: (progress: ModelFileProgress) => void;
  /** The models there are files of; those this release knows where nothing is given. */
  readonly modelRegistry?: readonly ModelFile[];
}

usePlatformSha256((data) => hash("sha256", data));

const { dependencies } = JSON.parse(readFileSync(new URL("../../package.json", import.meta.url), "utf8")) as {
  readonly dependencies: { readonly [name: string]: string };
};
const pricesVersion = `genai-prices ${dependencies["@pydantic/genai-prices"] ?? "unknown"}`;

const noEndpoints = {};
const shippedModels = fileURLToPath(new URL("../../public/models", import.meta.url));

/** Opens a workspace's stores and processes. Processes start when first needed. Rejects with `store.*` where the folder cannot be used. */
export async function openRuntime(settings: RuntimeSettings): Promise<Runtime> {
  const { environment, now = Date.now, newId = randomUUID, fetch = globalThis.fetch } = settings;
  const workspace = await openWorkspace(settings.folder);
  const stores = await openStores(workspace, { synchronous: readSynchronous(environment["SHEAF_SYNCHRONOUS"]) });
  const { store, results, journal } = stores;
  const opened = openTables(
    { files: join(workspace.state, "tables"), cache: workspace.cache, datasets: workspace.datasets },
    { deadline: queryDeadline(environment["SHEAF_SQL_SECONDS"]) },
  );
  const free = createFreeAnswerCounter((answers) => journal.addFree(answers));
  const ledger = createCallLedger(journal, opened.calls, { flush: free.flush });
  // Who reads the calls as a table gets them as the journal has them then.
  const tables: Tables = { ...opened, calls: { ...opened.calls, table: ledger.table } };
  const sandbox = openSandbox({ rows: (table, offset, limit) => tables.rows(table, offset, limit) });
  const child = createModelsChild(environment);
  const modelFiles = createModelFiles({
    folders: { workspace: workspace.models, cache: join(workspace.cache, "models"), shipped: shippedModels },
    consents: store.consents,
    fetch,
    run: runCommand,
    ...(environment["HF_ENDPOINT"] ? { huggingFace: environment["HF_ENDPOINT"].replace(/\/+$/, "") } : {}),
    // A model is made with its file's hash.
    onOwnModels: () => models.forget(),
    header: (file, signal) => callModels(child, "header", { file }, signal === undefined ? {} : { signal }),
    ...(settings.modelRegistry === undefined ? {} : { registry: settings.modelRegistry }),
    ...(settings.onModelFile === undefined ? {} : { onProgress: settings.onModelFile }),
  });
  const kept = await openKeptKeys({
    keys: join(workspace.state, "keys.json"),
    masterKey: masterKeyFile(environment, workspace.state),
  });
  const ownCapabilities = await openKeptJson({
    file: join(workspace.state, "models.json"),
    read: (json) => z.record(z.string(), capabilitiesSchema).parse(json),
    empty: {},
    what: "what this workspace says of models",
  });
  const keptLists = await openKeptJson({
    file: join(workspace.cache, "model-lists.json"),
    read: readKeptLists,
    empty: {},
  });
  const modelLists = createModelLists({
    ask: (provider, signal) => models.ask(provider, signal),
    addressOf: (provider) => models.list().find(({ name }) => name === provider)?.baseUrl ?? null,
    kept: keptLists,
    clock: now,
  });
  const ownEndpoints = openModelEndpointFile(
    join(workspace.folder, "endpoints.yaml"),
    (own, limited) => endpointFault(own, limited, environment),
    now,
  );
  const originOf = (variable: string): string | null =>
    endpointOrigin(ownEndpoints.read().endpoints ?? noEndpoints, variable);
  const ownPrices = openPriceFile(join(workspace.folder, "prices.yaml"), now);
  const models = createModels(
    {
      environment: withKeptKeys(environment, kept, originOf),
      served: settings.served,
      fetch: settings.fetch ?? createLightFetch(),
      get endpoints() {
        return ownEndpoints.read().endpoints ?? noEndpoints;
      },
      get endpointsProblem() {
        const { endpoints, problem } = ownEndpoints.read();
        return endpoints === null ? problem : null;
      },
      get endpointsFault() {
        return ownEndpoints.read().problem;
      },
    },
    [createLocalProvider({ child, files: modelFiles })],
    {
      own: (name) => ownCapabilities.get()[name],
      listed: (model) => modelLists.capabilities(model),
      hasPrice: (name) => hasOwnPrice(ownPrices.read(), name, now()),
    },
  );
  const [past] = await Promise.all([journal.list({ limit: 1000 }), modelFiles.look()]);
  const keys: EnteredKeys = {
    list: () =>
      kept
        .list()
        .map(({ variable, readable, origin }) => ({ variable, readable, isHere: origin === originOf(variable) })),
    // Models are made with a key.
    set: (variable, key) => kept.set(variable, key, originOf(variable)).then(models.forget),
    remove: (variable) => kept.remove(variable).then(models.forget),
  };
  const prices = createPrices(ownPrices.read);
  const history = createCallHistory(past);
  const budgets = createWorkspaceBudgets(store.budgets, journal, now);
  const calling = createCalling({ timers: systemTimers(now), random: Math.random, ...ownLimits(ownEndpoints.limits) });
  const embeddings = createEmbeddingCaller({
    resolve: (name) => models.embeddingModel(name),
    journal,
    clock: now,
    prices,
    calling,
    budgets,
  });
  const caller = createCaller({
    calling,
    resolve: (name) => models.chatModel(name),
    prices,
    budgets,
    journal,
    clock: now,
    history,
    onFree: free.add,
    countTokens: createTokenCounter({ child, files: modelFiles }),
    files: {
      read: (hash) => readKept(workspace.files, hash),
      keep: (bytes) => keepFile(workspace.files, bytes),
    },
  });
  const retrieval = createRetrieval({
    embeddingModel: (name) => models.embeddingModel(name),
    embed: async (call, context) => (await embeddings.embed(call, context)).vectors,
    search: createVectorSearch(child),
    rows: (table, offset, limit) => tables.rows(table, offset, limit),
    cacheFolder: workspace.cache,
  });
  const services: Services = {
    chat: (call) => caller.chat(call, { notebook: "", run: "" }),
    embed: async (call) => (await embeddings.embed(call, { notebook: "", run: "" })).vectors,
    nearest: (call) => retrieval.nearest(call),
    modelKind: async (name) => modelKind(models, name),
    query: (call) => tables.query(call),
    javascript: (call) => sandbox.javascript(call),
    rows: (table, offset, limit) => tables.rows(table, offset, limit),
    admitted: (table, where, parameters, signal) => tables.admitted(table, where, parameters, signal),
    table: (rows, columns) => tables.fromRows(rows, columns),
    importFile: (path, options) => tables.importFile(path, options),
    importText: (text, format, options) => tables.importText(text, format, options),
  };
  const grants = new Map<string, CellGrants>();
  return {
    workspace,
    tables,
    store,
    results,
    journal,
    caller,
    embeddings,
    retrieval,
    ledger,
    retention: createRetention(journal, now),
    batches: createBatchDesk({
      resolve: (name) => models.chatModel(name),
      journal,
      prices,
      books: budgets,
      history,
      now,
    }),
    models,
    modelLists,
    catalogue: createModelCatalogue({ models, lists: modelLists, prices, clock: now }),
    ownCapabilities,
    keys,
    modelFiles,
    services,
    cellGrants(notebook) {
      const known = grants.get(notebook) ?? createCellGrants(notebook, store.grants, now);
      grants.set(notebook, known);
      return known;
    },
    get prices() {
      const own = ownPrices.version();
      return own === null ? pricesVersion : `${pricesVersion}, prices.yaml ${own}`;
    },
    ownEndpoints,
    ownPrices,
    budgets,
    useOf: (node, front) => nodeUse(node, front, models),
    effectOf: (node, front) => nodeUse(node, front, models).effect,
    now,
    newId,
    async close() {
      await Promise.all([caller.settled(), embeddings.settled()]);
      retrieval.close();
      await Promise.all([sandbox.close(), child.close(), tables.close()]);
      try {
        await free.flush();
      } finally {
        await stores.close();
      }
    },
  };
}
