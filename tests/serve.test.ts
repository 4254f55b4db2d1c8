import { mkdir, readFile, writeFile } from "node:fs/promises";
import { request } from "node:http";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { setTimeout as delay } from "node:timers/promises";
import { createTRPCClient, createWSClient, httpBatchLink, splitLink, wsLink, type TRPCClient } from "@trpc/client";
import { describe, expect, test } from "vitest";
import { WebSocket } from "ws";
import { plainTransformer as transformer } from "#server/api/plain-transformer.ts";
import type { AppRouter } from "#server/api/router.ts";
import type { NotebookView, ViewEvent } from "#server/workbench/view.ts";
import { sheaf } from "./helpers/sheaf.ts";
import { runProcess, type TestProcess } from "./helpers/run-process.ts";
import { temporaryFolder } from "./helpers/temporary-folder.ts";

const notebook = `---
sheaf: 1
title: Two cells
inputs: { name: { type: string, default: Ada } }
---

\`\`\`template hello
Hello {{ name }}
\`\`\`

\`\`\`prompt answer
---
model: echo/text
---
{{ hello }}
\`\`\`
`;

/** A server in a process of its own, on a port nobody had. */
async function serving(
  folder: string,
  port = "0",
): Promise<{ readonly process: TestProcess; readonly address: string } & AsyncDisposable> {
  const process = sheaf(["serve", "--port", port, "--no-build"], { folder });
  const [, address] = await process.waitFor(/Sheaf is at (http:\/\/\S+)/);
  return { process, address: address!, [Symbol.asyncDispose]: () => process[Symbol.asyncDispose]() };
}

interface Page extends AsyncDisposable {
  readonly api: TRPCClient<AppRouter>;
  readonly events: ViewEvent[];
  view(): NotebookView;
  until(holds: (view: NotebookView) => boolean): Promise<NotebookView>;
}

/** A page as a browser has it: it follows a notebook, and puts what changes into what it has. */
function openPage(address: string, path: string): Page {
  const client = createWSClient({
    url: `${address.replace("http", "ws")}/api/trpc`,
    WebSocket: WebSocket as never,
    retryDelayMs: () => 100,
  });
  const api = createTRPCClient<AppRouter>({
    links: [
      splitLink({
        condition: ({ type }) => type === "subscription",
        true: wsLink({ client, transformer }),
        false: httpBatchLink({ url: `${address}/api/trpc`, transformer }),
      }),
    ],
  });
  const events: ViewEvent[] = [];
  let view: { [section: string]: { [key: string]: unknown } } | undefined;
  const subscription = api.notebook.watch.subscribe(
    { path },
    {
      onData({ data }) {
        const event = data as ViewEvent;
        events.push(event);
        if (event.type === "snapshot") view = event.view as never;
        else
          for (const change of event.changes)
            if (change.type === "remove") delete view![change.section]![change.key];
            else
              view![change.section]![change.key] =
                change.type === "set" ? change.value : `${view![change.section]![change.key] as string}${change.text}`;
      },
    },
  );
  return {
    api,
    events,
    view: () => view as unknown as NotebookView,
    async until(holds) {
      const end = performance.now() + 10_000;
      for (;;) {
        if (view !== undefined && holds(view as unknown as NotebookView)) break;
        if (performance.now() > end) throw new Error(`it did not come to hold: ${JSON.stringify(view?.["head"])}`);
        await delay(20);
      }
      return view as unknown as NotebookView;
    },
    async [Symbol.asyncDispose]() {
      subscription.unsubscribe();
      await client.close();
    },
  };
}

async function workspace() {
  const folder = await temporaryFolder();
  const file = join(folder.path, "notebooks", "two.md");
  await mkdir(join(folder.path, "notebooks"));
  await writeFile(file, notebook);
  return folder;
}

const path = "notebooks/two.md";
const shown = (view: NotebookView, address: string): unknown =>
  (view.results[address]?.value as { value?: unknown } | null)?.value;

describe("the server", { timeout: 60_000 }, () => {
  test("shows a notebook, takes edits and runs, and tells every page", async () => {
    await using folder = await workspace();
    await using server = await serving(folder.path);
    const { process, address } = server;
    await using one = openPage(address, path);
    await using two = openPage(address, path);
    await one.until((view) => !view.head.head.trusted);
    await one.api.notebook.trust.mutate({ path });
    await one.until((view) => shown(view, "hello") === "Hello Ada");
    await one.api.notebook.edit.mutate({
      path,
      operations: [{ type: "set-source", cell: "hello", source: "Hi {{ name }}" }],
    });
    await two.until((view) => view.cells["hello"]?.source === "Hi {{ name }}" && shown(view, "hello") === "Hi Ada");
    await one.api.notebook.run.mutate({ path, scope: { type: "cells", cells: ["answer"] }, title: "answer" });
    await two.until((view) => shown(view, "answer") === "Hi Ada");
    expect(await readFile(join(folder.path, path), "utf8")).toContain("Hi {{ name }}");
    const before = performance.now();
    process.kill("SIGTERM");
    expect(await process.ended).toMatchObject({ code: 0 });
    expect(performance.now() - before).toBeLessThan(2_000);
  });

  test("that npm started shows its page to whoever asks, and ends within two seconds when npm is told to", async () => {
    await using folder = await workspace();
    const parameters = ["--", "--port", "0", "--no-build", "--workspace", folder.path];
    await using npm = runProcess("start", { command: "npm", arguments: parameters, folder: process.cwd() });
    const [, address] = await npm.waitFor(/Sheaf is at (http:\/\/\S+)/);
    const page = await fetch(address!);
    expect([page.status, await page.text()]).toEqual([200, expect.stringContaining("<html")]);
    const before = performance.now();
    npm.kill("SIGTERM");
    await npm.ended;
    await expect
      .poll(() =>
        fetch(address!).then(
          () => "there",
          () => "gone",
        ),
      )
      .toBe("gone");
    expect(performance.now() - before).toBeLessThan(2_000);
  });

  test("that is killed and started again is found by its pages, with what was stored", async () => {
    await using folder = await workspace();
    await using first = await serving(folder.path);
    await using page = openPage(first.address, path);
    await page.api.notebook.run.mutate({ path, scope: { type: "cells", cells: ["answer"] }, title: "answer" });
    await page.until((view) => shown(view, "answer") === "Hello Ada");
    first.process.kill("SIGKILL");
    await first.process.ended;
    const told = page.events.length;
    await using second = await serving(folder.path, new URL(first.address).port);
    expect(second.address).toBe(first.address);
    await expect
      .poll(() => page.events.slice(told).some(({ type }) => type === "snapshot"), { timeout: 10_000 })
      .toBe(true);
    await page.until(
      (view) => shown(view, "answer") === "Hello Ada" && view.results["answer"]?.freshness.state === "current",
    );
  });

  test("does the commands of its workspace, and its pages see what comes of them", async () => {
    await using folder = await workspace();
    await using server = await serving(folder.path);
    await using page = openPage(server.address, path);
    await page.until((view) => view.results["answer"]?.freshness.state === "never");
    await using run = sheaf(["run", path, "--json"], { folder: folder.path });
    const { code, stdout } = await run.ended;
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({ cells: { answer: { value: "Hello Ada" } }, calls: { made: 1 } });
    await page.until((view) => shown(view, "answer") === "Hello Ada");
    await using wrong = sheaf(["run", "nobody.md"], { folder: folder.path });
    expect(await wrong.ended).toMatchObject({ code: 2, stderr: expect.stringContaining("there is no file nobody.md") });
    await using alone = sheaf(["run", path, "--json"], { folder: folder.path });
    server.process.kill("SIGTERM");
    await server.process.ended;
    expect([0, 2]).toContain((await alone.ended).code);
    await using after = sheaf(["run", path, "--json"], { folder: folder.path });
    expect(await after.ended).toMatchObject({ code: 0 });
  });

  test("says of a command's key that it is not set where the server was started, and what to do", async () => {
    await using folder = await workspace();
    const asking = notebook.replace("echo/text", "anthropic/claude-haiku-4-5").replace("Two cells", "One call");
    await writeFile(join(folder.path, path), asking);
    await using server = await serving(folder.path);
    const environment = { ANTHROPIC_API_KEY: "sk-of-the-command", ANTHROPIC_BASE_URL: "http://127.0.0.1:9" };
    await using run = sheaf(["run", path, "--yes"], { folder: folder.path, environment });
    const { code, stdout, stderr } = await run.ended;
    expect(code).toBe(1);
    expect(`${stdout}${stderr}`).toMatch(
      /ANTHROPIC_API_KEY is not set where the server of this workspace was started[^]*Enter it on the page Models, start the server again with ANTHROPIC_API_KEY set/,
    );
    server.process.kill("SIGTERM");
    expect(await server.process.ended).toMatchObject({ code: 0 });
  });

  test("says that its port is in use, and by what to go on", async () => {
    await using folder = await workspace();
    await using first = await serving(folder.path);
    const port = new URL(first.address).port;
    await using second = sheaf(["serve", "--port", port, "--no-build"], { folder: folder.path });
    const { code, stderr } = await second.ended;
    expect(code).toBe(2);
    expect(stderr).toContain(`port ${port} is in use`);
    expect(stderr).toContain("--port");
  });

  test.each([
    [
      "a file stands in its way",
      "file",
      /inner\/\.sheaf\/state cannot be made: .*\n {2}Rename what is in the way of .*, or choose another folder with --workspace\.\n/,
    ],
    [
      "no folder can be made there",
      "/proc/self/nowhere",
      /\.sheaf\/state cannot be written .*\n {2}Give this user the right to write/,
    ],
  ])("says of a workspace that cannot be written where it is and what to do: %s", async (_, where, says) => {
    await using folder = await workspace();
    const place = where === "file" ? join(folder.path, "inner") : where;
    if (where === "file") await writeFile(place, "");
    await using served = sheaf(["serve", "--port", "0", "--no-build", "--workspace", place], { folder: folder.path });
    const { code, stdout, stderr } = await served.ended;
    expect([code, stdout]).toEqual([2, ""]);
    expect(stderr).toMatch(says);
  });

  test("serves the page with a policy, its assets for ever, and nothing else of the disk", async () => {
    await using folder = await workspace();
    await using server = await serving(folder.path);
    const { address } = server;
    const page = await fetch(`${address}/n/two`, { headers: { accept: "text/html" } });
    expect(page.headers.get("content-security-policy")).toContain("default-src 'none'");
    const html = await page.text();
    const asset = /\/_build\/assets\/[^"]+\.js/.exec(html)![0];
    const script = await fetch(`${address}${asset}`);
    expect(script.headers.get("cache-control")).toContain("immutable");
    expect(script.headers.get("content-encoding")).toBe("gzip");
    expect(await script.text()).toContain("import");
    for (const other of [
      "/_build/../../package.json",
      "/_build/%2e%2e/%2e%2e/package.json",
      "/.vite/manifest.json",
      "/package.json",
    ])
      expect((await fetch(`${address}${other}`)).status).toBe(404);
    expect(
      (await fetch(`${address}/api/trpc/notebooks.list`, { headers: { origin: "http://evil.example" } })).status,
    ).toBe(403);
  });

  test("refuses a dataset file of more than 2 GB before any of it is sent", async () => {
    await using folder = await workspace();
    await using server = await serving(folder.path);
    const { status, body } = await new Promise<{ status: number | undefined; body: string }>((resolve, reject) => {
      const sent = request(`${server.address}/api/datasets/large.csv`, {
        method: "PUT",
        headers: { "content-length": String(2 * 1024 ** 3 + 1) },
      });
      sent.on("response", async (response) => {
        resolve({ status: response.statusCode, body: await text(response) });
        sent.destroy();
      });
      sent.on("error", reject);
      sent.flushHeaders();
    });
    expect(status).toBe(413);
    expect(JSON.parse(body)).toMatchObject({
      error: { code: "dataset.too-large", message: "the file has more than 2 GB", cure: expect.any(String) },
    });
  });

  test("answers what a page may not ask with what is wrong", async () => {
    await using folder = await workspace();
    await using server = await serving(folder.path);
    const { address } = server;
    await using page = openPage(address, path);
    const { notebook: api } = page.api;
    const problem = async (work: Promise<unknown>): Promise<unknown> =>
      work.then(
        () => null,
        (thrown: { data?: { problem?: { code: string } } }) => thrown.data?.problem?.code,
      );
    expect(await problem(api.text.query({ path: "notebooks/none.md" }))).toBe("notebook.missing");
    expect(await problem(api.text.query({ path: "../../etc/passwd" }))).toBe("notebook.path");
    expect(await problem(api.setInput.mutate({ path, name: "nobody", value: 1 }))).toBe("input.unknown");
    expect(await problem(api.edit.mutate({ path, operations: [{ type: "remove", cell: "nobody" }] }))).toMatch(
      /^operation\./,
    );
    expect(await problem(api.edit.mutate({ path, operations: [{ type: "explode" } as never] }))).toBe("api.input");
  });
});
