import { afterAll, beforeAll, expect, test } from "vitest";
import { batchServer, type BatchServer } from "#server/models/batches/__fixtures__/batch-server.ts";
import {
  fence,
  notebookText,
  shown,
  testWorkspace,
  type TestWorkspace,
} from "#server/runner/__fixtures__/test-workspace.ts";
import type { Session } from "#server/runner/session.ts";
import { collectBatches } from "./collect-batches.ts";

let provider: BatchServer;
let workspace: TestWorkspace;
let session: Session;
let look: () => Promise<void>;
const reported: string[] = [];

beforeAll(async () => {
  provider = await batchServer();
  workspace = await testWorkspace({ environment: { OPENAI_BASE_URL: `${provider.url}/v1`, OPENAI_API_KEY: "test" } });
  const text = notebookText(
    "",
    fence("prompt letter", "---\nmodel: openai/gpt-5-mini\n---\nA letter"),
    fence("template shout", "{{ letter }}!"),
    fence("prompt reply", "---\nmodel: openai/gpt-5-mini\n---\nAnswer {{ letter }}"),
  );
  session = await workspace.open(text, { trusted: true });
  const runs: Promise<unknown>[] = [];
  let tick = (): void => {};
  const end = collectBatches({
    notebook: {
      session,
      async show(_, start) {
        const run = await start({ confirm: async () => true });
        runs.push(run.done);
        return run;
      },
    },
    batches: workspace.runtime.batches,
    report: (doing, { message }) => void reported.push(`${doing}: ${message}`),
    every(milliseconds, work) {
      expect(milliseconds).toBe(60_000);
      tick = work;
      return () => (tick = () => {});
    },
  });
  look = async () => {
    const before = provider.asked.length;
    tick();
    await expect.poll(() => provider.asked.length + reported.length).toBeGreaterThan(before);
    // What follows an answer is computed.
    await new Promise((resolve) => setTimeout(resolve, 100));
    await Promise.all(runs);
  };
  return end;
});
afterAll(async () => {
  await workspace[Symbol.asyncDispose]();
  await provider[Symbol.asyncDispose]();
});

const batch = (more: object) => ({
  body: { id: "batch_1", object: "batch", created_at: 1, expires_at: 90_000, ...more },
});
const sent = () => provider.asked.filter(({ line }) => line === "POST /v1/files").map(({ body }) => body);

test("a batch is left alone while it is not answered, and one that was refused until somebody asks why", async () => {
  provider.answers = {
    "POST /v1/files": { body: { id: "file_1" } },
    "POST /v1/batches": batch({ status: "validating" }),
    "GET /v1/batches/batch_1": batch({ status: "in_progress", request_counts: { total: 1, completed: 0, failed: 0 } }),
  };
  const { outcome } = await session.run({ type: "stale" }, { confirm: async () => true, batch: true }).done;
  expect([outcome, sent().length]).toEqual(["waiting", 1]);
  await look();
  expect(shown(session, "letter")).toBe("(blocked)");
  const failed = batch({ status: "failed", errors: { data: [{ message: "Enqueued token limit reached" }] } });
  provider.answers = { ...provider.answers, "GET /v1/batches/batch_1": failed };
  await look();
  expect((await session.waits()).map(({ address }) => address)).toContain("letter");
});

test("a provider that cannot be reached is told to whoever runs the server, and asked again", async () => {
  provider.answers = {
    ...provider.answers,
    "GET /v1/batches/batch_1": { status: 404, body: { error: { message: "gone" } } },
  };
  await look();
  expect(reported).toEqual([expect.stringMatching(/^looking for what batches answered: .*gone/)]);
});

test("what is answered goes on by itself, and what it leads to is left to a batch again", async () => {
  const [, key] = /"custom_id":"(\w+)"/.exec(sent()[0]!)!;
  const answer = { object: "chat.completion", model: "gpt-5-mini", usage: { prompt_tokens: 10, completion_tokens: 4 } };
  const body = {
    ...answer,
    choices: [{ message: { role: "assistant", content: "Dear batch" }, finish_reason: "stop" }],
  };
  provider.answers = {
    ...provider.answers,
    "GET /v1/batches/batch_1": batch({ status: "completed", completed_at: 2, output_file_id: "out" }),
    "GET /v1/files/out/content": {
      body: `${JSON.stringify({ custom_id: key, response: { status_code: 200, body } })}\n`,
    },
  };
  await look();
  await expect.poll(() => shown(session, "shout")).toBe("Dear batch!");
  await expect.poll(() => sent().length).toBe(2);
  expect(sent()[1]).toContain("Answer Dear batch");
});
