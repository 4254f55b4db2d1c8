import { readdir, stat } from "node:fs/promises";
import { basename, join } from "node:path";
import { SheafError } from "#server/notebook/sheaf-error.ts";
import type { ChatModelFile } from "./model-file.ts";
import type { ModelHeader } from "./model-header.ts";
import type { OfFile } from "./remembered.ts";

export interface OwnModelsOptions {
  readonly folder: string;
  /** Names and files that are taken: those of models this release knows. */
  readonly taken: ReadonlySet<string>;
  readonly hash: OfFile<string>;
  readonly header: OfFile<ModelHeader>;
}

/** The language models of which people have put a file into the workspace's folder. */
export interface OwnModels {
  /** Those of the last look, by name. */
  readonly models: readonly ChatModelFile[];
  /** Why files there are no models that can be used, by the names they would have. */
  readonly problems: ReadonlyMap<string, SheafError>;
  /** Looks at the folder, and says whether there are others than before. A new file is read whole once, for its hash. */
  look(): Promise<boolean>;
}

/** The parts of a model that is cut in several files but for the first, which stands for all. */
const laterPart = /-(?!00001)\d{5}-of-\d{5}\.gguf$/i;

/** `local/` and the file's name in lower case, with what no name has as a hyphen. */
export function ownModelName(file: string): string {
  const plain = basename(file)
    .replace(/(?:-00001-of-\d{5})?\.gguf$/i, "")
    .toLowerCase();
  return `local/${plain.replaceAll(/[^a-z0-9._-]+/g, "-")}`;
}

export function createOwnModels({ folder, taken, hash, header }: OwnModelsOptions): OwnModels {
  let models: readonly ChatModelFile[] = [];
  let problems = new Map<string, SheafError>();
  let looking: Promise<boolean> | undefined;

  async function read(file: string): Promise<ChatModelFile> {
    const path = join(folder, file);
    const { architecture, title = file, licence, contextLength, instruct } = await header(path);
    if (contextLength === undefined || /bert|^clip$/.test(architecture))
      throw new Error(`it is of the kind ${architecture}, which is no language model`);
    return {
      kind: "chat",
      style: instruct ? "instruct" : "base",
      name: ownModelName(file),
      title: `${title}, the file models/${file}`,
      file,
      sha256: await hash(path),
      bytes: (await stat(path)).size,
      contextLength,
      licence: { title: licence ?? "its file names no licence", url: "" },
      sources: [],
    };
  }

  async function look(): Promise<boolean> {
    const files = (await readdir(folder).catch(() => []))
      .filter((file) => /\.gguf$/i.test(file) && !laterPart.test(file))
      .filter((file) => !taken.has(file) && !taken.has(ownModelName(file)))
      .sort();
    const wrong = new Map<string, SheafError>();
    const found: ChatModelFile[] = [];
    for (const file of files) {
      try {
        found.push(await read(file));
      } catch (thrown) {
        const reason = thrown instanceof Error ? thrown.message : String(thrown);
        wrong.set(
          ownModelName(file),
          new SheafError("model.unreadable", `models/${file} is no model that can be used: ${reason}`, {
            cure: "Put a language model in GGUF format there, whole.",
            cause: thrown,
          }),
        );
      }
    }
    const key = (all: readonly ChatModelFile[]): string => all.map(({ name, sha256 }) => `${name} ${sha256}`).join();
    const isOther = key(found) !== key(models);
    models = found;
    problems = wrong;
    return isOther;
  }

  return {
    get models() {
      return models;
    },
    get problems() {
      return problems;
    },
    look() {
      looking ??= look().finally(() => (looking = undefined));
      return looking;
    },
  };
}
