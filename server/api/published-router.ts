import { mkdir, open } from "node:fs/promises";
import { join } from "node:path";
import { z } from "zod";
import { SheafError, toCellError } from "#server/notebook/sheaf-error.ts";
import type { CellError, Datum } from "#server/notebook/value.ts";
import type { Difference } from "#server/publish/compare-contracts.ts";
import type { Contract } from "#server/publish/contract.ts";
import { draftDifferences } from "#server/publish/draft-differences.ts";
import { publishable, PublishError } from "#server/publish/publishable.ts";
import { requestRows } from "#server/publish/request-rows.ts";
import { suggestedSlug } from "#server/publish/slug.ts";
import { snippets } from "#server/publish/snippets.ts";
import { openPrepared } from "#server/runner/prepared.ts";
import type { Endpoint, EndpointVersion } from "#server/store/store.ts";
import type { ApiContext } from "./context.ts";
import { procedure, router } from "./procedures.ts";
import { notebookPath } from "./schemas.ts";

const slug = z.string().min(1).max(63);
const at = z.strictObject({ slug });

/** A version as a list shows it. */
export interface VersionView {
  readonly version: number;
  readonly note: string | null;
  /** Milliseconds. */
  readonly createdAt: number;
  /** Models by the names the notebook has for them. */
  readonly models: { readonly [name: string]: string };
  readonly datasets: readonly string[];
}

/** What would be published of a notebook as it stands. */
export interface PublishPreview {
  readonly slug: string;
  /** The version that answers under this slug now; null for a slug that is free. */
  readonly live: number | null;
  readonly inputs: readonly { readonly name: string; readonly required: boolean }[];
  readonly outputs: readonly string[];
  /** The cells its outputs need, in an order in which they are computed. */
  readonly cells: readonly string[];
  readonly models: readonly string[];
  readonly datasets: readonly string[];
  /** What callers of the live version would notice; null where nothing is live. */
  readonly differences: readonly Difference[] | null;
  /** Why it is not published, with the errors at their places. */
  readonly problem: CellError | null;
  readonly problems: readonly { readonly line: number; readonly message: string }[];
}

/** Published notebooks: their versions, what callers see of them, and publishing another. */
export const publishedRouter = router({
  list: procedure.query(async ({ ctx }) => {
    const { publications } = ctx.publishing;
    return Promise.all(
      (await publications.list()).map(async (endpoint) => {
        const versions = await publications.versions(endpoint.slug);
        return { ...endpoint, versions: versions.length, publishedAt: versions[0]!.createdAt };
      }),
    );
  }),

  /** One of them as its page shows it. `server` is what stands before `/api` in its address. */
  get: procedure.input(at.extend({ server: z.string().max(300) })).query(async ({ ctx, input }) => {
    const { publications } = ctx.publishing;
    const { notebook, live } = await endpointOf(input.slug, ctx);
    const opened = await attempt(() => publications.open(input.slug));
    return {
      slug: input.slug,
      notebook,
      live,
      contract: opened.value?.contract ?? null,
      /** Why the live version cannot answer any more. */
      problem: opened.problem,
      snippets:
        opened.value == null
          ? null
          : snippets(opened.value.contract, input.slug, input.server, defaultsOf(opened.value.contract)),
      versions: (await publications.versions(input.slug)).map(versionView),
      requests: (await ctx.runtime.store.requests.list(input.slug, 20)).map(
        ({ id, version, status, startedAt, endedAt, cost, callsMade, callsCached, inputs }) => ({
          ...{ id, version, status, startedAt, endedAt, cost, callsMade, callsCached },
          inputs: inputs.slice(0, 500),
        }),
      ),
    };
  }),

  /** What callers would notice if the notebook were published as it stands. */
  draft: procedure.input(at).query(async ({ ctx, input }) => {
    const { notebook, live } = await endpointOf(input.slug, ctx);
    const { session } = await ctx.notebooks.open(notebook);
    const { text } = session.state.notebook;
    const published = await ctx.runtime.store.endpoints.version(input.slug, live);
    if (published?.text === text) return { isSame: true, differences: [] };
    return {
      isSame: false,
      differences: (await draftDifferences(input.slug, text, ctx.publishing.publications, ctx.runtime)) ?? [],
    };
  }),

  /** What would be published of a notebook, under the slug it has already or its file name suggests where none is given. */
  preview: procedure
    .input(z.strictObject({ path: notebookPath, slug: slug.optional() }))
    .query(async ({ ctx, input: { path, slug: wanted } }): Promise<PublishPreview> => {
      const { runtime, publishing } = ctx;
      const text = await textOf(path, ctx);
      const known = await publishing.publications.list();
      const chosen = wanted ?? known.find(({ notebook }) => notebook === path)?.slug ?? suggestedSlug(path);
      const live = known.find((endpoint) => endpoint.slug === chosen);
      const { notebook, graph, plan } = await openPrepared(runtime, { path, text });
      const kept = await attempt(() => publishable(path, text, runtime));
      const compared =
        kept.problem !== null || live === undefined
          ? null
          : await attempt(() => draftDifferences(chosen, text, publishing.publications, runtime));
      return {
        slug: chosen,
        live: live?.live ?? null,
        inputs: notebook.front.inputs.map(({ name, default: value }) => ({ name, required: value === undefined })),
        outputs: graph.front.outputs,
        cells: plan.steps.map(({ node }) => node),
        models: [...new Set(Object.values(kept.value?.models ?? {}).map(({ model }) => model))],
        datasets: (kept.value?.datasets ?? []).map((dataset) => dataset.path),
        differences: compared?.value ?? null,
        problem: kept.problem ?? compared?.problem ?? null,
        problems: kept.problems,
      };
    }),

  /** Publishes a notebook as it stands, and makes it live. */
  publish: procedure
    .input(z.strictObject({ path: notebookPath, slug, note: z.string().max(2_000).optional() }))
    .mutation(async ({ ctx, input: { path, slug: chosen, note } }) => {
      const made = await ctx.publishing.publications.publish({
        notebook: path,
        text: await textOf(path, ctx),
        slug: chosen,
        ...(note === undefined || note === "" ? {} : { note }),
      });
      return { slug: made.slug, version: made.version };
    }),

  /** Makes a dataset of the requests that have ended, under a free name; gives its path below `datasets/` and how many rows it has. */
  keepRequests: procedure.input(at).mutation(async ({ ctx, input }) => {
    await endpointOf(input.slug, ctx);
    const rows = requestRows(await ctx.runtime.store.requests.list(input.slug, mostRequests));
    if (rows.length === 0)
      throw new SheafError("publish.no-requests", `nobody has had an answer of ${input.slug} yet`, {
        cure: "Try it on its page, or call it.",
      });
    return { path: await newDataset(`${input.slug}-requests`, `${rows.join("\n")}\n`, ctx), rows: rows.length };
  }),

  /** Makes another version the one that answers. */
  makeLive: procedure
    .input(at.extend({ version: z.number().int().positive() }))
    .mutation(({ ctx, input }) => ctx.publishing.publications.makeLive(input.slug, input.version)),
});

/** The most requests a dataset is made of: the latest. */
const mostRequests = 100_000;

/** Writes a dataset under a name nobody has; gives its path. */
async function newDataset(name: string, text: string, { runtime }: ApiContext): Promise<string> {
  const { datasets } = runtime.workspace;
  await mkdir(datasets, { recursive: true });
  for (let number = 1; ; number += 1) {
    const path = `${name}${number === 1 ? "" : `-${number}`}.jsonl`;
    try {
      await using file = await open(join(datasets, path), "wx");
      await file.writeFile(text);
      return path;
    } catch (thrown) {
      if ((thrown as NodeJS.ErrnoException).code !== "EEXIST") throw thrown;
    }
  }
}

async function textOf(path: string, { notebooks }: ApiContext): Promise<string> {
  return (await notebooks.open(path)).session.state.notebook.text;
}

async function endpointOf(name: string, { runtime }: ApiContext): Promise<Endpoint> {
  const endpoint = await runtime.store.endpoints.get(name);
  if (endpoint !== null) return endpoint;
  throw new SheafError("publish.unknown", `nothing is published as ${name}`, {
    cure: "Look in the list of what is published.",
  });
}

/** The defaults a caller may see: an example that says something. */
function defaultsOf({ inputs }: Contract): { readonly [input: string]: Datum } {
  return Object.fromEntries(
    inputs.flatMap(({ name, schema: { default: value } }) => (value === undefined ? [] : [[name, value]])),
  );
}

function versionView({ version, note, createdAt, models, datasets }: EndpointVersion): VersionView {
  return {
    version,
    note,
    createdAt,
    models: Object.fromEntries(Object.entries(models).map(([name, { model }]) => [name, model])),
    datasets: datasets.map(({ path }) => path),
  };
}

/** Runs something whose refusal is part of the answer. */
async function attempt<Of>(work: () => Promise<Of>): Promise<{
  readonly value: Of | null;
  readonly problem: CellError | null;
  readonly problems: PublishPreview["problems"];
}> {
  try {
    return { value: await work(), problem: null, problems: [] };
  } catch (thrown) {
    if (!(thrown instanceof SheafError)) throw thrown;
    const problems = thrown instanceof PublishError ? thrown.problems : [];
    return {
      value: null,
      problem: toCellError(thrown),
      problems: problems.map(({ position, message }) => ({ line: position.line, message })),
    };
  }
}
