import { expect, test } from "vitest";
import { collect, textOf } from "./__fixtures__/chat-model-conformance.ts";
import { json, openaiProtocol } from "./__fixtures__/protocols.ts";
import { createModels, type Models } from "./index.ts";
import type { ModelError } from "./model-error.ts";
import type { ChatRequest } from "./model.ts";

type Body = { readonly [member: string]: unknown };

/** A server that answers, but refuses what `refusal` says, and the models at it under the names of several endpoints. */
function serverOf(refusal: (body: Body) => readonly [status: number, error: unknown] | null) {
  const bodies: Body[] = [];
  const baseUrl = "https://models.example/v1";
  const models = createModels({
    environment: { MANY_API_KEY: "key-1,key-2" },
    fetch: async (_, init) => {
      const body = JSON.parse(String(init?.body)) as Body;
      bodies.push(body);
      const refused = refusal(body);
      if (refused !== null) return new Response(JSON.stringify(refused[1]), { status: refused[0], headers: json });
      return body["stream"] === true
        ? new Response(openaiProtocol.answer(["Hi"]), { headers: { "content-type": "text/event-stream" } })
        : new Response(openaiProtocol.whole(["Hi"]), { headers: json });
    },
    endpoints: {
      mistral: { baseUrl },
      azure: { baseUrl },
      here: { baseUrl },
      many: { baseUrl, keyVariable: "MANY_API_KEY" },
      eu: { baseUrl: "https://api.mistral.ai/v1" },
      mine: { baseUrl: "https://mine.openai.azure.com/openai/v1" },
      foundry: { baseUrl: "https://mine.services.ai.azure.com/openai/v1" },
      older: { baseUrl: "https://mine.cognitiveservices.azure.com/openai/v1" },
    },
  });
  return { bodies, models };
}

async function ask(
  models: Models,
  model: string,
  parameters: ChatRequest["parameters"] = {},
  more: Partial<ChatRequest> = {},
) {
  const request: ChatRequest = { messages: [{ role: "user", content: "Hello" }], parameters, ...more };
  return textOf(await collect(models.chatModel(model).stream(request, new AbortController().signal)));
}

/** By hand after https://github.com/yetone/avante.nvim/issues/2347: what Mistral's API does not know it refuses. */
const extra = (...place: readonly string[]) => {
  const detail = [
    { type: "extra_forbidden", loc: ["body", ...place], msg: "Extra inputs are not permitted", input: 1 },
  ];
  return [422, { object: "error", message: { detail }, type: "invalid_request_error", code: null }] as const;
};
/** By hand after https://github.com/BerriAI/litellm/issues/13432. */
const unsupported = (word: string, other: string) => {
  const message = `Unsupported parameter: '${word}' is not supported with this model. Use '${other}' instead.`;
  return [
    400,
    { error: { message, type: "invalid_request_error", param: word, code: "unsupported_parameter" } },
  ] as const;
};

test.each(["mistral/mistral-small", "eu/mistral-small"])(
  "%s is asked for nothing that Mistral refuses, and for a seed in its word",
  async (model) => {
    const { bodies, models } = serverOf((body) =>
      "stream_options" in body ? extra("stream_options", "include_usage") : "seed" in body ? extra("seed") : null,
    );
    expect(await ask(models, model, { seed: 3, max_tokens: 9 })).toBe("Hi");
    expect(bodies).toMatchObject([{ stream: true, random_seed: 3, max_tokens: 9 }]);
  },
);

test.each(["azure/my-o3", "mine/my-o3", "foundry/my-o3", "older/my-o3"])(
  "%s is told its most tokens in the word that all of Azure's models of OpenAI know",
  async (model) => {
    const { bodies, models } = serverOf(() => null);
    await ask(models, model, { max_tokens: 9 });
    expect(bodies).toMatchObject([{ max_completion_tokens: 9, stream_options: { include_usage: true } }]);
    expect(bodies[0]).not.toHaveProperty("max_tokens");
    expect(
      (await models.chatModel(model).http!.post({ messages: [], parameters: { max_tokens: 9 } })).body,
    ).toMatchObject({
      max_completion_tokens: 9,
    });
  },
);

test.each([400, 422])(
  "a server that refuses stream_options with %i is asked once more without, and without from then on",
  async (status) => {
    const { bodies, models } = serverOf((body) =>
      "stream_options" in body ? [status, { error: { message: "Unknown field: stream_options" } }] : null,
    );
    expect(await ask(models, "many/a")).toBe("Hi");
    expect(await ask(models, "many/a", {}, { messages: [], completion: "Once" })).toBe("Hi");
    const [, second] = models.chatModel("many/a").keys!;
    await collect(second!.stream({ messages: [], parameters: {} }, new AbortController().signal));
    expect(bodies.map((body) => "stream_options" in body)).toEqual([true, false, false, false]);
    // Another model may be another server's, behind one that passes requests on.
    expect(await ask(models, "many/b")).toBe("Hi");
    expect("stream_options" in bodies[4]!).toBe(true);
  },
);

test.each([
  ["here/o3", "max_tokens", "max_completion_tokens"],
  ["azure/mistral-small", "max_completion_tokens", "max_tokens"],
])("%s, which refuses %s, is told its most tokens as %s from then on", async (model, word, other) => {
  const { bodies, models } = serverOf((body) => (word in body ? unsupported(word, other) : null));
  await ask(models, model, { max_tokens: 9 });
  await ask(models, model, { max_tokens: 9 });
  expect(bodies.map((body) => [body[word], body[other]])).toEqual([
    [9, undefined],
    [undefined, 9],
    [undefined, 9],
  ]);
  const { body } = await models.chatModel(model).http!.post({ messages: [], parameters: { max_tokens: 9 } });
  expect(body).toMatchObject({ [other]: 9 });
});

test("a server that refuses both of them is asked once more for each", async () => {
  const { bodies, models } = serverOf((body) =>
    "stream_options" in body
      ? extra("stream_options")
      : "max_tokens" in body
        ? unsupported("max_tokens", "max_completion_tokens")
        : null,
  );
  expect(await ask(models, "here/m", { max_tokens: 9 })).toBe("Hi");
  expect(await ask(models, "here/m", { max_tokens: 9 })).toBe("Hi");
  expect(bodies).toHaveLength(4);
});

test.each<[string, Body, readonly string[], number]>([
  [
    "the value of a limit",
    { message: "max_tokens is too large: 9000. At most 4096 are supported." },
    ["max_tokens"],
    1,
  ],
  ["something else", { message: "Unsupported value: 'temperature'" }, ["messages"], 1],
  ["either word", { message: "max_tokens and max_completion_tokens are not supported" }, ["messages"], 2],
  ["whatever is sent, and names it", { message: "bad body: stream_options, model" }, ["messages"], 2],
])("a refusal of %s stays one", async (_, error, members, requests) => {
  const { bodies, models } = serverOf((body) => (members.every((name) => name in body) ? [400, { error }] : null));
  const thrown = await ask(models, "here/m", { max_tokens: 9000 }).catch((reason: unknown) => reason as ModelError);
  expect(thrown).toMatchObject({
    code: "model.bad-request",
    message: expect.stringContaining(String(error["message"])),
  });
  expect(bodies).toHaveLength(requests);
  await ask(models, "here/m").catch(() => null);
  // What did not help is not kept.
  expect(bodies[requests]).toHaveProperty("stream_options");
});
