import { basename } from "node:path";
import { z } from "zod";
import { SheafError } from "#server/notebook/sheaf-error.ts";
import type { ChatModelFile } from "./model-file.ts";
import { ownModelName } from "./own-models.ts";

/** A GGUF file at Hugging Face. */
export interface HubFile {
  readonly repository: string;
  /** Its path in the repository. */
  readonly file: string;
}

/** What `OWNER/REPOSITORY/FILE.gguf` names; null for a name of another shape. */
export function hubFileOf(name: string): HubFile | null {
  const found = /^((?!local\/)[\w.-]+\/[\w.-]+)\/((?:[\w.+ -]+\/)*[\w.+ -]+\.gguf)$/i.exec(name);
  if (found === null || name.split("/").some((part) => /^\.+$/.test(part))) return null;
  return { repository: found[1]!, file: found[2]! };
}

const answer = z.array(
  z.object({
    path: z.string(),
    lfs: z.object({ oid: z.string().regex(/^[0-9a-f]{64}$/), size: z.number().int().positive() }).optional(),
  }),
);

/**
 * The SHA-256 and the size of a file as Hugging Face has it on its main branch. Rejects with `model.not-fetched` where it does not
 * say. Source: Hugging Face's "Hub API Endpoints", `POST /api/models/{repository}/paths-info/{revision}`.
 */
async function hubFacts(
  { repository, file }: HubFile,
  base: string,
  fetch: typeof globalThis.fetch,
  signal?: AbortSignal,
): Promise<{ readonly sha256: string; readonly bytes: number }> {
  const fail = (reason: string, cause?: unknown): SheafError =>
    new SheafError("model.not-fetched", `${repository}/${file} could not be fetched: ${reason}`, {
      cure: "Check the name on huggingface.co, as OWNER/REPOSITORY/FILE.gguf. A file whose terms are agreed to there is put into the workspace's folder models by hand.",
      cause,
    });
  const limit = AbortSignal.timeout(10_000);
  const response = await fetch(`${base}/api/models/${repository}/paths-info/main`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ paths: [file] }),
    signal: signal === undefined ? limit : AbortSignal.any([signal, limit]),
  }).catch((thrown: unknown) => {
    signal?.throwIfAborted();
    throw fail("Hugging Face does not answer", thrown);
  });
  if (!response.ok) throw fail(`Hugging Face says HTTP ${response.status} of ${repository}`);
  const said = answer.safeParse(await response.json().catch(() => null));
  if (!said.success) throw fail("what Hugging Face says of it is not understood");
  const found = said.data.find(({ path }) => path === file);
  if (found?.lfs === undefined) throw fail("it is no file of weights there");
  return { sha256: found.lfs.oid, bytes: found.lfs.size };
}

/** What there is to know of a file at Hugging Face before it is fetched; the rest stands in it. */
export async function hubModel(
  hub: HubFile,
  base: string,
  fetch: typeof globalThis.fetch,
  signal?: AbortSignal,
): Promise<ChatModelFile> {
  const file = basename(hub.file);
  return {
    ...(await hubFacts(hub, base, fetch, signal)),
    kind: "chat",
    style: "instruct",
    name: ownModelName(file),
    title: file,
    file,
    contextLength: 0,
    licence: { title: "", url: `${base}/${hub.repository}` },
    sources: [{ type: "hugging-face", repository: hub.repository, revision: "main", file: hub.file }],
  };
}
