import { afterAll, beforeAll, expect, test } from "vitest";
import { batchServer, type BatchServer } from "#server/models/batches/__fixtures__/batch-server.ts";
import { openWorkbench, seriousProblems, type Workbench } from "./open-workbench.ts";

const notebook = `---
sheaf: 1
title: Letters
---

\`\`\`prompt letter
---
model: openai/gpt-5-mini
---
A letter
\`\`\`
`;

let provider: BatchServer;
let workbench: Workbench;
beforeAll(async () => {
  provider = await batchServer();
  const environment = { OPENAI_BASE_URL: `${provider.url}/v1`, OPENAI_API_KEY: "test" };
  workbench = await openWorkbench({ letters: notebook }, environment);
}, 60_000);
afterAll(async () => {
  await workbench[Symbol.asyncDispose]();
  await provider[Symbol.asyncDispose]();
});

test(
  "a run is left to a batch, looked at while it is not answered, cancelled, and goes on with what was answered by then",
  { timeout: 60_000 },
  async () => {
    await using opened = await workbench.open("/n/letters");
    const { page, complaints } = opened;
    const batch = (more: object) => ({
      body: { id: "batch_1", object: "batch", created_at: 1, expires_at: 90_000, ...more },
    });
    const running = batch({ status: "in_progress", request_counts: { total: 1, completed: 0, failed: 0 } });
    provider.answers = {
      "POST /v1/files": { body: { id: "file_1" } },
      "POST /v1/batches": batch({ status: "validating" }),
      "GET /v1/batches/batch_1": running,
    };
    await page.locator("main[data-listens]").waitFor();
    await page.keyboard.press("Control+k");
    await page.keyboard.type("as a batch");
    await page.getByRole("option", { name: /Run everything stale as a batch/ }).waitFor();
    await page.keyboard.press("Enter");
    await page.getByRole("button", { name: "Send", exact: true }).press("Enter");
    const cell = page.locator('[data-block="letter"]');
    await cell.getByText(/waits for a batch of openai\/gpt-5-mini/).waitFor();
    expect(await seriousProblems(page)).toEqual([]);
    const look = cell.getByRole("button", { name: "Look whether it is answered" });
    await look.press("Enter");
    await page.getByText(/the provider has 0 of 1/).waitFor();

    provider.answers = { ...provider.answers, "POST /v1/batches/batch_1/cancel": running };
    await cell.getByRole("button", { name: "Cancel the batch …" }).press("Enter");
    expect(await seriousProblems(page)).toEqual([]);
    await page.getByRole("button", { name: "Cancel the batch", exact: true }).press("Enter");
    await page.getByText(/The batch is being cancelled/).waitFor();
    expect(provider.asked.at(-1)!.line).toBe("POST /v1/batches/batch_1/cancel");

    const sent = provider.asked.find(({ line }) => line === "POST /v1/files")!.body;
    const [, key] = /"custom_id":"(\w+)"/.exec(sent)!;
    const message = { role: "assistant", content: "Dear batch," };
    const usage = { prompt_tokens: 10, completion_tokens: 4 };
    const body = {
      object: "chat.completion",
      model: "gpt-5-mini",
      choices: [{ message, finish_reason: "stop" }],
      usage,
    };
    provider.answers = {
      "GET /v1/batches/batch_1": batch({ status: "completed", completed_at: 2, output_file_id: "out" }),
      "GET /v1/files/out/content": {
        body: `${JSON.stringify({ custom_id: key, response: { status_code: 200, body } })}\n`,
      },
    };
    await look.press("Enter");
    await cell.getByText("Dear batch,").waitFor();
    expect(complaints.filter((complaint) => !complaint.includes("400"))).toEqual([]);
  },
);
