import { execFile } from "node:child_process";
import { symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { cellForms } from "#server/cells/index.ts";
import { renderMessages, scopeOf } from "#server/language/index.ts";
import { scriptedServer } from "#server/models/__fixtures__/scripted-server.ts";
import { createModels } from "#server/models/index.ts";
import { parseNotebook } from "#server/notebook/format.ts";
import { parsedMessages } from "#server/notebook/parsed.ts";
import type { Message } from "#server/notebook/value.ts";
import { temporaryFolder } from "../../../tests/helpers/temporary-folder.ts";
import { readPastedRequest } from "./pasted-request.ts";
import { requestCell } from "./request-cell.ts";
import { requestCode } from "./request-code.ts";

const environment = { OPENAI_API_KEY: "sk-real", ANTHROPIC_API_KEY: "sk-ant-real", GROQ_API_KEY: "gsk-real" };
const models = createModels({ environment, fetch, endpoints: {} });
const run = promisify(execFile);

const hard = `It's "quoted" \\n $HOME \`ls\` {{ name }}\nuser:\n'''`;
const request = {
  model: "openai/gpt-5-mini",
  messages: [
    { role: "system" as const, content: "Be brief." },
    { role: "user" as const, content: hard },
  ],
  parameters: { temperature: 0, max_tokens: 20 },
  schema: { enum: ["yes", "no"] },
};

describe("what is copied and pasted again", () => {
  const text = fc.array(
    fc.oneof(
      fc.constantFrom("'", '"', "\\", "\n", "{{", "{%", "$x", "`", "user:", "```", "=", "#"),
      fc.string({ unit: "grapheme" }),
    ),
  );
  const role = fc.constantFrom("system" as const, "user" as const, "assistant" as const);
  const content = text.map((parts) => parts.join("").replaceAll("\r", "").trim());

  test("has the same model, messages and parameters", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom("openai/gpt-5-mini", "openai/gpt-4o", "anthropic/claude-x", "groq/llama", "mistral/small"),
        fc.array(fc.record({ role, content }), { minLength: 1 }),
        fc.record({
          temperature: fc.constantFrom(0, 0.5),
          max_tokens: fc.integer({ min: 1, max: 30 }),
          reasoning_effort: fc.constantFrom("low", "none"),
        }),
        async (model, messages, parameters) => {
          const { code } = await requestCode({ model, messages, parameters }, "curl", models);
          const made = requestCell(readPastedRequest(code)!, models);
          expect(made.notices).toEqual([]);
          const cell = parseNotebook(`---\nsheaf: 1\n---\n\n${made.text}`, cellForms).cells[0]!;
          expect(cell.configuration.values).toEqual({ model, ...parameters });
          const again = renderMessages(parsedMessages(cell.source), scopeOf({}));
          // Anthropic has one text for all the system messages at the head.
          expect(model.startsWith("anthropic") ? joined(again) : again).toEqual(
            model.startsWith("anthropic") ? joined(messages) : messages,
          );
        },
      ),
    );
  });

  function joined(messages: readonly Message[]): readonly Message[] {
    const at = messages.findIndex(({ role }) => role !== "system");
    const head = messages.slice(0, at < 0 ? messages.length : at);
    const content = head
      .map((one) => one.content)
      .join("\n\n")
      .trim();
    return [...(head.length === 0 ? [] : [{ role: "system" as const, content }]), ...messages.slice(head.length)];
  }
});

test.each(["openai/gpt-5-mini", "anthropic/claude-x", "groq/llama", "ollama/qwen3", "echo/text"])(
  "no code for %s has a key",
  async (model) => {
    for (const language of ["curl", "python", "typescript"] as const) {
      const { code } = await requestCode({ ...request, model }, language, models);
      expect(code).not.toMatch(/real/);
    }
  },
);

test("curl's words are the same in a shell", async () => {
  const { code } = await requestCode({ ...request, model: "openai/gpt-4o" }, "curl", models);
  const { stdout } = await run("sh", ["-c", `curl() { printf '%s\\0' "$@"; }\n${code}`], {
    env: { OPENAI_API_KEY: "sk-shell" },
  });
  const words = stdout.split("\0");
  expect(words[0]).toBe("https://api.openai.com/v1/chat/completions");
  expect(words).toContain("Authorization: Bearer sk-shell");
  expect(JSON.parse(words[words.indexOf("-d") + 1]!)).toMatchObject({
    model: "gpt-4o",
    messages: request.messages,
    temperature: 0,
    max_completion_tokens: 20,
    response_format: { type: "json_schema" },
  });
});

test.each([
  ["openai/gpt-4o", "messages", { choices: [{ message: { content: "yes" } }] }],
  [
    "openai/gpt-5-mini",
    "input",
    { object: "response", output: [{ type: "message", content: [{ type: "output_text", text: "yes" }] }] },
  ],
  ["anthropic/claude-x", "messages", { content: [{ type: "text", text: "yes" }] }],
])("TypeScript for %s sends it and prints the answer", async (model, member, answer) => {
  await using folder = await temporaryFolder();
  await symlink(fileURLToPath(new URL("../../../node_modules", import.meta.url)), join(folder.path, "node_modules"));
  const server = await scriptedServer();
  server.play({ headers: { "content-type": "application/json" }, chunks: [JSON.stringify(answer)] });
  const { code } = await requestCode({ ...request, model }, "typescript", models);
  await writeFile(join(folder.path, "ask.ts"), code);
  const { stdout } = await run(process.execPath, ["ask.ts"], {
    cwd: folder.path,
    env: { ...environment, OPENAI_BASE_URL: server.url, ANTHROPIC_BASE_URL: server.url },
  });
  expect(stdout).toBe("yes\n");
  expect(server.requests[0]!.body[member]).toContainEqual(request.messages[1]);
  await server.close();
});

test("Python names its values in its own words", async () => {
  const { code } = await requestCode({ ...request, model: "openrouter/llama" }, "python", models);
  expect(code).toBe(`import os

from openai import OpenAI

client = OpenAI(base_url="https://openrouter.ai/api/v1", api_key=os.environ["OPENROUTER_API_KEY"])
answer = client.chat.completions.create(
    model="llama",
    messages=[{"role": "system", "content": "Be brief."}, {"role": "user", "content": ${JSON.stringify(hard)}}],
    temperature=0,
    max_tokens=20,
    response_format={"type": "json_schema", "json_schema": {"name": "answer", "schema": {"type": "object", "properties": {"answer": {"enum": ["yes", "no"]}}, "required": ["answer"], "additionalProperties": False}, "strict": True}},
)
print(answer.choices[0].message.content)
`);
});

test("a model without an address is asked for at that of a variable, and it is said", async () => {
  const { code, notice } = await requestCode({ ...request, model: "echo/text" }, "curl", models);
  expect(code).toContain('curl "$OPENAI_BASE_URL/chat/completions"');
  expect(notice).toContain("OPENAI_BASE_URL");
});

test("a picture has its place in the code, and a person is told to put it there", async () => {
  const image = {
    hash: "a".repeat(64),
    name: "the front.png",
    mediaType: "image/png",
    bytes: async () => new Uint8Array(),
  };
  for (const model of ["openai/gpt-5-mini", "openai/gpt-4o", "anthropic/claude-x"]) {
    const { code, notice } = await requestCode({ ...request, model, images: [image] }, "curl", models);
    expect(code).toContain("BASE64_OF_the_front.png");
    expect(notice).toContain("BASE64_OF_the_front.png");
  }
});

test("a seed for Mistral stands in its own word, which OpenAI's library for Python has no argument for", async () => {
  const asked = { model: "mistral/small", messages: request.messages, parameters: { seed: 3 } };
  const { code } = await requestCode(asked, "curl", models);
  expect(code).toContain('"random_seed": 3');
  expect(requestCell(readPastedRequest(code)!, models).text).toContain("seed: 3");
  expect((await requestCode(asked, "python", models)).code).toContain('extra_body={"random_seed": 3}');
});
