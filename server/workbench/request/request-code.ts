import { usualDialect } from "#server/models/chat-dialect.ts";
import { imagePlaces } from "#server/models/image-input.ts";
import type { Models } from "#server/models/index.ts";
import type { ChatRequest, HttpModel, HttpPost } from "#server/models/model.ts";
import { openAIPost } from "#server/models/openai-chat.ts";
import { pythonText, shellText } from "#server/notebook/code-literals.ts";
import type { Datum } from "#server/notebook/value.ts";

export type CodeLanguage = "curl" | "python" | "typescript";

/** A request as code that sends it without Sheaf, and what a person should know of it. */
export interface RequestCode {
  readonly code: string;
  readonly notice: string | null;
}

/** A request with the full name of its model. */
export type ModelRequest = ChatRequest & { readonly model: string };

interface Sent extends HttpPost {
  readonly protocol: HttpModel["protocol"];
  /** Null where it stands in the variable `OPENAI_BASE_URL`. */
  readonly baseUrl: string | null;
  /** The variable that has the key; null where none is needed. */
  readonly keyVariable: string | null;
}

/** Code for one request of a model. It names the variable of the key and never has the key. */
export async function requestCode(
  { model, ...request }: ModelRequest,
  language: CodeLanguage,
  models: Pick<Models, "chatModel">,
): Promise<RequestCode> {
  const { http } = models.chatModel(model);
  const sent: Sent =
    http === undefined
      ? { ...openAIPost({ ...chatAlone, name: model, model: model.replace(/^[^/]*\//, "") }, request), ...anywhere }
      : { ...(await http.post(request)), ...http, keyVariable: http.keyVariable ?? null };
  const notices = [
    ...(http === undefined
      ? [`${model} has no address of its own: OPENAI_BASE_URL says where a server that has it is.`]
      : []),
    ...imagePlaces(request.images).map(({ base64 }) => `Put the picture itself, in base64, in place of ${base64}.`),
  ];
  return { code: codeIn(language, sent), notice: notices.length === 0 ? null : notices.join(" ") };
}

const chatAlone = { dialect: usualDialect, responses: "asked", summaries: false } as const;
const anywhere = { protocol: "openai", baseUrl: null, keyVariable: "OPENAI_API_KEY" } as const;

function codeIn(language: CodeLanguage, sent: Sent): string {
  switch (language) {
    case "curl":
      return curlCode(sent);
    case "python":
      return pythonCode(sent);
    case "typescript":
      return typescriptCode(sent);
  }
}

function curlCode({ protocol, baseUrl, keyVariable, path, body }: Sent): string {
  const address = baseUrl === null ? `"$OPENAI_BASE_URL${path}"` : shellText(`${baseUrl.replace(/\/$/, "")}${path}`);
  const headers = ["-H 'Content-Type: application/json'"];
  if (protocol === "anthropic") headers.push("-H 'anthropic-version: 2023-06-01'");
  if (keyVariable !== null)
    headers.push(
      protocol === "anthropic" ? `-H "x-api-key: $${keyVariable}"` : `-H "Authorization: Bearer $${keyVariable}"`,
    );
  return [`curl ${address}`, ...headers, `-d ${shellText(JSON.stringify(body, null, 2))}`].join(" \\\n  ") + "\n";
}

const calls: { readonly [Path in HttpPost["path"]]: { readonly call: string; readonly text: string } } = {
  "/chat/completions": { call: "chat.completions.create", text: "choices[0].message.content" },
  "/completions": { call: "completions.create", text: "choices[0].text" },
  "/responses": { call: "responses.create", text: "output_text" },
  "/v1/messages": { call: "messages.create", text: "content[0].text" },
};

/** What the library's client does not read from the environment by itself. */
function clientSettings({ protocol, baseUrl, keyVariable }: Sent): {
  readonly baseUrl?: string;
  readonly key?: string | null;
} {
  const own = protocol === "anthropic" ? ownAddresses.anthropic : ownAddresses.openai;
  return {
    ...(baseUrl === null || baseUrl === own.baseUrl ? {} : { baseUrl }),
    ...(keyVariable === own.keyVariable ? {} : { key: keyVariable }),
  };
}

const ownAddresses = {
  openai: { baseUrl: "https://api.openai.com/v1", keyVariable: "OPENAI_API_KEY" },
  anthropic: { baseUrl: "https://api.anthropic.com", keyVariable: "ANTHROPIC_API_KEY" },
} as const;

function pythonCode(sent: Sent): string {
  const { path, body, protocol } = sent;
  const { call, text } = calls[path];
  const library = protocol === "anthropic" ? "Anthropic" : "OpenAI";
  const { baseUrl, key } = clientSettings(sent);
  const settings = [
    ...(baseUrl === undefined ? [] : [`base_url=${JSON.stringify(baseUrl)}`]),
    ...(key === undefined ? [] : [`api_key=${key === null ? '"none"' : `os.environ[${JSON.stringify(key)}]`}`]),
  ];
  return [
    ...(key == null ? [] : ["import os", ""]),
    `from ${library.toLowerCase()} import ${library}`,
    "",
    `client = ${library}(${settings.join(", ")})`,
    `answer = client.${call}(`,
    ...Object.entries(inPython(body)).map(([name, value]) => `    ${name}=${pythonText(value as Datum)},`),
    ")",
    `print(answer.${text})`,
    "",
  ].join("\n");
}

/** What OpenAI's library for Python has no argument for goes in `extra_body`; that for TypeScript sends what it is given. */
function inPython({ random_seed, ...body }: HttpPost["body"]): HttpPost["body"] {
  return random_seed === undefined ? body : { ...body, extra_body: { random_seed } };
}

function typescriptCode(sent: Sent): string {
  const { path, body, protocol } = sent;
  const { call, text } = calls[path];
  const library = protocol === "anthropic" ? "Anthropic" : "OpenAI";
  const { baseUrl, key } = clientSettings(sent);
  const settings = [
    ...(baseUrl === undefined ? [] : [`baseURL: ${JSON.stringify(baseUrl)}`]),
    ...(key === undefined ? [] : [`apiKey: ${key === null ? '"none"' : `process.env[${JSON.stringify(key)}]`}`]),
  ];
  const block =
    protocol === "anthropic" ? 'answer.content[0]?.type === "text" ? answer.content[0].text : null' : `answer.${text}`;
  return [
    `import ${library} from ${JSON.stringify(protocol === "anthropic" ? "@anthropic-ai/sdk" : "openai")};`,
    "",
    `const client = new ${library}(${settings.length === 0 ? "" : `{ ${settings.join(", ")} }`});`,
    `const answer = await client.${call}(${JSON.stringify(body, null, 2)});`,
    `console.log(${block});`,
    "",
  ].join("\n");
}
