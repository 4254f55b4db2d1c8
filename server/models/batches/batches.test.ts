import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { createLightFetch } from "../light-fetch.ts";
import { createModels } from "../index.ts";
import type { ChatModel } from "../model.ts";
import { createPrices } from "../prices.ts";
import { batchServer, type BatchServer } from "./__fixtures__/batch-server.ts";
import { jsonLinesOf, openAIBatch, openAICompletion, requestsIn } from "./__fixtures__/openai-batches.ts";
import { batchPrice } from "./batch-price.ts";
import type { BatchRequest, BatchResult } from "./model-batches.ts";

let server: BatchServer;
beforeAll(async () => void (server = await batchServer()));
beforeEach(() => void (server.answers = {}));
afterAll(() => server[Symbol.asyncDispose]());

const signal = new AbortController().signal;
const key = "sk-secret-1234";
const enumeration = { enum: ["card_arrival", "exchange_rate"] };

/** A model made anew, as after a restart: all that is known of a batch is its id. */
function modelOf(name: string): ChatModel {
  return createModels({
    environment: {
      OPENAI_API_KEY: key,
      OPENAI_BASE_URL: `${server.url}/v1`,
      ANTHROPIC_API_KEY: key,
      ANTHROPIC_BASE_URL: server.url,
    },
    fetch: createLightFetch(),
    endpoints: {},
  }).chatModel(name);
}

const requests: readonly BatchRequest[] = ["one", "two"].map((id) => ({
  id,
  request: {
    messages: [{ role: "user", content: `Topic of ${id}?` }],
    parameters: { temperature: 0, max_tokens: 20 },
    schema: enumeration,
  },
}));

async function resultsOf(name: string, batch: string): Promise<{ readonly [id: string]: BatchResult["end"] }> {
  const found: { [id: string]: BatchResult["end"] } = {};
  const [{ request }, { request: other }] = requests as readonly [BatchRequest, BatchRequest];
  const { schema: _, ...plain } = other;
  const sentOf = (id: string) => ({ request: id === "one" ? request : plain });
  for await (const { id, end } of modelOf(name).batches!.results(batch, { sentOf }, signal)) found[id ?? "?"] = end;
  return found;
}

async function submit(name: string, asked: readonly BatchRequest[], until = signal): Promise<string> {
  const { batches } = modelOf(name);
  const lines = [];
  for (const one of asked) lines.push(await batches!.line(one));
  return batches!.submit(lines, until);
}

describe("OpenAI's batches", () => {
  test("are a file of requests, each the body of one call, and then a batch of it", async () => {
    server.answers = {
      "POST /v1/files": { body: { id: "file-in", object: "file", purpose: "batch" } },
      "POST /v1/batches": { body: openAIBatch({ status: "validating" }) },
    };
    const from = server.asked.length;
    expect(await submit("openai/gpt-4o-mini", requests)).toBe("batch_1");
    const [file, made] = server.asked.slice(from);
    expect(file!.body).toContain('name="purpose"\r\n\r\nbatch\r\n');
    const sent = requestsIn(file!);
    expect(sent).toMatchObject([
      { custom_id: "one", method: "POST", url: "/v1/chat/completions", body: { model: "gpt-4o-mini", temperature: 0 } },
      { custom_id: "two", body: { messages: [{ role: "user", content: "Topic of two?" }] } },
    ]);
    expect(JSON.stringify(sent)).not.toContain('"stream"');
    expect(JSON.parse(made!.body)).toEqual({
      input_file_id: "file-in",
      endpoint: "/v1/chat/completions",
      completion_window: "24h",
    });
    expect(made!.headers.authorization).toBe(`Bearer ${key}`);
  });

  test("say how far they are, that they have ended, and why they were refused", async () => {
    const look = (more: object) => {
      server.answers = { "GET /v1/batches/batch_1": { body: openAIBatch(more) } };
      return modelOf("openai/gpt-4o-mini").batches!.look("batch_1", signal);
    };
    expect(await look({ status: "in_progress", request_counts: { total: 9, completed: 3, failed: 1 } })).toEqual({
      state: "running",
      done: 4,
      total: 9,
      until: 1_711_557_933_000,
    });
    expect(await look({ status: "expired", expired_at: 1_711_557_934 })).toEqual({
      state: "ended",
      at: 1_711_557_934_000,
    });
    const errors = { data: [{ code: "invalid_json_line", message: "This line is not parseable.", line: 3 }] };
    expect(await look({ status: "failed", errors })).toMatchObject({
      state: "refused",
      error: { message: expect.stringContaining("This line is not parseable. (line 3)") as string },
    });
  });

  test("end each request as a call ends: with its text, its tokens and half its price, or its own error", async () => {
    server.answers = {
      "GET /v1/batches/batch_1": {
        body: openAIBatch({
          status: "completed",
          completed_at: 1_711_493_163,
          output_file_id: "out",
          error_file_id: "err",
        }),
      },
      "GET /v1/files/out/content": {
        body: jsonLinesOf(
          {
            custom_id: "one",
            response: { status_code: 200, request_id: "r1", body: openAICompletion('{"answer":"card_arrival"}') },
          },
          { custom_id: "two", response: { status_code: 200, request_id: "r2", body: openAICompletion("Hi.\nYou") } },
        ),
      },
      "GET /v1/files/err/content": {
        body: jsonLinesOf(
          {
            custom_id: "bad",
            response: { status_code: 400, request_id: "r3", body: { error: { message: `no ${key}`, code: "bad" } } },
          },
          { custom_id: "late", response: null, error: { code: "batch_expired", message: "could not be executed" } },
          { custom_id: "gone", response: null, error: { code: "batch_cancelled", message: "was cancelled" } },
        ),
      },
    };
    const ends = await resultsOf("openai/gpt-4o-mini", "batch_1");
    expect(ends["one"]).toMatchObject({
      ...{ state: "done", text: "card_arrival", finish: "stop", requestId: "r1", endedAt: 1_711_493_163_000 },
      ...{ answeredBy: "gpt-4o-mini-2024-07-18", usage: { input: 100_000, output: 10_000 }, cost: null },
    });
    expect(ends["one"]!.response).toMatchObject({ id: "chatcmpl-1" });
    expect(ends["two"]!.text).toBe("Hi.\nYou");
    expect(ends["bad"]).toMatchObject({ state: "failed", error: { code: "model.bad-request" }, cost: 0 });
    expect(ends["bad"]).toMatchObject({ requestId: "r3", response: { http_status: 400, error: { code: "bad" } } });
    expect(JSON.stringify(ends["bad"])).not.toContain(key);
    expect(ends["late"]).toMatchObject({ state: "failed", error: { code: "model.batch-expired" } });
    expect(ends["gone"]).toMatchObject({ state: "cancelled", error: { code: "model.batch-cancelled" } });

    const odd = { ...openAICompletion("Hi"), model: { a: 1 } };
    const response = { status_code: 200, body: odd };
    server.answers = {
      ...server.answers,
      "GET /v1/files/out/content": { body: jsonLinesOf({ custom_id: "two", response }) },
    };
    const { two } = await resultsOf("openai/gpt-4o-mini", "batch_1");
    expect([two!.text, two!.answeredBy]).toEqual(["Hi", undefined]);

    const model = { ...modelOf("openai/gpt-4o-mini"), identity: { provider: "openai" } };
    const prices = createPrices();
    const { cost: whole } = await prices(model, ends["one"]!.usage, ends["one"]!.endedAt, ends["one"]!.answeredBy);
    expect(whole).toBeGreaterThan(0);
    const priced = await batchPrice(ends["one"]!, model, prices);
    expect(priced).toMatchObject({ cost: whole! / 2, price: { source: "genai-prices", batch: 0.5 } });
    expect((await batchPrice({ ...ends["one"]!, usage: {} }, model, prices)).cost).toBeNull();
    expect(await batchPrice(ends["late"]!, model, prices)).toBe(ends["late"]);
  });

  test("read answers of Responses as well, with what was thought and said on the way apart from the text", async () => {
    const body = {
      ...{ id: "resp_1", object: "response", status: "incomplete", model: "gpt-5-2025-08-07" },
      incomplete_details: { reason: "max_output_tokens" },
      output: [
        { type: "reasoning", summary: [{ type: "summary_text", text: "Let me see." }] },
        { type: "message", phase: "commentary", content: [{ type: "output_text", text: "I look." }] },
        { type: "message", phase: "final_answer", content: [{ type: "output_text", text: "It is" }] },
      ],
      usage: { input_tokens: 30, output_tokens: 20, output_tokens_details: { reasoning_tokens: 12 } },
    };
    server.answers = {
      "GET /v1/batches/batch_1": { body: openAIBatch({ status: "completed", completed_at: 2, output_file_id: "out" }) },
      "GET /v1/files/out/content": { body: jsonLinesOf({ custom_id: "two", response: { status_code: 200, body } }) },
    };
    expect((await resultsOf("openai/gpt-5", "batch_1"))["two"]).toMatchObject({
      ...{ state: "done", text: "It is", reasoning: "Let me see.\n\nI look.", finish: "length" },
      usage: { input: 30, output: 20, reasoning: 12 },
    });
  });

  test("book what was counted without an answer, at half its price", async () => {
    const usage = { input_tokens: 1_000_000, output_tokens: 0 };
    const failed = { object: "response", status: "failed", error: { message: "it crashed" }, usage };
    const stopped = { ...openAICompletion("Hi"), choices: [{ finish_reason: "abort", message: { content: "Hi" } }] };
    server.answers = {
      "GET /v1/batches/batch_1": {
        body: openAIBatch({ status: "completed", completed_at: 1_711_493_163, output_file_id: "out" }),
      },
      "GET /v1/files/out/content": {
        body: jsonLinesOf(
          { custom_id: "one", response: { status_code: 200, request_id: "r1", body: failed } },
          { custom_id: "two", response: { status_code: 200, request_id: "r2", body: stopped } },
        ),
      },
    };
    const { one, two } = await resultsOf("openai/gpt-4o-mini", "batch_1");
    expect(one).toMatchObject({
      state: "failed",
      requestId: "r1",
      usage: { input: 1_000_000 },
      error: { message: expect.stringContaining("it crashed") },
    });
    expect(two).toMatchObject({ state: "failed", error: { code: "model.truncated" }, usage: { input: 100_000 } });
    const { cost } = await batchPrice(one!, modelOf("openai/gpt-4o-mini"), createPrices());
    expect(cost).toBeCloseTo(0.15 / 2, 10);
  });

  test.each([
    [{ service_tier: "batch" }, 0.15 / 2],
    [{ service_tier: "default" }, 0.15 / 2],
    [{ service_tier: "priority" }, null],
  ])("have half the list's price where they say %j: $%f", async (said, expected) => {
    const body = { ...openAICompletion("Hi"), usage: { prompt_tokens: 1_000_000, completion_tokens: 1 }, ...said };
    server.answers = {
      "GET /v1/batches/batch_1": {
        body: openAIBatch({ status: "completed", completed_at: 1_711_493_163, output_file_id: "out" }),
      },
      "GET /v1/files/out/content": { body: jsonLinesOf({ custom_id: "two", response: { status_code: 200, body } }) },
    };
    const { two } = await resultsOf("openai/gpt-4o-mini", "batch_1");
    expect((await batchPrice(two!, modelOf("openai/gpt-4o-mini"), createPrices())).cost).toEqual(
      expected === null ? null : expect.closeTo(expected, 5),
    );
  });

  test("keep no key that the provider sends back", async () => {
    const body = { ...openAICompletion("Hi", `one of Bearer ${key}`), debug: { headers: [`Bearer ${key}`] } };
    const response = { status_code: 200, request_id: `r of ${key}`, body };
    server.answers = {
      "GET /v1/batches/batch_1": {
        body: openAIBatch({ status: "completed", completed_at: 1_711_493_163, output_file_id: "out" }),
      },
      "GET /v1/files/out/content": { body: jsonLinesOf({ custom_id: "two", response }) },
    };
    const { two } = await resultsOf("openai/gpt-4o-mini", "batch_1");
    expect(two).toMatchObject({
      state: "done",
      requestId: "r of [key]",
      answeredBy: "one of Bearer [key]",
      response: { debug: { headers: ["Bearer [key]"] } },
    });
    expect(JSON.stringify(two)).not.toContain(key);
  });

  test("tell a thought that stands in the text from the answer", async () => {
    const message = { role: "assistant", content: "<think>\nA card.\n</think>\n\ncard_arrival" };
    const body = { object: "chat.completion", model: "qwen3", choices: [{ index: 0, message, finish_reason: "stop" }] };
    server.answers = {
      "GET /v1/batches/batch_1": { body: openAIBatch({ status: "completed", completed_at: 2, output_file_id: "out" }) },
      "GET /v1/files/out/content": { body: jsonLinesOf({ custom_id: "two", response: { status_code: 200, body } }) },
    };
    expect((await resultsOf("openai/gpt-4o-mini", "batch_1"))["two"]).toMatchObject({
      ...{ state: "done", text: "card_arrival", reasoning: "A card." },
    });
  });

  test("give nothing before they have ended, and are cancelled by their id", async () => {
    server.answers = {
      "GET /v1/batches/batch_1": { body: openAIBatch({ status: "finalizing" }) },
      "POST /v1/batches/batch_1/cancel": { body: openAIBatch({ status: "cancelling" }) },
    };
    expect(await resultsOf("openai/gpt-4o-mini", "batch_1")).toEqual({});
    const from = server.asked.length;
    await modelOf("openai/gpt-4o-mini").batches!.cancel("batch_1", signal);
    expect(server.asked.slice(from).map(({ line }) => line)).toEqual(["POST /v1/batches/batch_1/cancel"]);
  });
});

describe("Anthropic's batches", () => {
  const counts = { processing: 0, succeeded: 0, errored: 0, canceled: 0, expired: 0 };
  const batch = (more: object) => ({
    ...{ id: "msgbatch_1", type: "message_batch", processing_status: "in_progress", request_counts: counts },
    ...{ created_at: "2024-09-24T18:37:24.100Z", expires_at: "2024-09-25T18:37:24.100Z", ended_at: null },
    ...more,
  });

  test("are one request with all of them, each the body of one call", async () => {
    server.answers = { "POST /v1/messages/batches": { body: batch({}) } };
    const from = server.asked.length;
    expect(await submit("anthropic/claude-haiku-4-5", requests)).toBe("msgbatch_1");
    const [asked] = server.asked.slice(from);
    expect([asked!.line, asked!.headers.authorization]).toEqual(["POST /v1/messages/batches", `Bearer ${key}`]);
    expect(JSON.parse(asked!.body)).toMatchObject({
      requests: [
        { custom_id: "one", params: { model: "claude-haiku-4-5", max_tokens: 20, temperature: 0 } },
        { custom_id: "two", params: { messages: [{ role: "user", content: "Topic of two?" }] } },
      ],
    });
    server.answers = {
      "GET /v1/messages/batches/msgbatch_1": {
        body: batch({ request_counts: { ...counts, processing: 5, succeeded: 3 } }),
      },
    };
    expect(await modelOf("anthropic/claude-haiku-4-5").batches!.look("msgbatch_1", signal)).toEqual({
      state: "running",
      done: 3,
      total: 8,
      until: Date.parse("2024-09-25T18:37:24.100Z"),
    });
  });

  test("are cancelled by their id, and say so while they are", async () => {
    server.answers = {
      "POST /v1/messages/batches/msgbatch_1/cancel": { body: batch({ processing_status: "canceling" }) },
      "GET /v1/messages/batches/msgbatch_1": { body: batch({ processing_status: "canceling" }) },
    };
    const { batches } = modelOf("anthropic/claude-haiku-4-5");
    const from = server.asked.length;
    await batches!.cancel("msgbatch_1", signal);
    expect(server.asked.slice(from).map(({ line }) => line)).toEqual(["POST /v1/messages/batches/msgbatch_1/cancel"]);
    expect(await batches!.look("msgbatch_1", signal)).toMatchObject({ state: "running", cancelling: true });
  });

  test("end each request as a call ends, and their key goes to no address that an answer names", async () => {
    const message = {
      ...{
        id: "msg_1",
        type: "message",
        role: "assistant",
        model: "claude-3-5-haiku-20241022",
        stop_reason: "end_turn",
      },
      content: [
        { type: "thinking", thinking: "A card." },
        { type: "text", text: '{"answer":"card_arrival"}' },
      ],
      usage: { input_tokens: 10, output_tokens: 34, cache_read_input_tokens: 5, cache_creation_input_tokens: 0 },
    };
    const error = {
      type: "error",
      error: { type: "invalid_request_error", message: "max_tokens: too large" },
      request_id: "req_1",
    };
    server.answers = {
      "GET /v1/messages/batches/msgbatch_1": {
        body: batch({
          ...{ processing_status: "ended", ended_at: "2024-09-24T19:00:00.000Z" },
          results_url: "http://192.0.2.1/steal",
        }),
      },
      "GET /v1/messages/batches/msgbatch_1/results": {
        body: jsonLinesOf(
          { custom_id: "one", result: { type: "succeeded", message } },
          { custom_id: "bad", result: { type: "errored", error } },
          { custom_id: "late", result: { type: "expired" } },
          { custom_id: "gone", result: { type: "canceled" } },
          { custom_id: "cut", result: { type: "succeeded", message: { ...message, stop_reason: null } } },
        ),
      },
    };
    const ends = await resultsOf("anthropic/claude-haiku-4-5", "msgbatch_1");
    expect(ends["one"]).toMatchObject({
      ...{ state: "done", text: "card_arrival", reasoning: "A card.", finish: "stop" },
      ...{ usage: { input: 15, output: 34, cachedInput: 5 }, endedAt: Date.parse("2024-09-24T19:00:00.000Z") },
    });
    expect(ends["bad"]).toMatchObject({
      error: { code: "model.bad-request", message: expect.stringContaining("max_tokens: too large") as string },
      requestId: "req_1",
      response: error,
    });
    expect(ends["cut"]).toMatchObject({ state: "failed", error: { code: "model.truncated" }, usage: { output: 34 } });
    expect([ends["late"]!.error!.code, ends["gone"]!.state]).toEqual(["model.batch-expired", "cancelled"]);
  });
});

describe("a batch is not sent", () => {
  test.each<[string, readonly BatchRequest[], string]>([
    ["with two requests of one id", [requests[0]!, requests[0]!], "two requests of a batch have one id"],
    ["with an id the providers do not take", [{ ...requests[0]!, id: "a b" }], "cannot be the id"],
    ["without requests", [], "at least one request"],
  ])("%s", async (_, wrong, words) => {
    const from = server.asked.length;
    for (const name of ["openai/gpt-4o-mini", "anthropic/claude-haiku-4-5"])
      await expect(submit(name, wrong)).rejects.toMatchObject({
        message: expect.stringContaining(words) as string,
      });
    expect(server.asked.length).toBe(from);
  });

  test("where the provider refuses: its words are the error's", async () => {
    server.answers = {
      "POST /v1/files": { status: 429, body: { error: { message: "too many files", type: "rate_limit_error" } } },
    };
    await expect(submit("openai/gpt-4o-mini", requests)).rejects.toMatchObject({
      code: "model.rate-limited",
      message: expect.stringContaining("too many files") as string,
    });
  });

  test.each([
    ["openai/gpt-4o-mini", "POST /v1/batches", { id: "batch_1", status: "validating" }],
    ["anthropic/claude-haiku-4-5", "POST /v1/messages/batches", { id: "batch_1", processing_status: "in_progress" }],
  ])(
    "and not where it is given up once %s was asked for it: what the provider has is known",
    async (name, line, body) => {
      const stop = new AbortController();
      server.answers = (asked) => {
        if (asked.line === "POST /v1/files") return { body: { id: "file_1" } };
        if (asked.line !== line) return undefined;
        stop.abort(new Error("enough"));
        return { body };
      };
      expect(await submit(name, requests, stop.signal)).toBe("batch_1");
    },
  );

  test("where it was given up, and nothing is asked then", async () => {
    const from = server.asked.length;
    const aborted = AbortSignal.abort(new Error("enough"));
    await expect(submit("openai/gpt-4o-mini", requests, aborted)).rejects.toThrow("enough");
    expect(server.asked.length).toBe(from);
  });
});
