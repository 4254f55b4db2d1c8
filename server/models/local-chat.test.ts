import { execFile } from "node:child_process";
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterAll, describe, expect, test } from "vitest";
import type { Message } from "#server/notebook/value.ts";
import { temporaryFolder } from "../../tests/helpers/temporary-folder.ts";
import type { ChatModel, ChatRequest } from "./model.ts";
import { virtualTime } from "./calling/__fixtures__/virtual-time.ts";
import { createCalling } from "./calling/create-calling.ts";
import { collect, testChatModel, textOf } from "./__fixtures__/chat-model-conformance.ts";
import { checkoutModelFiles, isFetched, startLocalModels } from "./__fixtures__/local-models.ts";
import { withTemplate } from "./__fixtures__/with-template.ts";

const smollm = await isFetched("local/smollm2-135m-instruct");
const gemma = await isFetched("local/gemma-3-270m");
const local = startLocalModels();
afterAll(() => local.close());

const forever = new AbortController().signal;

/** A request with whatever it leaves out left empty. */
function requestOf(request: Partial<ChatRequest>): ChatRequest {
  return { messages: [], parameters: {}, ...request };
}

async function answer(model: ChatModel, request: Partial<ChatRequest>) {
  const parts = await collect(model.stream(requestOf(request), forever));
  const finish = parts.at(-1);
  if (finish?.type !== "finish") throw new Error("the stream has no finish");
  return { text: textOf(parts), reason: finish.reason, usage: finish.usage, pieces: parts.length - 1 };
}

/** What it thought, and what it said. */
async function thoughtAndText(model: ChatModel, request: Partial<ChatRequest>) {
  const parts = await collect(model.stream(requestOf(request), forever));
  return { thought: parts.map((part) => (part.type === "reasoning" ? part.text : "")).join(""), text: textOf(parts) };
}

const examples = [
  "Message: what is the euro at today?\nTopic: exchange rate\n",
  "Message: my card was stolen\nTopic: lost card\n",
  "Message: I have lost my card\nTopic:",
].join("\n");

test("a local model that does not exist is an error that names those there are", () => {
  expect(() => local.chatModel("llama-9")).toThrow(
    expect.objectContaining({ code: "model.unknown", cure: expect.stringContaining("local/smollm2-135m-instruct") }),
  );
  expect(() => local.chatModel("all-minilm-l6-v2")).toThrow(expect.objectContaining({ code: "model.unknown" }));
});

describe.skipIf(!smollm)("SmolLM2 on this machine", () => {
  const model = (): ChatModel => local.chatModel("smollm2-135m-instruct");

  testChatModel("it", {
    answering: async () => ({
      model: model(),
      request: requestOf({ messages: [{ role: "user", content: "What is the capital of France?" }] }),
      text: "The capital of France is Paris.",
    }),
    endless: async () => ({
      model: model(),
      request: requestOf({ completion: "1, 2, 3, 4, 5, 6, 7,", parameters: { max_tokens: 4_000 } }),
    }),
    failing: async () => ({
      model: model(),
      request: requestOf({ completion: "word ".repeat(9_000) }),
      code: "model.context-length",
    }),
  });

  test("answers somebody who waits before the rows that wait, after the one that is running", async () => {
    const whole = createCalling({ timers: virtualTime(), random: () => 0 }).reach(model());
    const ended: string[] = [];
    const running = Promise.withResolvers<void>();
    const ask = async (name: string, priority: "interactive" | "batch"): Promise<void> => {
      const onSend = async (): Promise<void> => running.resolve();
      const request = { completion: `${name}: 1, 2, 3,`, parameters: { max_tokens: 8 }, sending: { priority, onSend } };
      await collect(whole.stream(requestOf(request), forever));
      ended.push(name);
    };
    const rows = Array.from({ length: 6 }, (_, row) => ask(`row ${row}`, "batch"));
    // Which of the rows comes first is settled by how soon each is ready to be asked.
    await running.promise;
    await Promise.all([...rows, ask("person", "interactive")]);
    expect(ended.indexOf("person")).toBe(1);
  });

  test("counts tokens exactly and stops at max_tokens", async () => {
    const { reason, usage, pieces } = await answer(model(), {
      completion: "The capital of France is",
      parameters: { max_tokens: 7 },
    });
    expect({ reason, usage }).toEqual({ reason: "length", usage: { input: 5, output: 7 } });
    expect(pieces).toBeGreaterThan(1);
  });

  test("stops before a stop string", async () => {
    const { text, reason } = await answer(model(), {
      completion: "The capital of France is",
      parameters: { stop: ["\n", "."] },
    });
    expect({ text, reason }).toEqual({ text: " Paris", reason: "stop" });
  });

  test("gives a label of an enumeration bare, and nothing else", async () => {
    const schema = { enum: ["exchange rate", "lost card", "lost"] };
    expect(await answer(model(), { completion: examples, schema })).toMatchObject({
      text: "lost card",
      reason: "stop",
    });
    const unlikely = { enum: ['"quoted" \\ label'] };
    expect((await answer(model(), { completion: examples, schema: unlikely })).text).toBe('"quoted" \\ label');
    const asked = await answer(model(), {
      messages: [{ role: "user", content: "Is grass green?" }],
      schema: { enum: ["yes", "no"] },
    });
    expect(["yes", "no"]).toContain(asked.text);
  });

  test("gives JSON of a schema", async () => {
    const { text, reason } = await answer(model(), {
      completion: `${examples} lost card\n\nThe last message as JSON:`,
      schema: {
        type: "object",
        properties: {
          topic: { enum: ["lost card", "exchange rate"] },
          urgent: { type: "boolean" },
          words: { type: "array", items: { type: "string", maxLength: 8 }, minItems: 1, maxItems: 2 },
          amount: { anyOf: [{ type: "null" }, { type: "integer" }] },
        },
      },
    });
    expect(reason).toBe("stop");
    const parsed = JSON.parse(text);
    expect(Object.keys(parsed)).toEqual(["topic", "urgent", "words", "amount"]);
    expect(["lost card", "exchange rate"]).toContain(parsed.topic);
    expect(typeof parsed.urgent).toBe("boolean");
    expect(parsed.words.length).toBeGreaterThan(0);
  });

  test("continues text with the JSON it would write by itself, where that is as its schema says", async () => {
    const shots = [
      ["The bill of Amber Roofing is 830 EUR.", '{"vendor": "Amber Roofing", "total": 830, "currency": "EUR"}'],
      ["Thursday Market, $12.25 for fruit.", '{"vendor": "Thursday Market", "total": 12.25, "currency": "USD"}'],
      ["Vale Software: 200 GBP, tax 40 GBP.", '{"vendor": "Vale Software", "total": 240, "currency": "GBP"}'],
      ["Please pay 1,700 EUR to Cobalt Metal.", '{"vendor": "Cobalt Metal", "total": 1700, "currency": "EUR"}'],
    ];
    const head = shots.map(([text, fields]) => `Text: ${text}\nFields: ${fields}\n\n`).join("");
    const schema = {
      type: "object",
      properties: { vendor: { type: "string" }, total: { type: "number" }, currency: { enum: ["EUR", "USD", "GBP"] } },
      additionalProperties: false,
    };
    const completion = `${head}Text: Your deposit of 50 GBP is counted in, 170 GBP are left to pay to Otter Marine.\nFields:`;
    const free = await answer(model(), { completion, parameters: { max_tokens: 60, stop: ["\n"] } });
    const held = await answer(model(), { completion, parameters: { max_tokens: 60 }, schema });
    expect(held).toMatchObject({ text: free.text.trim(), reason: "stop" });
  }, 60_000);

  describe("that thinks in its text, as the answers before do,", () => {
    const turn = (question: string, answer: string): Message[] => [
      { role: "user", content: question },
      { role: "assistant", content: answer },
    ];
    const question: Message = { role: "user", content: "Is coal black?" };
    const messages = [
      ...turn("Is grass green?", "<think>\nGrass is green.\n</think>\n\nyes"),
      ...turn("Is snow black?", "<think>\nSnow is white.\n</think>\n\nno"),
      ...turn("Is the sky blue?", "<think>\nThe sky is blue.\n</think>\n\nyes"),
      question,
    ];

    test("has the thought apart from the answer", async () => {
      const { thought, text } = await thoughtAndText(model(), { messages });
      expect(thought).toMatch(/^\w.*\.$/);
      expect(["yes", "no"]).toContain(text);
    });

    test("goes on in a thought that was begun for it, and in an answer", async () => {
      const begun = (content: string): Promise<{ thought: string; text: string }> =>
        thoughtAndText(model(), { messages: [...messages, { role: "assistant", content }] });
      const { thought, text } = await begun("<think>\nCoal is");
      expect(thought).toMatch(/^ \w.*\.$/);
      expect(["yes", "no"]).toContain(text);
      expect(await begun("<think>\nCoal is black.\n</think>\n\nMy answer is")).toMatchObject({ thought: "" });
    });

    test("has no thought where it is held to labels, nor where text is continued", async () => {
      const held = await thoughtAndText(model(), { messages, schema: { enum: ["<think>a</think>b"] } });
      expect(held).toEqual({ thought: "", text: "<think>a</think>b" });
      const completion = "<think>a</think>b\n".repeat(6);
      const continued = await thoughtAndText(model(), { completion, parameters: { stop: ["\n"] } });
      expect(continued).toEqual({ thought: "", text: "<think>a</think>b" });
    });

    test("is known to think where its template begins the thought", async () => {
      await using folder = await temporaryFolder();
      const before = "{% for message in messages %}<|im_start|>{{ message['role'] }}\n";
      const thought = "<think>\n{{ message['reasoning_content'] }}\n</think>\n\n";
      const template =
        `${before}{% if message['role'] == 'assistant' %}${thought}{% endif %}{{ message['content'] }}<|im_end|>\n` +
        "{% endfor %}{% if add_generation_prompt %}<|im_start|>assistant\n<think>\n{% endif %}";
      const own = await checkoutModelFiles().path("local/smollm2-135m-instruct");
      await writeFile(join(folder.path, "thinker.gguf"), withTemplate(await readFile(own!), template));
      const files = checkoutModelFiles({ workspace: folder.path, cache: folder.path, shipped: folder.path });
      await files.look();
      const thinkers = startLocalModels({}, files);
      try {
        const request = { messages: [question], parameters: { max_tokens: 12 } };
        const { thought: said, text } = await thoughtAndText(thinkers.chatModel("thinker"), request);
        expect(said).toMatch(/\w/);
        expect(text).toBe("");
      } finally {
        await thinkers.close();
      }
    });
  });

  test("with a temperature gives what the seed says", async () => {
    const request = (seed: number): Partial<ChatRequest> => ({
      completion: "Once upon a time",
      parameters: { temperature: 1, seed, max_tokens: 12 },
    });
    // In how many pieces it comes is a matter of time.
    const { pieces: _, ...first } = await answer(model(), request(1));
    expect(await answer(model(), request(1))).toMatchObject(first);
    expect((await answer(model(), request(2))).text).not.toBe(first.text);
  });

  test("greedily gives the same answer whatever ran before", async () => {
    // Prompts of several chunks with beginnings in common, so that what is remembered is used, cut back and thrown away.
    const story = Array.from(
      { length: 9 },
      (_, index) => `Fact ${index}: the number ${index * 7} is on the list.`,
    ).join("\n");
    const prompts = [`${story}\nFact 9:`, `${story}\nIn short,`, examples];
    const ask = async (completion: string) =>
      (await answer(model(), { completion, parameters: { max_tokens: 6 } })).text;
    const alone: string[] = [];
    for (const prompt of prompts) {
      local.child.kill();
      alone.push(await ask(prompt));
    }
    for (const index of [0, 1, 2, 1]) expect(await ask(prompts[index]!)).toBe(alone[index]);
    // Two at once take turns and do not mix.
    expect(await Promise.all(prompts.map(ask))).toEqual(alone);
  }, 60_000);

  test("reads what looks like the marks of its chat template as plain text", async () => {
    const parameters = { max_tokens: 1 };
    const plain = await answer(model(), { messages: [{ role: "user", content: "<|im_end|>" }], parameters });
    const empty = await answer(model(), { messages: [{ role: "user", content: "" }], parameters });
    expect(plain.usage.input! - empty.usage.input!).toBeGreaterThan(1);
  });

  test("stops when nobody reads on, also after an abort while nobody read", async () => {
    const request = requestOf({ completion: "1, 2, 3, 4, 5, 6, 7,", parameters: { max_tokens: 4_000 } });
    const started = performance.now();
    for await (const part of model().stream(request, forever)) if (part.type === "text") break;
    const abort = new AbortController();
    const stream = model().stream(request, abort.signal)[Symbol.asyncIterator]();
    await stream.next();
    abort.abort(new Error("enough"));
    await new Promise((resolve) => setTimeout(resolve, 50));
    const rest = (async () => {
      while ((await stream.next()).done !== true);
    })();
    await expect(rest).rejects.toThrow("enough");
    expect((await answer(model(), { completion: examples, parameters: { stop: ["\n"] } })).text).toBe(" lost card");
    expect(performance.now() - started).toBeLessThan(10_000);
  });

  test("refuses a schema it cannot be held to, and goes on", async () => {
    const refused = answer(model(), { completion: examples, schema: { not: { type: "null" } } });
    await expect(refused).rejects.toMatchObject({ code: "model.schema" });
    expect((await answer(model(), { completion: examples, parameters: { stop: ["\n"] } })).text).toBe(" lost card");
  });

  test("leaves nothing on the command line's own output", async () => {
    const script = new URL("./__fixtures__/ask-local-model.ts", import.meta.url).pathname;
    const { stdout, stderr } = await promisify(execFile)(process.execPath, [script]);
    expect({ stdout, stderr }).toEqual({ stdout: " lost card\n", stderr: "" });
  });
});

describe.skipIf(!gemma)("Gemma, a base model, on this machine", () => {
  const model = (): ChatModel => local.chatModel("gemma-3-270m");

  test("continues text after examples", async () => {
    expect(await answer(model(), { completion: examples, parameters: { stop: ["\n"] } })).toMatchObject({
      text: " lost card",
      reason: "stop",
    });
  });

  test("refuses messages, and says to set completion", async () => {
    const asked = answer(model(), { messages: [{ role: "user", content: "Hello" }] });
    await expect(asked).rejects.toMatchObject({
      code: "model.no-chat-template",
      cure: expect.stringContaining("completion: true"),
    });
  });

  test.skipIf(!smollm)("makes room for another where both do not fit, and comes back", async () => {
    const small = startLocalModels({ SHEAF_MODEL_MEMORY: "1" });
    try {
      for (const name of ["smollm2-135m-instruct", "gemma-3-270m", "smollm2-135m-instruct"]) {
        const { text } = await answer(small.chatModel(name), { completion: examples, parameters: { stop: ["\n"] } });
        expect(text).toBe(" lost card");
      }
    } finally {
      await small.close();
    }
  });
});
