import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { collect } from "../__fixtures__/chat-model-conformance.ts";
import { batchServer, type BatchServer } from "../batches/__fixtures__/batch-server.ts";
import { jsonLinesOf } from "../batches/__fixtures__/openai-batches.ts";
import type { BatchRequest } from "../batches/model-batches.ts";
import { createLightFetch } from "../light-fetch.ts";
import { createModels } from "../index.ts";
import { ModelError } from "../model-error.ts";
import type { ChatModel, ChatRequest, ImageInput } from "../model.ts";

let server: BatchServer;
beforeAll(async () => void (server = await batchServer()));
afterAll(() => server[Symbol.asyncDispose]());

const signal = new AbortController().signal;

function modelOf(name: string): ChatModel {
  const environment = {
    ...{ OPENAI_API_KEY: "k", OPENAI_BASE_URL: `${server.url}/v1` },
    ...{ ANTHROPIC_API_KEY: "k", ANTHROPIC_BASE_URL: server.url },
  };
  return createModels({ environment, fetch: createLightFetch(), endpoints: {} }).chatModel(name);
}

const picture: ImageInput = {
  ...{ hash: "a", name: "dot.png", mediaType: "image/png" },
  bytes: async () => Uint8Array.of(1, 2, 3),
};
const lost = new ModelError("model.image", "the file dot.png is not kept here any more", { unbilled: true, cure: "" });

const model = "anthropic/claude-3-5-haiku";
const plain: ChatRequest = { messages: [{ role: "user", content: "The sky?" }], parameters: { temperature: 0 } };

describe("a batch of a model that takes no schema", () => {
  const person = { type: "object", properties: { name: { type: "string" } }, required: ["name"] };
  const colour = { enum: ["red", "blue"] };
  const asked: readonly BatchRequest[] = [
    { id: "one", request: { ...plain, schema: colour } },
    { id: "two", request: { ...plain, schema: person } },
  ];

  test("sends what a call of it sends, but for the stream, and reads the answer as that", async () => {
    server.answers = {
      "POST /v1/messages": { body: "" },
      "POST /v1/messages/batches": { body: { id: "msgbatch_1" } },
    };
    const from = server.asked.length;
    for (const { request } of asked)
      await expect(collect(modelOf(model).stream(request, signal))).rejects.toBeInstanceOf(ModelError);
    const { batches } = modelOf(model);
    const lines = await Promise.all(asked.map((each) => batches!.line(each)));
    expect(lines.map(({ inWords }) => inWords)).toEqual([{ jsonObject: false }, { jsonObject: false }]);
    await batches!.submit(lines, signal);
    const [one, two, batch] = server.asked.slice(from).map(({ body }) => JSON.parse(body) as object);
    const streamed = [one, two].map((body) => ({ ...body, stream: undefined }));
    expect(batch).toEqual({ requests: streamed.map((params, index) => ({ custom_id: asked[index]!.id, params })) });
    expect(JSON.stringify(batch)).not.toContain("output_config");
    expect(JSON.stringify(batch)).toContain("Answer with one of these alone: red, blue");

    const messageOf = (text: string) => ({
      ...{ model: "claude-3-5-haiku-20241022", stop_reason: "end_turn", usage: {} },
      content: [{ type: "text", text }],
    });
    const ended = { processing_status: "ended", ended_at: "2024-09-24T19:00:00.000Z", request_counts: {} };
    server.answers = {
      "GET /v1/messages/batches/msgbatch_1": { body: ended },
      "GET /v1/messages/batches/msgbatch_1/results": {
        body: jsonLinesOf(
          { custom_id: "one", result: { type: "succeeded", message: messageOf("red") } },
          { custom_id: "two", result: { type: "succeeded", message: messageOf('```json\n{"name":"Ada"}\n```') } },
        ),
      },
    };
    // Whatever is known of the model by then, it goes by what was sent.
    const sentOf = (id: string) => ({
      request: asked.find((each) => each.id === id)!.request,
      inWords: { jsonObject: false },
    });
    const read = new Map<string, string>();
    for (const name of [model, "anthropic/claude-haiku-4-5"])
      for await (const { id, end } of modelOf(name).batches!.results("msgbatch_1", { sentOf }, signal))
        read.set(`${name} ${id}`, end.text);
    expect([...read.values()]).toEqual(["red", '{"name":"Ada"}', "red", '{"name":"Ada"}']);
  });
});

test.each<[string, string, ChatRequest["parameters"], ChatRequest["images"]]>([
  ["what it cannot do", "openai/gpt-4o-mini", { reasoning_effort: "low" }, undefined],
  ["what its provider has no word for", model, { seed: 1 }, undefined],
  ["a picture that cannot be read", model, {}, [{ ...picture, bytes: () => Promise.reject(lost) }]],
])(
  "a request of a batch is refused %s with a call's own error, before anything is sent",
  async (_, name, parameters, images) => {
    const request = {
      messages: plain.messages,
      parameters,
      ...(images === undefined ? {} : { images }),
    };
    const from = server.asked.length;
    const failed = async (work: Promise<unknown>) => (await work.catch((thrown: unknown) => thrown)) as ModelError;
    const ofCall = await failed(collect(modelOf(name).stream(request, signal)));
    const ofBatch = await failed(modelOf(name).batches!.line({ id: "one", request }));
    expect(ofBatch).toBeInstanceOf(ModelError);
    expect([ofBatch.code, ofBatch.message, ofBatch.cure]).toEqual([ofCall.code, ofCall.message, ofCall.cure]);
    expect(server.asked.length).toBe(from);
  },
);

test("pictures go into a batch with their bytes, as they go with a call", async () => {
  const request = { messages: [{ role: "user", content: "What is it?" }], parameters: {}, images: [picture] } as const;
  const textOf = async (name: string, parameters = {}) =>
    (await modelOf(name).batches!.line({ id: "one", request: { ...request, parameters } })).text;
  expect(await textOf("openai/gpt-4o-mini")).toContain('{"url":"data:image/png;base64,AQID"}');
  expect(await textOf("openai/gpt-5", { api: "responses" })).toContain('"image_url":"data:image/png;base64,AQID"');
  expect(await textOf("anthropic/claude-haiku-4-5")).toContain('"media_type":"image/png","data":"AQID"');
});
