import { mkdir, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { setTimeout as delay } from "node:timers/promises";
import { createTRPCClient, httpBatchLink, type TRPCClient } from "@trpc/client";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { plainTransformer } from "#server/api/plain-transformer.ts";
import type { AppRouter } from "#server/api/router.ts";
import { defaultConcurrency } from "#server/models/calling/gated.ts";
import { openRuntime } from "#server/runner/runtime.ts";
import { startModelServer, type ModelServer } from "./helpers/model-server.ts";
import { canListProcesses, waitUntilGone } from "./helpers/process-tree.ts";
import type { TestProcess } from "./helpers/run-process.ts";
import type { ScriptedAnswer, SeenRequest } from "./helpers/scripted-answer.ts";
import { sheaf } from "./helpers/sheaf.ts";
import { temporaryFolder } from "./helpers/temporary-folder.ts";

const rowCount = 200;

/** A sheet of 200 rows, each of which asks the model; what is asked outside of it is what one of them asks. */
const notebook = `---
sheaf: 1
inputs:
  message: { type: string, default: "message 7" }
---

\`\`\`sql rows
select i as id, 'message ' || i as text from range(${rowCount}) t(i) order by i
\`\`\`

\`\`\`prompt answer
---
model: server/scripted
---
Answer: {{ message }}
\`\`\`

\`\`\`\`sheet sorted
---
rows: rows
with: { message: =row.text }
columns: [answer]
---
\`\`\`\`
`;

/** What a test looks at of `run --json`. */
interface Report {
  readonly cells: {
    readonly sorted: { readonly outcome: string; readonly value: { readonly rows: readonly object[] } };
  };
  readonly calls: { readonly made: number; readonly cached: number };
}

const asked = ({ body }: SeenRequest): string => /message \d+/.exec(String(body.messages[0]!.content))![0];
const answerTo = (request: SeenRequest): ScriptedAnswer => ({ text: ["the answer to ", asked(request)] });
const answered = Array.from({ length: rowCount }, (_, id) => ({
  id,
  text: `message ${id}`,
  answer: `the answer to message ${id}`,
}));

/** How often the model was asked about each message. */
function askedOf(requests: readonly SeenRequest[]): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const request of requests) counts.set(asked(request), (counts.get(asked(request)) ?? 0) + 1);
  return counts;
}

/** Calls whose answer is on disk, as another process sees the journal. */
function journaled(folder: string): number {
  using journal = new DatabaseSync(join(folder, ".sheaf/state/journal.sqlite"), { readOnly: true });
  return Number(journal.prepare("select count(*) as n from calls where state = 'done'").get()!["n"]);
}

const at = (server: ModelServer, folder: string) => ({
  folder,
  environment: { OPENAI_COMPATIBLE_BASE_URL: server.baseUrl },
});

async function report(server: ModelServer, folder: string): Promise<Report> {
  await using run = sheaf(["run", "rows.md", "--json"], at(server, folder));
  const { code, stdout, stderr } = await run.ended;
  expect(code, stderr).toBe(0);
  return JSON.parse(stdout) as Report;
}

/** A server of the workspace in a process of its own, and what a page asks it. */
async function serving(
  model: ModelServer,
  folder: string,
): Promise<{ readonly process: TestProcess; readonly api: TRPCClient<AppRouter> } & AsyncDisposable> {
  const process = sheaf(["serve", "--port", "0", "--no-build"], at(model, folder));
  const [, address] = await process.waitFor(/Sheaf is at (http:\/\/\S+)/);
  const api = createTRPCClient<AppRouter>({
    links: [httpBatchLink({ url: `${address}/api/trpc`, transformer: plainTransformer })],
  });
  return { process, api, [Symbol.asyncDispose]: () => process[Symbol.asyncDispose]() };
}

const runsOf = (api: TRPCClient<AppRouter>) => api.runs.list.query({ offset: 0, limit: 10 });

describe("nothing that is paid for is lost", { timeout: 60_000 }, () => {
  test("after kill -9 in the middle of 200 rows every finished call is used and none is repeated", async () => {
    await using folder = await temporaryFolder();
    await writeFile(join(folder.path, "rows.md"), notebook);
    let holding = true;
    await using server = await startModelServer((request) => ({
      ...answerTo(request),
      hold: holding && request.number >= rowCount / 2,
    }));

    await using killed = sheaf(["run", "rows.md", "--json"], at(server, folder.path));
    await server.until(() => server.finished().length === rowCount / 2 && server.inFlight().length > 0, 30_000);
    await expect.poll(() => journaled(folder.path), { timeout: 10_000 }).toBe(rowCount / 2);
    const finished = server.finished().map(asked);
    const family = killed.descendants();
    killed.kill("SIGKILL");
    expect(await killed.ended).toMatchObject({ signal: "SIGKILL", stdout: "" });
    expect(await waitUntilGone(family, 2_000)).toEqual([]);

    holding = false;
    const { cells, calls } = await report(server, folder.path);
    expect(cells.sorted.outcome).toBe("ok");
    expect(cells.sorted.value.rows).toEqual(answered);
    expect(calls.made).toBe(rowCount / 2);
    const counts = askedOf(server.requests());
    expect(counts.size).toBe(rowCount);
    expect(finished.filter((message) => counts.get(message) !== 1)).toEqual([]);
    expect([...counts.values()].filter((count) => count > 2)).toEqual([]);
  });

  test("after kill -9 a budget has the calls that were out, at what they were expected to cost", async () => {
    await using folder = await temporaryFolder();
    await writeFile(join(folder.path, "rows.md"), notebook);
    await writeFile(join(folder.path, "prices.yaml"), "server/scripted:\n  - { input: 0, output: 10 }\n");
    await using server = await startModelServer((request) => ({
      ...answerTo(request),
      usage: { prompt: 10, completion: 1_000 },
      hold: request.number >= 8,
    }));
    const opened = () => openRuntime(at(server, folder.path));
    const before = await opened();
    await before.budgets.set({ type: "day" }, 100);
    await before.close();
    await using killed = sheaf(["run", "rows.md", "--yes"], at(server, folder.path));
    await server.until(() => server.finished().length === 8 && server.inFlight().length > 1, 30_000);
    await expect.poll(() => journaled(folder.path), { timeout: 10_000 }).toBe(8);
    killed.kill("SIGKILL");
    await killed.ended;
    const after = await opened();
    const [budget] = await after.budgets.list();
    const { unanswered: out } = await after.journal.usageSince(0);
    await after.close();
    expect(out).toBeGreaterThan(1);
    const spent = expect.closeTo(0.08 + out * 0.01, 3) as number;
    expect(budget).toMatchObject({ estimated: out, unpriced: 0, spent });
  });

  const moments = fc.sample(fc.record({ answers: fc.integer({ min: 10, max: 100 }), wait: fc.nat({ max: 30 }) }), {
    seed: 20261130,
    numRuns: 2,
  });
  test.concurrent.each(moments)(
    "after kill -9 $wait ms behind the answer $answers every call that the journal has is used and none of it is repeated",
    async ({ answers, wait }) => {
      await using folder = await temporaryFolder();
      await writeFile(join(folder.path, "rows.md"), notebook);
      await using server = await startModelServer((request) => ({ ...answerTo(request), delay: 2 }));
      await using killed = sheaf(["run", "rows.md", "--json"], at(server, folder.path));
      await server.until(() => server.finished().length >= answers, 30_000);
      await delay(wait);
      killed.kill("SIGKILL");
      expect(await killed.ended).toMatchObject({ signal: "SIGKILL", stdout: "" });
      await server.until(() => server.inFlight().length === 0);
      const finished = server.finished().map(asked);
      expect(finished.length).toBeLessThan(rowCount);
      const kept = journaled(folder.path);
      // What came in the last moment may not be on disk yet: what is asked at a time, and as much that waits to be written.
      expect(finished.length - kept).toBeLessThanOrEqual(2 * defaultConcurrency);

      const { cells, calls } = await report(server, folder.path);
      expect(cells.sorted.outcome).toBe("ok");
      expect(cells.sorted.value.rows).toEqual(answered);
      expect(calls.made).toBe(rowCount - kept);
      const counts = askedOf(server.requests());
      expect(counts.size).toBe(rowCount);
      expect(Math.max(...counts.values())).toBeLessThanOrEqual(2);
      expect(finished.filter((message) => counts.get(message) !== 1).length).toBe(finished.length - kept);
    },
  );

  test("a server's run that kill -9 ends is listed as interrupted, with what it has, and running what is stale goes on with the rest", async () => {
    await using folder = await temporaryFolder();
    const path = "notebooks/rows.md";
    await mkdir(join(folder.path, "notebooks"));
    await writeFile(join(folder.path, path), notebook);
    let holding = true;
    await using model = await startModelServer((request) => ({
      ...answerTo(request),
      hold: holding && request.number >= rowCount / 2,
    }));
    const stale = { path, scope: { type: "stale" }, title: "everything stale" } as const;
    await using killed = await serving(model, folder.path);
    await killed.api.notebook.run.mutate(stale);
    await model.until(() => model.finished().length === rowCount / 2 && model.inFlight().length > 0, 30_000);
    // The rows that are answered, what one of them asks outside of the sheet, and the table they come from.
    const recorded = async (): Promise<unknown> => (await runsOf(killed.api))[0];
    const open = { scope: { type: "stale" }, end: null, interrupted: false, recorded: rowCount / 2 + 2 };
    await expect.poll(recorded, { timeout: 10_000 }).toMatchObject(open);
    killed.process.kill("SIGKILL");
    expect(await killed.process.ended).toMatchObject({ signal: "SIGKILL" });

    holding = false;
    await using again = await serving(model, folder.path);
    const [interrupted] = await runsOf(again.api);
    expect(interrupted).toMatchObject({ ...open, interrupted: true });
    const page = { run: interrupted!.id, offset: 0, limit: 500 };
    expect(await again.api.runs.results.query(page)).toHaveLength(rowCount / 2 + 2);

    await again.api.notebook.run.mutate(stale);
    await expect.poll(async () => (await runsOf(again.api))[0]?.end, { timeout: 30_000 }).not.toBeNull();
    const runs = await runsOf(again.api);
    expect(runs).toMatchObject([{ end: { outcome: "done", callsMade: rowCount / 2 } }, { ...open, interrupted: true }]);
    const counts = askedOf(model.requests());
    expect(counts.size).toBe(rowCount);
    expect([...counts.values()].reduce((sum, count) => sum + count, 0) - rowCount).toBeLessThanOrEqual(rowCount / 2);
  });

  test("without .sheaf/cache the next run asks the model nothing and comes to the same", async () => {
    await using folder = await temporaryFolder();
    await writeFile(join(folder.path, "rows.md"), notebook);
    await using server = await startModelServer(answerTo);
    const before = await report(server, folder.path);
    expect(before.calls).toEqual({ made: rowCount, cached: 1 });
    await rm(join(folder.path, ".sheaf/cache"), { recursive: true });
    const after = await report(server, folder.path);
    expect(after.calls).toEqual({ made: 0, cached: rowCount + 1 });
    expect(after.cells.sorted.value).toEqual(before.cells.sorted.value);
    expect(server.requests()).toHaveLength(rowCount);
  });
});

/** Everything that may go on for ever, at once. */
const endless = `---
sheaf: 1
---

\`\`\`js forever
for (;;) {}
\`\`\`

\`\`\`sql huge
select repeat('x', 4000000000)
\`\`\`

\`\`\`sql long
select count(*) from range(1000000000000)
\`\`\`

\`\`\`prompt hanging
---
model: server/scripted
---
Answer: message 1
\`\`\`
`;

describe.skipIf(!canListProcesses)("everything ends within two seconds", { timeout: 30_000 }, () => {
  test.for([
    { signal: "SIGTERM", end: { code: 143, signal: null } },
    { signal: "SIGINT", end: { code: 130, signal: null } },
    { signal: "SIGKILL", end: { code: null, signal: "SIGKILL" } },
  ] as const)("after $signal, with endless code, endless SQL and a hanging stream", async ({ signal, end }) => {
    await using folder = await temporaryFolder();
    await writeFile(join(folder.path, "endless.md"), endless);
    await using server = await startModelServer(() => ({ text: ["It begins", " and never ends"], hang: "after-part" }));
    await using run = sheaf(["run", "endless.md"], at(server, folder.path));
    await server.until(() => server.inFlight().length === 1, 20_000);
    // Tables, query and sandbox have a process each.
    await expect.poll(() => run.descendants().length, { timeout: 10_000 }).toBeGreaterThanOrEqual(3);
    await delay(500);
    const family = run.descendants();
    const sent = performance.now();
    run.kill(signal);
    expect(await run.ended).toMatchObject(end);
    const left = await waitUntilGone(family, 2_000 - (performance.now() - sent));
    expect(left).toEqual([]);
    expect(performance.now() - sent).toBeLessThan(2_000);
  });
});
