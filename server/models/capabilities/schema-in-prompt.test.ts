import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { collect, textOf } from "../__fixtures__/chat-model-conformance.ts";
import { anthropicProtocol, openaiProtocol } from "../__fixtures__/protocols.ts";
import { scriptedServer, type ScriptedServer } from "../__fixtures__/scripted-server.ts";
import { createModels, type Models } from "../index.ts";
import type { ChatRequest } from "../model.ts";

let server: ScriptedServer;
let models: Models;
beforeAll(async () => {
  server = await scriptedServer();
  models = createModels({
    environment: { ANTHROPIC_API_KEY: "k", ANTHROPIC_BASE_URL: server.url },
    fetch,
    endpoints: { deepseek: { baseUrl: `${server.url}/v1` }, groq: { baseUrl: `${server.url}/v1` } },
  });
});
afterAll(() => server.close());

const colour = { enum: ["red", "blue"] };
const person = {
  type: "object",
  properties: { name: { type: "string" }, age: { type: "integer" } },
  required: ["name", "age"],
  additionalProperties: false,
};
const ask = (schema: ChatRequest["schema"]): ChatRequest => ({
  messages: [
    { role: "system", content: "Be exact." },
    { role: "user", content: "Ada is 36." },
  ],
  parameters: {},
  ...(schema === undefined ? {} : { schema }),
});

async function answer(model: string, request: ChatRequest, parts: readonly string[]) {
  server.play({ chunks: [(model.startsWith("anthropic") ? anthropicProtocol : openaiProtocol).answer(parts)] });
  const read = await collect(models.chatModel(model).stream(request, new AbortController().signal));
  const { body } = server.requests.at(-1)!;
  const messages = body["messages"] as readonly { role: string; content: string }[];
  return { text: textOf(read), body, last: messages.at(-1)!, parts: read.filter(({ type }) => type === "text").length };
}

describe("a schema for a model that takes none", () => {
  test("stands in the last message, and some JSON object is asked for where the endpoint knows that", async () => {
    const { text, body, last, parts } = await answer("deepseek/deepseek-chat", ask(person), [
      '{"name":"Ada"',
      ',"age":36}',
    ]);
    expect(body["response_format"]).toEqual({ type: "json_object" });
    expect(last.role).toBe("user");
    expect(last.content).toMatch(
      /^Ada is 36\.\n\nAnswer with JSON alone that fits this JSON Schema: \{"type":"object"/,
    );
    expect([JSON.parse(text), parts]).toEqual([{ name: "Ada", age: 36 }, 2]);
  });

  test("of something else than an object is put into one there, and taken out again", async () => {
    const { text, last } = await answer("deepseek/deepseek-chat", ask(colour), ['{"ans', 'wer":"blue"}']);
    expect(last.content).toContain('"answer":{"enum":["red","blue"]}');
    expect(text).toBe("blue");
  });

  test("is asked for in words alone where not even that is known: labels as they come, JSON without its fence", async () => {
    const labels = await answer("groq/llama-3.3-70b-versatile", ask(colour), ["bl", "ue"]);
    expect(labels.body).not.toHaveProperty("response_format");
    expect(labels.last.content).toContain("Answer with one of these alone: red, blue");
    expect([labels.text, labels.parts]).toEqual(["blue", 2]);
    const fenced = await answer("groq/llama-3.3-70b-versatile", ask(person), [
      "```json\n",
      '{"name":"Ada","age":36}',
      "\n```",
    ]);
    expect(JSON.parse(fenced.text)).toEqual({ name: "Ada", age: 36 });
  });

  test("is no member of an older model of Anthropic's either", async () => {
    const { text, body, last } = await answer("anthropic/claude-3-haiku-20240307", ask(person), [
      '{"name":"Ada","age":36}',
    ]);
    expect(body).not.toHaveProperty("output_config");
    expect(last.content).toContain("Answer with JSON alone");
    expect(JSON.parse(text)).toEqual({ name: "Ada", age: 36 });
  });

  test("is shown so in the code that calls it too", async () => {
    const post = await models.chatModel("deepseek/deepseek-chat").http!.post(ask(person));
    expect(post.body).toMatchObject({ response_format: { type: "json_object" } });
  });

  test("keeps what came of an answer that broke off", async () => {
    server.play({ chunks: [openaiProtocol.unfinished(['{"name"'])] });
    const seen: string[] = [];
    await expect(async () => {
      for await (const part of models
        .chatModel("groq/llama-3.3-70b-versatile")
        .stream(ask(person), AbortSignal.timeout(9_000)))
        if (part.type === "held") seen.push(part.text);
    }).rejects.toMatchObject({ code: "model.truncated" });
    expect(seen).toEqual(['{"name"']);
  });
});

test("a schema for a model of which nothing is known is sent as it always was", async () => {
  const { body, last } = await answer("deepseek/other", ask(person), ['{"name":"Ada","age":36}']);
  expect(body["response_format"]).toMatchObject({ type: "json_schema" });
  expect(last.content).toBe("Ada is 36.");
});
