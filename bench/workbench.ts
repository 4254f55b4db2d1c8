import { spawn } from "node:child_process";
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";
import { createTRPCClient, createWSClient, wsLink } from "@trpc/client";
import { WebSocket } from "ws";
import { plainTransformer } from "#server/api/plain-transformer.ts";
import type { AppRouter } from "#server/api/router.ts";
import { openRuntime } from "#server/runner/runtime.ts";
import { buildApp } from "#server/serve/build-app.ts";
import { createLiveNotebook } from "#server/workbench/live-notebook.ts";
import type { ViewEvent } from "#server/workbench/view.ts";
import { memoryNotes } from "#server/runner/notes-file.ts";
import { openSession } from "#server/runner/session.ts";
import { reportOnStderr } from "#server/runner/report.ts";
import { median, report } from "./figure.ts";

/**
 * The workbench as a page meets it: from an edit to the stale marks of all that reads the cell, in a notebook of 300 cells; from the
 * start of the server to a notebook with its stored results; and what the first load brings before the editor.
 * Goals: under 50 ms, under a second, under 60 kB gzip.
 */
const root = fileURLToPath(new URL("..", import.meta.url)).replace(/\/$/, "");
const folder = await mkdtemp(join(tmpdir(), "sheaf-bench-"));
const cells = 300;
const text = `---\nsheaf: 1\ntitle: Bench\ninputs: { word: { type: string, default: a } }\n---\n\n${Array.from(
  { length: cells },
  (_, index) =>
    `Some words about it.\n\n\`\`\`prompt p${index}\n---\nmodel: echo/text\n---\n{{ ${index === 0 ? "word" : `p${index - 1}`} }}.\n\`\`\`\n`,
).join("\n")}`;

try {
  await mkdir(join(folder, "notebooks"));
  await writeFile(join(folder, "notebooks", "bench.md"), text);
  await benchEdit();
  await benchStart();
  await benchFirstLoad();
} finally {
  await rm(folder, { recursive: true });
}

async function benchEdit(): Promise<void> {
  const runtime = await openRuntime({ folder, environment: { PATH: process.env["PATH"] } });
  const session = await openSession(runtime, { path: "notebooks/bench.md", text, trusted: true });
  await session.run({ type: "stale" }).done;
  const live = await createLiveNotebook({
    runtime,
    session,
    file: join(folder, "notebooks", "bench.md"),
    notes: memoryNotes(),
    text,
    report: reportOnStderr,
    firstSequence: 1,
    onTrust: async () => {},
  });
  const leave = new AbortController();
  const events = live.feed.subscribe(null, leave.signal);
  await events.next();
  const times: number[] = [];
  for (let round = 0; round < 15; round += 1) {
    const began = performance.now();
    await live.apply([{ type: "set-source", cell: "p0", source: `{{ word }}${round}` }]);
    live.feed.flush();
    for (;;) {
      const event = (await events.next()).value as ViewEvent;
      const stale =
        event.type === "changes" ? event.changes.filter((change) => change.section === "results").length : 0;
      if (round > 0 ? true : stale > 0) break;
    }
    times.push(performance.now() - began);
    await new Promise((resolve) => setTimeout(resolve, 400));
  }
  leave.abort();
  await live.close();
  await runtime.close();
  report({
    what: `from an edit to the stale marks in a notebook of ${cells} cells that read one another`,
    unit: "ms",
    ours: median(times),
    bare: null,
    goal: { of: "ours", is: "under", bound: 50 },
  });
}

async function benchStart(): Promise<void> {
  await buildApp(root, () => {});
  const times: number[] = [];
  for (let round = 0; round < 6; round += 1) {
    const began = performance.now();
    const child = spawn(process.execPath, [join(root, "server/start.mjs"), "serve", "--port", "0", "--no-build"], {
      cwd: folder,
      env: { PATH: process.env["PATH"], HOME: process.env["HOME"] },
      stdio: ["ignore", "pipe", "ignore"],
    });
    const address = await new Promise<string>((resolve) => {
      child.stdout.on("data", (bytes: Buffer) => {
        const match = /http:\/\/\S+/.exec(bytes.toString());
        if (match !== null) resolve(match[0]);
      });
    });
    const client = createWSClient({ url: `${address.replace("http", "ws")}/api/trpc`, WebSocket: WebSocket as never });
    const api = createTRPCClient<AppRouter>({ links: [wsLink({ client, transformer: plainTransformer })] });
    await new Promise<void>((resolve, reject) => {
      api.notebook.watch.subscribe({ path: "notebooks/bench.md" }, { onData: () => resolve(), onError: reject });
    });
    // The first start compiles what the others find compiled.
    if (round > 0) times.push(performance.now() - began);
    await client.close();
    child.kill("SIGTERM");
    await new Promise((resolve) => child.on("close", resolve));
  }
  report({
    what: "from the start of the server to a notebook with its stored results",
    unit: "ms",
    ours: median(times),
    bare: null,
    goal: { of: "ours", is: "under", bound: 1_000 },
  });
}

/** What a browser loads to show a notebook: what the page names and what that imports at once, not what is loaded when needed. */
async function benchFirstLoad(): Promise<void> {
  const manifest = JSON.parse(await readFile(join(root, "dist/client/.vite/manifest.json"), "utf8")) as {
    readonly [source: string]: {
      readonly file: string;
      readonly imports?: readonly string[];
      readonly css?: readonly string[];
      readonly src?: string;
    };
  };
  // Every route is an entry of the build; a notebook's page needs the app's own and its route.
  const wanted = Object.keys(manifest).filter(
    (source) => source === "app/entry-client.tsx" || source.includes("routes/n/"),
  );
  const files = new Set<string>();
  const visit = (source: string): void => {
    const { file, imports = [], css = [] } = manifest[source]!;
    if (files.has(file)) return;
    files.add(file);
    for (const sheet of css) files.add(sheet);
    for (const other of imports) visit(other);
  };
  for (const source of wanted) visit(source);
  let bytes = gzipSync(await readFile(join(root, "dist/client/index.html"))).length;
  for (const file of files) bytes += gzipSync(await readFile(join(root, "dist/client", file))).length;
  const known = (await readdir(join(root, "dist/client/_build/assets"))).length;
  console.log(`${files.size} of ${known} files`);
  report({
    what: "what the first load of a notebook brings, without fonts, before the editor",
    unit: "kB gzip",
    ours: bytes / 1000,
    bare: null,
    goal: { of: "ours", is: "under", bound: 60 },
  });
}
