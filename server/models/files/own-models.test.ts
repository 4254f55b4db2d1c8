import { createHash } from "node:crypto";
import { mkdir, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { createServer, type RequestListener, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { temporaryFolder, type TemporaryFolder } from "../../../tests/helpers/temporary-folder.ts";
import { tinyModel } from "./__fixtures__/tiny-model.ts";
import type { ModelFile, ModelFileProgress } from "./model-file.ts";
import { createModelFiles, type ModelFilesOptions } from "./model-files.ts";
import type { ModelHeader } from "./model-header.ts";

const content = Buffer.alloc(100_000, "weights ");
const tiny = tinyModel(content);

let temporary: TemporaryFolder;
let folder: string;
let server: Server;
let requests: { url: string }[];
let serve: RequestListener;

beforeEach(async () => {
  temporary = await temporaryFolder();
  folder = temporary.path;
  requests = [];
  serve = (_, response) => response.destroy();
  server = createServer((request, response) => {
    requests.push({ url: request.url! });
    serve(request, response);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
});
afterEach(async () => {
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
  await temporary[Symbol.asyncDispose]();
});

function open(registry: readonly ModelFile[], more: Partial<ModelFilesOptions> = {}) {
  return createModelFiles({
    folders: { workspace: join(folder, "models"), cache: join(folder, "cache"), shipped: join(folder, "shipped") },
    consents: new Set(),
    fetch,
    run: () => Promise.reject(new Error("nothing may be run")),
    registry,
    huggingFace: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    ...more,
  });
}

describe("a GGUF file that somebody puts into the workspace's folder", () => {
  const put = async (file: string, bytes: string): Promise<void> => {
    await mkdir(join(folder, "models"), { recursive: true });
    await writeFile(join(folder, "models", file), bytes);
  };
  const hashOf = (bytes: string): string => createHash("sha256").update(bytes).digest("hex");
  const read: string[] = [];
  const header = async (path: string): Promise<ModelHeader> => {
    read.push(path.slice(path.lastIndexOf("/") + 1));
    const bytes = await readFile(path, "utf8");
    if (!bytes.startsWith("GGUF")) throw new Error("it does not begin with GGUF");
    if (bytes.includes("vision")) return { architecture: "clip", instruct: false };
    return { architecture: "llama", title: "Someone's", contextLength: 2_048, instruct: bytes.includes("template") };
  };
  const openOwn = (more: Partial<ModelFilesOptions> = {}) => open([tiny], { header, ...more });
  beforeEach(() => void (read.length = 0));

  test("is a model by the file's name, with what it says of itself, by its hash, and without being fetched", async () => {
    await put("My Model.Q4_K_M.gguf", "GGUF template");
    await put("base-00001-of-00002.gguf", "GGUF base");
    await put("base-00002-of-00002.gguf", "GGUF rest");
    const files = openOwn();
    expect(files.models).toEqual([tiny]);
    expect(await files.look()).toBe(true);
    expect(files.model("local/my-model.q4_k_m")).toMatchObject({
      kind: "chat",
      style: "instruct",
      title: "Someone's, the file models/My Model.Q4_K_M.gguf",
      sha256: hashOf("GGUF template"),
      bytes: 13,
      contextLength: 2_048,
    });
    expect(files.model("local/base")).toMatchObject({ style: "base", sha256: hashOf("GGUF base") });
    expect(await files.ensure("local/base")).toBe(join(folder, "models/base-00001-of-00002.gguf"));
    expect((await files.list()).map(({ model, state }) => [model.name, state])).toEqual([
      ["local/tiny", "absent"],
      ["local/my-model.q4_k_m", "present"],
      ["local/base", "present"],
    ]);
    expect(requests).toEqual([]);
  });

  test("is read once, and not again by who opens the workspace later", async () => {
    await put("one.gguf", "GGUF");
    const files = openOwn();
    await files.list();
    expect(await files.look()).toBe(false);
    await openOwn().look();
    expect(read).toEqual(["one.gguf"]);
  });

  test("that is replaced is another model, and one that is gone is none: each is said before it answers", async () => {
    let changes = 0;
    const files = openOwn({ onOwnModels: () => (changes += 1) });
    await put("one.gguf", "GGUF");
    await files.look();
    await put("one.gguf", "GGUF and more");
    await expect(files.ensure("local/one")).rejects.toMatchObject({ code: "model.wrong-file" });
    await files.list();
    expect(files.model("local/one").sha256).toBe(hashOf("GGUF and more"));
    await rm(join(folder, "models", "one.gguf"));
    await expect(files.ensure("local/one")).rejects.toMatchObject({
      code: "model.not-fetched",
      message: "models/one.gguf is not there any more",
    });
    await files.list();
    expect(() => files.model("local/one")).toThrow(expect.objectContaining({ code: "model.unknown" }));
    expect(changes).toBe(3);
  });

  test("that is none, or no language model, is said where it is named, and the others are there", async () => {
    await put("page.gguf", "<html>");
    await put("eyes.gguf", "GGUF vision");
    await put("good.gguf", "GGUF");
    await put("readme.md", "GGUF");
    const files = openOwn();
    await files.look();
    expect(files.models.map(({ name }) => name)).toEqual(["local/tiny", "local/good"]);
    expect(() => files.model("local/page")).toThrow(
      expect.objectContaining({
        code: "model.unreadable",
        message: expect.stringContaining("does not begin with GGUF"),
      }),
    );
    expect(() => files.model("local/eyes")).toThrow("it is of the kind clip, which is no language model");
  });

  test("of a model of the registry is that model, with its hash", async () => {
    await put("tiny.gguf", "GGUF");
    const files = openOwn();
    expect(await files.look()).toBe(false);
    await expect(files.path("local/tiny")).rejects.toMatchObject({ code: "model.wrong-file" });
  });
});

describe("a GGUF file of Hugging Face that is pulled by its name", () => {
  const bytes = Buffer.concat([Buffer.from("GGUF"), content]);
  const oid = createHash("sha256").update(bytes).digest("hex");
  const header = async (): Promise<ModelHeader> => ({ architecture: "llama", contextLength: 512, instruct: true });
  /** Says of files what Hugging Face would, and gives them. */
  const hub =
    (said: unknown, given: Buffer = bytes): RequestListener =>
    (request, response) => {
      request.resume();
      if (request.method === "POST") {
        response.writeHead(said === null ? 404 : 200, { "content-type": "application/json" });
        response.end(JSON.stringify(said));
      } else response.end(given);
    };
  const name = "someone/Some-Model-GGUF/q4/Some-Model.Q4.gguf";
  const listed = [
    { type: "file", path: "q4/Some-Model.Q4.gguf", size: bytes.length, oid: "x", lfs: { oid, size: bytes.length } },
  ];

  test("stands in the workspace's folder, is held to the hash it has there, and is a model at once", async () => {
    serve = hub(listed);
    const seen: ModelFileProgress[] = [];
    const files = open([tiny], { header });
    const pulled = await files.pull(name, { onProgress: (progress) => seen.push(progress) });
    expect(pulled).toEqual({ name: "local/some-model.q4", path: join(folder, "models", "Some-Model.Q4.gguf") });
    expect(files.model("local/some-model.q4")).toMatchObject({ sha256: oid, contextLength: 512, style: "instruct" });
    expect(await files.ensure("local/some-model.q4")).toBe(pulled.path);
    expect(requests.map(({ url }) => url)).toEqual([
      "/api/models/someone/Some-Model-GGUF/paths-info/main",
      "/someone/Some-Model-GGUF/resolve/main/q4/Some-Model.Q4.gguf",
    ]);
    expect(seen.at(-1)).toMatchObject({ phase: "verifying", bytes: bytes.length });
    expect((await files.pull(name)).path).toBe(pulled.path);
    expect(requests).toHaveLength(3);
  });

  test.each<[string, string, unknown, Buffer, RegExp]>([
    ["there is none by the name", name, [], bytes, /no file of weights/],
    ["the repository is not for everyone", name, null, bytes, /HTTP 404/],
    ["what it says is not understood", name, { files: [] }, bytes, /not understood/],
    ["other bytes come", name, listed, Buffer.concat([bytes.subarray(1), Buffer.from("!")]), /not the expected one/],
    [
      "it is the name of another model's file",
      "someone/x/tiny.gguf",
      [{ ...listed[0], path: "tiny.gguf" }],
      bytes,
      /local\/tiny/,
    ],
  ])("is not fetched where %s, and nothing is left of it", async (_, named, said, given, words) => {
    serve = hub(said, given);
    await mkdir(join(folder, "models"));
    await expect(open([tiny], { header }).pull(named)).rejects.toThrow(words);
    expect((await readdir(join(folder, "models"))).filter((file) => file.endsWith(".gguf"))).toEqual([]);
  });

  test("does not go over a file that somebody put there", async () => {
    serve = hub(listed);
    await mkdir(join(folder, "models"));
    await writeFile(join(folder, "models", "Some-Model.Q4.gguf"), "GGUF mine");
    await expect(open([tiny], { header }).pull(name)).rejects.toMatchObject({ code: "model.wrong-file" });
    expect(await readFile(join(folder, "models", "Some-Model.Q4.gguf"), "utf8")).toBe("GGUF mine");
  });

  test.each(["local/a/b.gguf", "a/b", "a/../b.gguf", "a/b/../c.gguf", "a/b/c.bin", "https://a/b/c.gguf"])(
    "is not what %s names",
    async (other) => {
      await expect(open([tiny], { header }).pull(other)).rejects.toMatchObject({ code: "model.unknown" });
      expect(requests).toEqual([]);
    },
  );
});
