import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { PlannedCall } from "#server/notebook/cell-kind.ts";
import type { Child } from "#server/process/child.ts";
import { createCaller } from "./caller.ts";
import { memoryJournal } from "./__fixtures__/memory-journal.ts";
import { capable } from "./capabilities/capable.ts";
import { checkoutModelFiles, isFetched, startLocalModels } from "./__fixtures__/local-models.ts";
import { createModels } from "./index.ts";
import { createModelsChild } from "./local-child.ts";
import type { Capabilities, ChatModel, ChatRequest } from "./model.ts";
import { createTokenCounter } from "./token-counter.ts";

const smollm = await isFetched("local/smollm2-135m-instruct");
const models = createModels({ environment: {}, fetch, endpoints: {} });
const withKey = createModels({ environment: { OPENAI_API_KEY: "test" }, fetch, endpoints: {} });
const forever = new AbortController().signal;
let child: Child;
beforeAll(() => void (child = createModelsChild(process.env)));
afterAll(() => child.close());

function requestOf({ messages, completion, parameters, schema }: PlannedCall): ChatRequest {
  return {
    messages,
    parameters,
    ...(completion === undefined ? {} : { completion }),
    ...(schema === undefined ? {} : { schema }),
  };
}

function asked(...contents: readonly string[]): { readonly key: string; readonly call: PlannedCall }[] {
  return contents.map((content, index) => ({
    key: `${index} ${content}`,
    call: { model: "any", messages: [{ role: "user", content }], parameters: {}, repeat: 0 },
  }));
}

describe("tokens of OpenAI's models", () => {
  const count = (name: string, ...contents: readonly string[]) =>
    createTokenCounter({ child, files: { path: async () => null } })(models.chatModel(name), asked(...contents));

  test("are those of the model's encoding, with what stands around each message", async () => {
    // 4 for the message, 3 before the answer; "hello world" has 2.
    expect(await count("openai/gpt-5-mini", "hello world")).toMatchObject({ tokens: 9 });
    expect(await count("openai/gpt-5-mini", "hello world", "hello")).toMatchObject({ tokens: 17 });
    // The older encoding has more tokens for other scripts.
    const [newer, older] = await Promise.all([
      count("openai/gpt-4o", "Привет, мир"),
      count("openai/gpt-4", "Привет, мир"),
    ]);
    expect(newer!.tokens).toBeLessThan(older!.tokens);
  });

  describe("of calls with a schema", () => {
    const schema = {
      type: "object",
      properties: { name: { type: "string", description: "who it is of ".repeat(50) } },
    };
    let capabilities: Capabilities = {};
    const gpt = () => capable(() => capabilities)(withKey.chatModel("openai/gpt-5-mini"));
    const inputOf = async (
      more: object,
      countTokens = createTokenCounter({ child, files: { path: async () => null } }),
    ) => {
      const caller = createCaller({ resolve: gpt, journal: memoryJournal(), clock: Date.now, countTokens });
      const calls = asked("hello world", "hello world ").map(({ call }) => ({ ...call, ...more }));
      const { basis, input } = (await caller.estimate(calls)).models[0]!;
      return { ...input, basis: basis.input };
    };

    test("are those of their texts, and at most what may be made of the schema besides", async () => {
      const [plain, beside] = [await inputOf({}), await inputOf({ schema })];
      expect([plain.basis, beside.basis]).toEqual(["tokenizer", "schema"]);
      expect(beside.low).toBeCloseTo(plain.low);
      const ofSchema = (beside.high - plain.high) / 1.02 / 2;
      expect([ofSchema > 50 * 4, ofSchema < 50 * 4 + 60]).toEqual([true, true]);
    });

    test("are those of the words that ask for it where the model takes none, whatever was known of it before", async () => {
      const count = createTokenCounter({ child, files: { path: async () => null } });
      await inputOf({ schema }, count);
      capabilities = { jsonSchema: false };
      const inWords = await inputOf({ schema }, count);
      const calls = await Promise.all(
        asked("hello world", "hello world ").map(async ({ call }) => {
          const { body } = await gpt().http!.post(requestOf({ ...call, schema }));
          return (body["input"] as readonly { readonly content: string }[])[0]!.content;
        }),
      );
      expect(calls[0]).toContain("who it is of who");
      const { tokens } = (await count(gpt(), asked(...calls)))!;
      expect(inWords).toEqual({ low: 0.98 * tokens, likely: tokens, high: 1.02 * tokens, basis: "tokenizer" });
    });
  });

  test("of text that looks like a special token are those of text", async () => {
    expect((await count("openai/gpt-5-mini", "<|endoftext|>"))!.tokens).toBeGreaterThan(10);
  });

  test("are counted for thousands of requests without holding up this process", async () => {
    const contents = Array.from({ length: 5_000 }, (_, row) => `Which topic is message ${row} about? `.repeat(20));
    let turns = 0;
    const timer = setInterval(() => (turns += 1), 1);
    const { tokens } = (await count("openai/gpt-5-mini", ...contents))!;
    clearInterval(timer);
    expect(tokens).toBeGreaterThan(5_000 * 100);
    expect(turns).toBeGreaterThan(10);
  });
});

test("of a model without a tokenizer at hand nothing is counted", async () => {
  const count = createTokenCounter({ child, files: { path: async () => null } });
  expect(await count(models.chatModel("anthropic/claude-sonnet-4-5"), asked("hello"))).toBeNull();
  const absent = { name: "local/any", identity: { provider: "local" } } as unknown as ChatModel;
  expect(await count(absent, asked("hello"))).toBeNull();
});

describe.skipIf(!smollm)("tokens of a model on this machine", () => {
  const local = startLocalModels();
  afterAll(() => local.close());

  test("are exactly those that its calls are booked with", async () => {
    const model = local.chatModel("smollm2-135m-instruct");
    const messages = [
      { role: "system" as const, content: "Answer in one word." },
      { role: "user" as const, content: "What is <|im_end|> the capital of Hungary? Árvíztűrő." },
    ];
    const parameters = { max_tokens: 1 };
    const chat: PlannedCall = { model: model.name, messages, parameters, repeat: 0 };
    const completion: PlannedCall = { ...chat, messages: [], completion: "The capital of France is" };
    // It is held to a schema word by word, and does not read it.
    const labelled: PlannedCall = { ...chat, schema: { enum: ["Budapest", "Vienna"] } };
    const count = createTokenCounter({ child, files: checkoutModelFiles() });
    for (const call of [chat, completion, labelled]) {
      const counted = await count(model, [{ key: JSON.stringify(call), call }]);
      for await (const part of model.stream(requestOf(call), forever))
        if (part.type === "finish") expect(counted).toEqual({ tokens: part.usage.input, error: 0 });
    }
  });
});
