import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { Hono } from "hono";
import { afterEach, beforeEach, expect, test } from "vitest";
import type { ApiContext } from "#server/api/context.ts";
import { temporaryFolder, type TemporaryFolder } from "../../tests/helpers/temporary-folder.ts";
import { uploadDataset } from "./upload-dataset.ts";

let folder: TemporaryFolder;
let app: Hono;

beforeEach(async () => {
  folder = await temporaryFolder();
  const context = { runtime: { workspace: { datasets: folder.path } } } as ApiContext;
  app = new Hono().put("/api/datasets/*", uploadDataset(context));
});
afterEach(() => folder[Symbol.asyncDispose]());

/** An upload that goes on until its rest is sent, or fails. */
function upload(path: string, first: string) {
  const { readable, writable } = new TransformStream<Uint8Array, Uint8Array>();
  const writer = writable.getWriter();
  const bytes = (text: string) => new TextEncoder().encode(text);
  void writer.write(bytes(first)).catch(() => {});
  const answer = app.request(`/api/datasets/${path}`, { method: "PUT", body: readable, duplex: "half" } as RequestInit);
  return {
    async end(rest: string): Promise<number> {
      await writer.write(bytes(rest));
      await writer.close();
      return (await answer).status;
    },
    async fail(): Promise<number> {
      await writer.abort(new Error("gone"));
      return (await answer).status;
    },
  };
}

const begun = (count: number): Promise<void> =>
  expect.poll(async () => (await readdir(folder.path)).length, { timeout: 5_000 }).toBe(count);
const kept = (name: string): Promise<string> => readFile(join(folder.path, name), "utf8");

test("two uploads of one file keep each its own bytes: the first that ends is there, the other is told so", async () => {
  const [one, two] = [upload("a.csv", "id\n"), upload("a.csv", "name\n")];
  await begun(2);
  expect(await two.end("Ada\n")).toBe(200);
  expect(await one.end("1\n")).toBe(409);
  expect(await kept("a.csv")).toBe("name\nAda\n");
  expect(await readdir(folder.path)).toEqual(["a.csv"]);
});

test("of two that replace a file the last that ends is there, whole", async () => {
  const [one, two] = [upload("a.csv?replace", "id\n"), upload("a.csv?replace", "name\n")];
  await begun(2);
  expect([await two.end("Ada\n"), await one.end("1\n2\n")]).toEqual([200, 200]);
  expect(await kept("a.csv")).toBe("id\n1\n2\n");
});

test.each(["%E0%A4%A", "a%00.csv", "a%0a.csv", "..%2fa.csv", "a.exe"])(
  "a path that is none for a dataset is refused and says nothing of this machine: %s",
  async (path) => {
    const answer = await app.request(`/api/datasets/${path}`, { method: "PUT", body: "id" });
    expect([answer.status, await answer.json()]).toMatchObject([400, { error: { code: "dataset.path" } }]);
    expect(await readdir(folder.path)).toEqual([]);
  },
);

test("a name may have a percent sign", async () => {
  expect((await app.request("/api/datasets/50%25.csv", { method: "PUT", body: "id" })).status).toBe(200);
  expect(await readdir(folder.path)).toEqual(["50%.csv"]);
});

test("one that fails takes nothing from another, and leaves nothing behind", async () => {
  const [one, two] = [upload("a.csv", "id\n"), upload("a.csv", "name\n")];
  await begun(2);
  expect(await one.fail()).toBe(400);
  expect(await two.end("Ada\n")).toBe(200);
  expect(await readdir(folder.path)).toEqual(["a.csv"]);
});
