import { mkdir, readFile, rmdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { endpointFault } from "#server/models/own-endpoints.ts";
import { temporaryFolder } from "../../tests/helpers/temporary-folder.ts";
import { openModelEndpointFile, type ModelEndpointFile } from "./model-endpoint-file.ts";

async function inFolder(
  work: (path: string, file: ModelEndpointFile, clock: { now: number }) => Promise<void>,
): Promise<void> {
  await using folder = await temporaryFolder();
  const path = join(folder.path, "endpoints.yaml");
  const clock = { now: 0 };
  const file = openModelEndpointFile(
    path,
    (own, limited) => endpointFault(own, limited, {}),
    () => clock.now,
  );
  await work(path, file, clock);
}

test("what people write is read, and read again when it changes", () =>
  inFolder(async (path, file, clock) => {
    expect(file.read()).toEqual({ endpoints: {}, problem: null });
    await writeFile(path, "gpu:\n  url: http://192.168.1.20:8000/v1/\n  key: GPU_API_KEY\n");
    expect(file.read().endpoints).toEqual({});
    clock.now += 1_000;
    const { endpoints } = file.read();
    expect(endpoints).toEqual({ gpu: { baseUrl: "http://192.168.1.20:8000/v1", keyVariable: "GPU_API_KEY" } });
    clock.now += 1_000;
    expect(file.read().endpoints).toBe(endpoints);
  }));

test("a file that could not be read for a while is as it was when it can be again", () =>
  inFolder(async (path, file, clock) => {
    expect(file.read()).toEqual({ endpoints: {}, problem: null });
    await mkdir(path);
    clock.now += 1_000;
    expect(file.read()).toEqual({ endpoints: {}, problem: expect.objectContaining({ code: expect.any(String) }) });
    await rmdir(path);
    clock.now += 1_000;
    expect(file.read()).toEqual({ endpoints: {}, problem: null });
  }));

test("what is set keeps what people wrote around it", () =>
  inFolder(async (path, file) => {
    await writeFile(path, "# ours\ngpu: { url: http://192.168.1.20:8000/v1 } # in the cellar\n");
    await file.set("ollama", { baseUrl: "http://192.168.1.21:11434/v1" });
    await file.set("hosted", { baseUrl: "https://models.example/v1", keyVariable: "HOSTED_API_KEY" });
    await file.remove("ollama");
    expect(await readFile(path, "utf8")).toBe(
      "# ours\ngpu: { url: http://192.168.1.20:8000/v1 } # in the cellar\nhosted:\n  url: https://models.example/v1\n  key: HOSTED_API_KEY\n",
    );
    expect(Object.keys(file.read().endpoints!)).toEqual(["gpu", "hosted"]);
  }));

test("limits stand beside an address, and alone under the name of a provider or a known endpoint", () =>
  inFolder(async (path, file) => {
    await writeFile(
      path,
      "gpu: { url: http://x/v1, concurrency: 4, firstPartSeconds: 300 }\nopenai: { requestsPerMinute: 500, attempts: 2 }\nollama:\n  concurrency: 1\n",
    );
    expect(file.read()).toEqual({ endpoints: { gpu: { baseUrl: "http://x/v1" } }, problem: null });
    expect(["gpu", "openai", "ollama", "groq"].map(file.limits)).toEqual([
      { concurrency: 4, firstPartSeconds: 300 },
      { requestsPerMinute: 500, attempts: 2 },
      { concurrency: 1 },
      {},
    ]);
  }));

test("what is set leaves the limits of its name as they are", () =>
  inFolder(async (path, file) => {
    await writeFile(
      path,
      "gpu: { url: http://x/v1, key: GPU_API_KEY, concurrency: 4 } # ours\nollama: { concurrency: 1 }\n",
    );
    await file.set("gpu", { baseUrl: "http://y/v1" });
    await file.set("ollama", { baseUrl: "http://z/v1" });
    expect(await readFile(path, "utf8")).toBe(
      "gpu: { url: http://y/v1, concurrency: 4 } # ours\nollama: { concurrency: 1, url: http://z/v1 }\n",
    );
  }));

test("what is set after all was taken away stands in lines of its own", () =>
  inFolder(async (path, file) => {
    await file.set("gpu", { baseUrl: "http://192.168.1.20:8000/v1" });
    await file.remove("gpu");
    expect(file.read()).toEqual({ endpoints: {}, problem: null });
    await file.set("gpu", { baseUrl: "http://192.168.1.21:8000/v1" });
    expect(await readFile(path, "utf8")).toMatch(/^#.*\n\ngpu:\n {2}url: http:\/\/192\.168\.1\.21:8000\/v1\n$/);
  }));

test.each([
  ["no YAML", "gpu: { url: http://x/v1 }\nbad: [\n", /^endpoints\.yaml, line \d: /],
  ["a name with a slash", "gpu: { url: http://x/v1 }\na/b: { url: http://x/v1 }\n", /, line 2: "a\/b" is no name/],
  ["a provider's name", "openai:\n  url: http://x/v1\n", /, line 1: openai is a provider of its own/],
  ["no address", "gpu:\n\n  url: ftp://x/v1\n", /, line 3: ftp:\/\/x\/v1 is no HTTP address/],
  ["a password in the address", "gpu:\n  url: http://me:secret@x/v1\n", /, line 2: the address of gpu has more/],
  ["a key that is no variable", "gpu:\n  url: http://x/v1\n  key: sk-1234\n", /, line 3: sk-1234 is no name/],
  ["a secret that is no key", "gpu:\n  url: http://x/v1\n  key: AWS_SECRET_ACCESS_KEY\n", /, line 3: /],
  [
    "a provider's key",
    "gpu:\n  url: http://x/v1\n  key: OPENAI_API_KEY\n",
    /, line 3: .* goes to https:\/\/api.openai.com/,
  ],
  [
    "a known endpoint's key",
    "groq:\n  url: http://x/v1\n  key: GROQ_API_KEY\n",
    /, line 3: .* goes to https:\/\/api.groq/,
  ],
  [
    "one key for two hosts",
    "a: { url: https://a.example/v1, key: A_API_KEY }\nb: { url: https://b.example/v1, key: A_API_KEY }\n",
    /, line 2: the key in A_API_KEY goes to https:\/\/a\.example/,
  ],
  ["a member too many", "gpu:\n  url: http://x/v1\n  model: m\n", /, line 1: gpu .*model/],
  ["a limit that is no number", "gpu:\n  url: http://x/v1\n  concurrency: many\n", /, line 3: gpu\.concurrency /],
  ["places for nobody", "ollama:\n  concurrency: 0\n", /, line 2: ollama\.concurrency /],
  ["limits of what has no address", "local: { concurrency: 1 }\n", /, line 1: local\.url is missing/],
  [
    "limits and the address of a provider",
    "openai: { url: http://x/v1, attempts: 1 }\n",
    /, line 1: openai is a provider/,
  ],
  ["an address left out", "gpu:\n  key: GPU_API_KEY\n", /, line 1: gpu\.url/],
])("a file with %s is told with its line and a cure, and what was read before stands", (_, text, told) =>
  inFolder(async (path, file, clock) => {
    await writeFile(path, text);
    const problem = { code: "models.endpoints", message: expect.stringMatching(told), cure: expect.any(String) };
    expect(file.read()).toEqual({ endpoints: null, problem });
    await writeFile(path, "gpu: { url: http://192.168.1.20:8000/v1 }\n");
    clock.now += 1_000;
    const { endpoints } = file.read();
    await writeFile(path, text);
    clock.now += 1_000;
    expect(file.read()).toEqual({ endpoints, problem });
    await expect(file.set("x", { baseUrl: "http://y/v1" })).rejects.toMatchObject({ code: "models.endpoints" });
    expect(await readFile(path, "utf8")).toBe(text);
  }),
);

test("what cannot be an endpoint is refused, and nothing is written", () =>
  inFolder(async (path, file) => {
    for (const [name, baseUrl] of [
      ["a/b", "http://x/v1"],
      ["openai", "http://x/v1"],
      ["gpu", "192.168.1.20:8000"],
    ] as const)
      await expect(file.set(name, { baseUrl })).rejects.toMatchObject({ code: "models.endpoint" });
    await expect(readFile(path)).rejects.toMatchObject({ code: "ENOENT" });
  }));
