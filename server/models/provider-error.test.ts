import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { collect } from "./__fixtures__/chat-model-conformance.ts";
import { createCalling } from "./calling/create-calling.ts";
import { systemTimers } from "./calling/timers.ts";
import { createModels } from "./index.ts";
import { createLightFetch } from "./light-fetch.ts";
import type { ModelError, ModelErrorFacts } from "./model-error.ts";
import { modelsAt } from "./__fixtures__/models-at.ts";
import { json, openaiChunk, openaiProtocol } from "./__fixtures__/protocols.ts";
import { scriptedServer, type Script, type ScriptedServer } from "./__fixtures__/scripted-server.ts";

let server: ScriptedServer;
beforeAll(async () => {
  server = await scriptedServer();
});
afterAll(() => server.close());

/** What a model makes of an error with this body. */
async function failure(name: string, status: number, body: object, headers: Script["headers"] = {}): Promise<unknown> {
  server.play({ status, headers: { ...json, ...headers }, chunks: [JSON.stringify(body)] });
  return thrownBy(name);
}

function thrownBy(name: string): Promise<unknown> {
  const request = { messages: [{ role: "user" as const, content: "Hello" }], parameters: {} };
  return collect(modelsAt(server.url).chatModel(name).stream(request, new AbortController().signal)).catch(
    (thrown: unknown) => thrown,
  );
}

const anthropicError = (message: string): object => ({
  type: "error",
  error: { type: "invalid_request_error", message },
  request_id: "req_1",
});
const vllmWords = "This model's maximum context length is 6048 tokens. However, you requested 6616 tokens.";

describe("an error that is known by its words alone", () => {
  test.each<[string, string, number, object, RegExp]>([
    ["Anthropic", "anthropic/m", 400, anthropicError("prompt is too long: 208656 tokens > 200000 maximum"), /208656/],
    [
      "Anthropic, with the answer's bound",
      "anthropic/m",
      400,
      anthropicError("input length and `max_tokens` exceed context limit: 199000 + 4096 > 200000"),
      /199000/,
    ],
    [
      "vLLM, with a body of its own shape",
      "here/m",
      400,
      { object: "error", message: vllmWords, type: "BadRequestError", param: null, code: 400 },
      /6616 tokens/,
    ],
    [
      "vLLM, with OpenAI's",
      "here/m",
      400,
      { error: { message: vllmWords, type: "BadRequestError", param: "input_tokens", code: 400 } },
      /6616 tokens/,
    ],
    [
      "llama.cpp's server",
      "here/m",
      400,
      {
        error: {
          code: 400,
          message: "the request exceeds the available context size, try increasing it",
          type: "exceed_context_size_error",
          n_prompt_tokens: 14_429,
          n_ctx: 8_192,
        },
      },
      /available context size/,
    ],
    [
      "llama.cpp's server, when it said 500",
      "here/m",
      500,
      { error: { code: 500, message: "try increasing the context size", type: "exceed_context_size_error" } },
      /increasing/,
    ],
    [
      "OpenAI",
      "openai/m",
      400,
      { error: { message: "Your input exceeds the context window of this model.", code: "context_length_exceeded" } },
      /context window/,
    ],
  ])("a request that is too long, by %s", async (_, name, status, body, words) => {
    expect(await failure(name, status, body)).toMatchObject({
      code: "model.context-length",
      message: expect.stringMatching(words),
      facts: { retryable: false, unbilled: true },
    });
  });

  test.each<[string, string, number, object]>([
    [
      "Anthropic",
      "anthropic/m",
      400,
      anthropicError("Your credit balance is too low to access the Anthropic API. Please go to Plans & Billing."),
    ],
    ["DeepSeek", "here/m", 402, { error: { message: "Insufficient Balance", type: "unknown_error", code: "invalid" } }],
    ["a broker", "here/m", 403, { error: { message: "Insufficient credits. Add more.", code: 403 } }],
    ["OpenAI", "openai/m", 429, { error: { message: "You exceeded your current quota", code: "insufficient_quota" } }],
  ])("an account without credit, by %s", async (_, name, status, body) => {
    expect(await failure(name, status, body)).toMatchObject({ code: "model.quota", facts: { retryable: false } });
  });

  test("is none where the words are of a parameter, or of the provider's own trouble", async () => {
    expect(await failure("here/m", 400, { error: { message: "max_tokens is too large" } })).toMatchObject({
      code: "model.bad-request",
    });
    expect(await failure("here/m", 429, { error: { message: "You exceeded your current quota" } })).toMatchObject({
      code: "model.rate-limited",
    });
    expect(await failure("here/m", 503, { error: { message: "insufficient quota of workers" } })).toMatchObject({
      code: "model.overloaded",
    });
  });

  test.each([
    ['{"error":{"message":"no su', "model.truncated", true],
    ["fetch failed", "model.provider-failed", false],
  ])(
    "is not taken for one of the network, which a parser's words may sound like: %s",
    async (body, code, retryable) => {
      server.play({ headers: json, chunks: [body] });
      expect(await thrownBy("here/m")).toMatchObject({ code, facts: { retryable } });
    },
  );

  test("is not of a limit that passes where one request is larger than the limit is", async () => {
    const message =
      "Request too large for gpt-4o in organization org-1 on tokens per min (TPM): Limit 30000, Requested 40012. The input or output tokens must be reduced in order to run successfully.";
    const error = { message, type: "tokens", param: null, code: "rate_limit_exceeded" };
    expect(await failure("openai/m", 429, { error })).toMatchObject({
      code: "model.too-long",
      message: expect.stringContaining("Limit 30000, Requested 40012") as string,
      cure: expect.stringContaining("tokens a minute") as string,
      facts: { retryable: false },
    });
    const passing = {
      ...error,
      message: "Rate limit reached for gpt-4o on tokens per min (TPM): Limit 30000, Used 29000",
    };
    expect(await failure("openai/m", 429, { error: passing })).toMatchObject({ code: "model.rate-limited" });
  });

  test.each<[string, number, unknown, string, RegExp]>([
    [
      "in an error of its own",
      400,
      '{"error":{"message":"max_tokens is too large: 999999","type":"invalid_request_error"}}',
      "model.bad-request",
      /: OpenAI: max_tokens is too large/,
    ],
    [
      "with a label",
      400,
      { error: { message: "too many", code: "context_length_exceeded" } },
      "model.context-length",
      /: OpenAI: too many/,
    ],
    ["in plain words", 429, "Slow down", "model.rate-limited", /: OpenAI: Slow down/],
    ["not at all", 502, "", "model.overloaded", /: Provider returned error/],
  ])("is the one of who is behind the server, where it says that %s", async (_, status, raw, code, words) => {
    const error = { message: "Provider returned error", code: status, metadata: { raw, provider_name: "OpenAI" } };
    const found = (await failure("here/m", status, { error })) as ModelError;
    expect([found.code, found.message]).toEqual([code, expect.stringMatching(words)]);
  });

  test("keeps the words of a body that has no error in it", async () => {
    expect(await failure("here/m", 422, { detail: "messages: field required" })).toMatchObject({
      code: "model.bad-request",
      message: expect.stringContaining("messages: field required"),
    });
  });
});

describe.each(["openai/m", "openai/test-pro", "anthropic/m", "here/m"])("an error of %s", (name) => {
  test.each([
    [307, "model.unreachable", false],
    [400, "model.bad-request", false],
    [401, "model.unauthorized", false],
    [402, "model.quota", false],
    [403, "model.forbidden", false],
    [404, "model.not-found", false],
    [408, "model.timeout", true],
    [409, "model.overloaded", true],
    [413, "model.too-long", false],
    [422, "model.bad-request", false],
    [429, "model.rate-limited", true],
    [500, "model.provider-failed", true],
    [501, "model.provider-failed", true],
    [502, "model.overloaded", true],
    [503, "model.overloaded", true],
    [504, "model.timeout", true],
    [529, "model.overloaded", true],
  ])("of status %d is %s, is sent once, and has words, cure and facts", async (status, code, retryable) => {
    const before = server.requests.length;
    const body = { error: { message: `status ${status} it is` } };
    const error = (await failure(name, status, body, { "retry-after": "7" })) as ModelError;
    expect(error).toMatchObject({
      code,
      message: expect.stringContaining(`status ${status} it is`),
      cure: expect.stringMatching(/\w/),
      facts: { status, retryable, unbilled: true, retryAfter: 7_000, requestId: "request-1" },
    });
    expect(server.requests.length - before).toBe(1);
  });
});

describe.each(["openai/m", "openai/test-pro", "anthropic/m", "here/m"])(
  "what a refusal of %s says of sending it again",
  (name) => {
    test.each<[string, { readonly [header: string]: string }, Partial<ModelErrorFacts>]>([
      ["nothing", {}, {}],
      ["seconds", { "retry-after": "7" }, { retryAfter: 7_000 }],
      ["parts of a second", { "retry-after": "0.25" }, { retryAfter: 250 }],
      ["milliseconds, before seconds", { "retry-after-ms": "120", "retry-after": "7" }, { retryAfter: 120 }],
      ["a date", { "retry-after": "Wed, 21 Oct 2026 07:28:00 GMT" }, { retryAt: Date.UTC(2026, 9, 21, 7, 28) }],
      ["more than a timer can wait", { "retry-after": "999999999" }, { retryAfter: 999_999_999_000 }],
      ["less than nothing", { "retry-after": "-5" }, {}],
      ["words", { "retry-after": "soon, I hope" }, {}],
      ["NaN", { "retry-after": "NaN", "retry-after-ms": "NaN" }, {}],
      ["a date of its own kind", { "retry-after": "2026-10-21" }, {}],
      ["to do so", { "x-should-retry": "true" }, { shouldRetry: true }],
      ["not to", { "x-should-retry": "false", "retry-after": "1" }, { shouldRetry: false, retryAfter: 1_000 }],
      ["neither", { "x-should-retry": "perhaps" }, {}],
    ])("by its headers: %s", async (_, headers, said) => {
      const { facts } = (await failure(name, 429, { error: { message: "slower" } }, headers)) as ModelError;
      const { retryAfter, retryAt, shouldRetry } = facts;
      expect({ retryAfter, retryAt, shouldRetry }).toEqual({
        retryAfter: undefined,
        retryAt: undefined,
        shouldRetry: undefined,
        ...said,
      });
    });
  },
);

// By hand after https://openrouter.ai/docs/api_reference/errors-and-debugging: once a model has begun the status is 200, and the error in the body or in an event has the code.
describe.each<[string, (error: object) => Script]>([
  ["a body", (error) => ({ headers: json, chunks: [JSON.stringify({ error })] })],
  [
    "an event",
    (error) => ({
      chunks: [
        ": OPENROUTER PROCESSING\n\n",
        openaiChunk({ error, choices: [{ index: 0, delta: { content: "" }, finish_reason: "error" }] }),
        "data: [DONE]\n\n",
      ],
    }),
  ],
])("an error that a 200 has as %s", (_, script) => {
  const errorOf = (code: number | string, more: object = {}): object => ({ code, message: `it says ${code}`, ...more });

  test.each<[number | string, string, boolean]>([
    [400, "model.bad-request", false],
    [401, "model.unauthorized", false],
    [402, "model.quota", false],
    [403, "model.forbidden", false],
    [404, "model.not-found", false],
    [408, "model.timeout", true],
    [413, "model.too-long", false],
    [429, "model.rate-limited", true],
    ["429", "model.rate-limited", true],
    [500, "model.provider-failed", true],
    [502, "model.overloaded", true],
    [503, "model.overloaded", true],
    [1301, "model.provider-failed", true],
  ])("is by its code %s what the status would be: %s", async (said, code, retryable) => {
    server.play(script(errorOf(said)));
    const error = (await thrownBy("here/m")) as ModelError;
    expect(error).toMatchObject({ code, message: `here: it says ${said}`, facts: { retryable } });
    // Who answers 200 may bill it.
    expect(error.facts).not.toHaveProperty("unbilled");
    expect(error.facts).not.toHaveProperty("status");
  });

  test("is of a filter where it says what was flagged, and no fault of the key", async () => {
    server.play(script(errorOf(403, { metadata: { reasons: ["violence"], flagged_input: "…", provider_name: "X" } })));
    expect(await thrownBy("here/m")).toMatchObject({ code: "model.content-filter", facts: { retryable: false } });
  });

  test.each<[number, readonly string[]]>([
    // A bad request no other key and no other model answers.
    [400, ["Bearer key-1"]],
    [401, ["Bearer key-1", "Bearer key-2"]],
    [429, ["Bearer key-1", "Bearer key-2"]],
    [503, ["Bearer key-1", "Bearer none"]],
  ])("with the code %d goes to another key, another model or nobody as the status would: %j", async (code, sent) => {
    const failed = script(errorOf(code));
    server.play(
      ...sent.slice(0, -1).map(() => failed),
      code === 400 ? failed : { chunks: [openaiProtocol.answer(["Hi"])] },
    );
    const models = createModels({
      environment: { ROUTER_API_KEY: "key-1,key-2" },
      fetch: createLightFetch(),
      endpoints: {
        router: { baseUrl: `${server.url}/v1`, keyVariable: "ROUTER_API_KEY" },
        spare: { baseUrl: `${server.url}/v1` },
      },
    });
    const calling = createCalling({
      timers: systemTimers(),
      random: () => 0,
      retryRules: { attempts: { interactive: 1, batch: 1 }, base: 1, cap: 1, longest: 1_000 },
    });
    const before = server.requests.length;
    const reached = calling.reach(models.chatModel("router/m"), [models.chatModel("spare/m")]);
    const request = { messages: [{ role: "user" as const, content: "Hello" }], parameters: {} };
    await collect(reached.stream(request, new AbortController().signal)).catch((thrown: unknown) => thrown);
    const auths = server.requests.slice(before).map(({ headers }) => headers.authorization);
    expect(auths).toEqual(sent);
  });
});

// The error as in https://github.com/continuedev/continue/issues/10530, in a list as Gemini's compatible endpoint puts it (by hand), which no SDK reads.
describe.each(["here/m", "openai/m", "openai/test-pro", "anthropic/m"])("an error that %s has in a list", (name) => {
  const google = (code: number, message: string, status: string, details: readonly object[] = []): object[] => [
    { error: { code, message, status, details } },
  ];

  test("is the first of it, in the provider's words", async () => {
    const error = await failure(name, 400, google(400, "Unknown name: frequency", "INVALID_ARGUMENT"));
    expect(error).toMatchObject({
      code: "model.bad-request",
      message: expect.stringMatching(/^(?:here|OpenAI|Anthropic) \(HTTP 400\): Unknown name: frequency$/),
      facts: { status: 400, response: { error: { status: "INVALID_ARGUMENT" } } },
    });
    expect(await failure(name, 400, [])).toMatchObject({ code: "model.bad-request" });
  });

  test.each<[string, string, readonly object[]]>([
    ["its words", "API key not valid. Please pass a valid API key.", []],
    ["its words", "API key expired. Please renew the API key.", []],
    [
      "its reason",
      "No such key.",
      [{ "@type": "type.googleapis.com/google.rpc.ErrorInfo", reason: "API_KEY_INVALID", domain: "googleapis.com" }],
    ],
  ])("is of its key by %s: %s", async (_, words, details) => {
    expect(await failure(name, 400, google(400, words, "INVALID_ARGUMENT", details))).toMatchObject({
      code: "model.unauthorized",
      facts: { status: 400, retryable: false, unbilled: true },
    });
  });

  test("says when to send it again, and a header says it better", async () => {
    const info = { "@type": "type.googleapis.com/google.rpc.RetryInfo", retryDelay: "2.5s" };
    const body = google(429, "You exceeded your current quota.", "RESOURCE_EXHAUSTED", [{ violations: [] }, info]);
    expect(await failure(name, 429, body)).toMatchObject({ code: "model.rate-limited", facts: { retryAfter: 2_500 } });
    expect(await failure(name, 429, body, { "retry-after": "7" })).toMatchObject({ facts: { retryAfter: 7_000 } });
    const odd = google(429, "So it is.", "RESOURCE_EXHAUSTED", [{ retryDelay: "soon" }, { retryDelay: 2 }]);
    expect((await failure(name, 429, odd)) as ModelError).not.toHaveProperty("facts.retryAfter");
  });
});
