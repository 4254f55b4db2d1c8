import { expect, test } from "vitest";
import { createModels } from "#server/models/index.ts";
import { readPastedRequest } from "./pasted-request.ts";
import { requestCell } from "./request-cell.ts";

const models = createModels({ environment: {}, fetch, endpoints: {} });
const pasted = (text: string) => {
  const request = readPastedRequest(text);
  return request === null ? null : requestCell(request, models);
};
const curl = (url: string, body: object, headers = "-H 'Authorization: Bearer sk-live-1234'"): string =>
  `curl ${url} ${headers} \\\n  -d '${JSON.stringify(body)}'`;
const messages = [{ role: "user", content: "Hi" }];
const codeOf = (text: string): unknown => {
  try {
    return pasted(text);
  } catch (thrown) {
    return (thrown as { code?: string }).code;
  }
};

test("a curl command to Chat Completions becomes a prompt with its messages, parameters and schema, and without its key", () => {
  const made = pasted(
    curl("https://api.openai.com/v1/chat/completions", {
      model: "gpt-5-mini",
      messages: [
        { role: "developer", content: "Route it." },
        { role: "user", content: [{ type: "text", text: "From {{name}}" }] },
      ],
      temperature: 0,
      max_completion_tokens: 9,
      stop: ["\n", "=="],
      n: 3,
      response_format: {
        type: "json_schema",
        json_schema: {
          name: "answer",
          strict: true,
          schema: {
            type: "object",
            properties: { topic: { enum: ["card", "rate"] }, sure: { type: "number" } },
            required: ["topic", "sure"],
            additionalProperties: false,
          },
        },
      },
      stream: true,
    }),
  );
  expect(made).toEqual({
    text: [
      "```prompt prompt",
      "---",
      "model: openai/gpt-5-mini",
      "temperature: 0",
      "max_tokens: 9",
      String.raw`stop: ["\n", ="=="]`,
      "repeat: 3",
      "schema: { topic: [card, rate], sure: number }",
      "---",
      "system:",
      "Route it.",
      "",
      "user:",
      'From {{ "{{" }}name}}',
      "```",
      "",
    ].join("\n"),
    notices: [],
  });
});

test("a request of Responses and one of Anthropic become the same prompt", () => {
  const responses = pasted(
    curl("https://api.openai.com/v1/responses", {
      model: "gpt-5-mini",
      instructions: "Be brief.",
      input: [{ role: "user", content: [{ type: "input_text", text: "Hi" }] }],
      max_output_tokens: 9,
      text: { format: { type: "json_schema", name: "answer", schema: { type: "number" } }, verbosity: "low" },
    }),
  )!;
  const anthropic = pasted(
    curl(
      "https://api.anthropic.com/v1/messages",
      {
        model: "claude-sonnet-4-5",
        max_tokens: 9,
        output_config: { format: { type: "json_schema", schema: { type: "number" } } },
        system: [{ type: "text", text: "Be brief." }],
        messages,
      },
      "-H 'x-api-key: sk-ant-1'",
    ),
  )!;
  const rest = (text: string): string => text.replace(/^model: .*\n/m, "");
  expect(responses.text).toContain("model: openai/gpt-5-mini\n");
  expect(anthropic.text).toContain("model: anthropic/claude-sonnet-4-5\n");
  expect(rest(anthropic.text).split("\n").sort()).toEqual(rest(responses.text).split("\n").sort());
  expect(responses.notices).toEqual(["Left out, since a prompt has no place for it: text.verbosity."]);
  expect(anthropic.notices).toEqual([]);
});

test("the body alone is enough", () => {
  expect(pasted(JSON.stringify({ model: "gpt-5-mini", messages }))!.text).toContain("model: openai/gpt-5-mini");
  expect(pasted(JSON.stringify({ model: "groq/llama", messages }))!.text).toContain("model: groq/llama");
  expect(pasted(JSON.stringify({ model: "claude-x", max_tokens: 1, messages }))!.text).toContain("anthropic/claude-x");
  expect(pasted(JSON.stringify({ model: "gpt-5-mini", input: "Hi" }))!.text).toContain("user:\nHi");
});

test.each([
  ["https://api.groq.com/openai/v1/chat/completions", "groq/m"],
  ["http://localhost:11434/v1/chat/completions", "ollama/m"],
])("a request to %s names the model %s", (url, name) => {
  expect(pasted(curl(url, { model: "m", messages }))).toMatchObject({
    text: expect.stringContaining(`model: ${name}\n`),
    notices: [],
  });
});

test("what a prompt has no place for is said", () => {
  const made = pasted(
    curl("https://llm.example.com/v1/chat/completions", {
      model: "m",
      tools: [{}],
      logprobs: true,
      messages: [
        {
          role: "user",
          content: [
            { type: "text", text: "See" },
            { type: "image_url", image_url: {} },
          ],
        },
        { role: "tool", content: "1" },
      ],
    }),
  )!;
  expect(made.text).toContain("model: llm.example.com/m\n");
  expect(made.notices).toEqual([
    "Left out, since a prompt has no place for it: images and files, messages of the role tool, tools, logprobs.",
    "No endpoint called llm.example.com is known here: name another model.",
  ]);
});

test.each([
  ["curl https://api.openai.com/v1/chat/completions -d @body.json", "paste.body-file"],
  ["curl https://api.openai.com/v1/chat/completions -d '{\"model\": '", "paste.no-json"],
  ['curl https://api.openai.com/v1/chat/completions -d \'{"model": "m"}\'', "paste.no-messages"],
])("%s is refused with %s", (text, code) => {
  expect(codeOf(text)).toBe(code);
});

test.each(["curl https://example.com -d '{}'", '{"a": 1}', "# Title", '[{"role": "user"}]', ""])(
  "%s is no request",
  (text) => {
    expect(pasted(text)).toBeNull();
  },
);
