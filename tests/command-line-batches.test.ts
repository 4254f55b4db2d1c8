import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { batchServer, type BatchServer } from "#server/models/batches/__fixtures__/batch-server.ts";
import { command } from "./helpers/run-command.ts";
import { temporaryFolder, type TemporaryFolder } from "./helpers/temporary-folder.ts";

let folder: TemporaryFolder;
let provider: BatchServer;
beforeAll(async () => {
  folder = await temporaryFolder();
  provider = await batchServer();
  vi.stubEnv("OPENAI_API_KEY", "test");
  vi.stubEnv("OPENAI_BASE_URL", `${provider.url}/v1`);
});
afterAll(async () => {
  vi.unstubAllEnvs();
  await provider[Symbol.asyncDispose]();
  await folder[Symbol.asyncDispose]();
});

test("`run --batch` leaves the calls to a batch, says how far it is, cancels it, and goes on with what was answered", async () => {
  const file = join(folder.path, "letters.md");
  await writeFile(file, "---\nsheaf: 1\n---\n\n```prompt letter\n---\nmodel: openai/gpt-5-mini\n---\nA letter\n```\n");
  const run = (option = "--batch") => command("run", file, "--workspace", folder.path, "--yes", option);
  const batch = (more: object) => ({ body: { id: "batch_1", object: "batch", created_at: 1, expires_at: 2, ...more } });
  provider.answers = {
    "POST /v1/files": { body: { id: "file_1" } },
    "POST /v1/batches": batch({ status: "validating" }),
    "GET /v1/batches/batch_1": batch({ status: "in_progress", request_counts: { total: 1, completed: 0, failed: 0 } }),
  };
  expect(await run()).toMatchObject({ code: 1, stdout: expect.stringContaining("waits for a batch") as string });
  expect(await run()).toMatchObject({ code: 1, stderr: expect.stringContaining("the provider has 0 of 1") as string });
  const sent = provider.asked.filter(({ line }) => line === "POST /v1/files");
  expect(sent).toHaveLength(1);

  provider.answers = { ...provider.answers, "POST /v1/batches/batch_1/cancel": batch({ status: "cancelling" }) };
  expect(await run("--cancel-batch")).toMatchObject({
    ...{ code: 0, stdout: "" },
    stderr: expect.stringContaining("The batch of letter is being cancelled.") as string,
  });
  expect(provider.asked.at(-1)!.line).toBe("POST /v1/batches/batch_1/cancel");

  const [, key] = /"custom_id":"(\w+)"/.exec(sent[0]!.body)!;
  const message = { role: "assistant", content: "Dear batch," };
  const usage = { prompt_tokens: 10, completion_tokens: 4 };
  const body = { object: "chat.completion", model: "gpt-5-mini", choices: [{ message, finish_reason: "stop" }], usage };
  provider.answers = {
    "GET /v1/batches/batch_1": batch({ status: "completed", completed_at: 2, output_file_id: "out" }),
    "GET /v1/files/out/content": {
      body: `${JSON.stringify({ custom_id: key, response: { status_code: 200, body } })}\n`,
    },
  };
  expect(await run()).toMatchObject({ code: 0, stdout: expect.stringContaining("Dear batch,") as string });
  expect((await run("--cancel-batch")).stderr).toContain("Nothing here waits for a batch.");
});

test("`run --batch` pays for an answer that is an error once, however often the command is given", async () => {
  const file = join(folder.path, "refused.md");
  const letters =
    "````sheet letters\n---\nrows: people\n---\n```prompt letter\n---\nmodel: openai/gpt-5-mini\n---\nTo {{ row.id }}\n```\n````\n";
  await writeFile(file, `---\nsheaf: 1\n---\n\n\`\`\`data people\nid\nAda\nBob\n\`\`\`\n\n${letters}`);
  let batches = 0;
  let lines = "";
  provider.answers = ({ line, body }) => {
    if (line === "POST /v1/files") {
      const keys = [...body.matchAll(/"custom_id":"(\w+)"/g)].map(([, key]) => key);
      const answer = (at: number) => ({
        object: "chat.completion",
        model: "gpt-5-mini",
        choices: [
          { message: { role: "assistant", content: "Dear" }, finish_reason: at === 0 ? "content_filter" : "stop" },
        ],
        usage: { prompt_tokens: 10, completion_tokens: 4 },
      });
      lines = keys
        .map((key, at) => `${JSON.stringify({ custom_id: key, response: { status_code: 200, body: answer(at) } })}\n`)
        .join("");
      return { body: { id: "file_1" } };
    }
    if (line === "POST /v1/batches") batches += 1;
    if (line.endsWith("/content")) return { body: lines };
    const batch = { id: `refused_${batches}`, object: "batch", created_at: 1, expires_at: 2 };
    if (line === "POST /v1/batches") return { body: { ...batch, status: "validating" } };
    return { body: { ...batch, status: "completed", completed_at: 2, output_file_id: "out" } };
  };
  const ends = [];
  for (let given = 0; given < 4; given += 1)
    ends.push(await command("run", file, "--workspace", folder.path, "--yes", "--batch"));
  expect(ends.map(({ code }) => code)).toEqual([1, 1, 1, 1]);
  expect(ends.at(-1)!.stdout).toContain("the model refused to answer");
  expect(batches).toBe(1);
});

test("`run --batch` says why a batch was refused, has what the others answered, and sends what was refused in another", async () => {
  const file = join(folder.path, "two.md");
  const letter = (name: string, model: string) =>
    `\`\`\`prompt ${name}\n---\nmodel: openai/${model}\n---\nTo ${name}\n\`\`\`\n`;
  await writeFile(file, `---\nsheaf: 1\n---\n\n${letter("ada", "gpt-5-mini")}\n${letter("bob", "gpt-4o-mini")}`);
  const run = (option = "--batch") => command("run", file, "--workspace", folder.path, "--yes", option);
  const files: string[] = [];
  let batches = 0;
  let refused = "bob";
  provider.answers = ({ line, body }) => {
    if (line === "POST /v1/files") {
      files.push(body);
      return { body: { id: `file_${files.length}` } };
    }
    if (line === "POST /v1/batches") batches += 1;
    const number = line === "POST /v1/batches" ? batches : Number(/_(\d)/.exec(line)![1]);
    const sent = files[number - 1]!;
    if (line.endsWith("/content")) {
      const [, custom_id] = /"custom_id":"(\w+)"/.exec(sent)!;
      const message = { role: "assistant", content: `Dear ${sent.includes("To ada") ? "Ada" : "Bob"}` };
      const usage = { prompt_tokens: 10, completion_tokens: 4 };
      const answer = { object: "chat.completion", choices: [{ message, finish_reason: "stop" }], usage };
      return { body: `${JSON.stringify({ custom_id, response: { status_code: 200, body: answer } })}\n` };
    }
    const batch = { id: `two_${number}`, object: "batch", created_at: 1, expires_at: 2 };
    if (line === "POST /v1/batches") return { body: { ...batch, status: "validating" } };
    return sent.includes(`To ${refused}`)
      ? { body: { ...batch, status: "failed", errors: { data: [{ message: "Enqueued token limit reached" }] } } }
      : { body: { ...batch, status: "completed", completed_at: 2, output_file_id: `out_${number}` } };
  };
  expect(await run()).toMatchObject({ code: 1 });
  expect(batches).toBe(2);
  const second = await run();
  expect(second).toMatchObject({
    code: 1,
    stdout: expect.stringContaining("Dear Ada") as string,
    stderr: expect.stringContaining("Enqueued token limit reached") as string,
  });
  expect(batches).toBe(3);
  expect(await run("--cancel-batch")).toMatchObject({
    code: 0,
    stderr: "The batch of bob has ended without an answer. Run its cells again, with --batch or without.\n",
  });
  refused = "nobody";
  expect((await run("--cancel-batch")).stderr).toContain("was answered already, and is paid for");
  expect(await run()).toMatchObject({ code: 0, stdout: expect.stringContaining("Dear Bob") as string });
  expect(batches).toBe(3);
});
