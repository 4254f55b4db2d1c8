import { SheafError } from "#server/notebook/sheaf-error.ts";
import { nearestName } from "#server/notebook/nearest-name.ts";
import type { CellError } from "#server/notebook/value.ts";
import { dialectAt } from "./chat-dialect.ts";
import { listCompatibleModels } from "./lists/list-compatible-models.ts";
import { defineProvider, type ProviderSettings } from "./model.ts";
import { openAIChatModel } from "./openai-chat.ts";
import type { OpenAIAccount } from "./openai-client.ts";
import { openAIEmbeddingModel } from "./openai-embedding.ts";

type Endpoints = ProviderSettings["endpoints"];

/** Servers many people have, so that `ollama/qwen3` works without settings; a workspace's own endpoint of the same name wins. */
const knownEndpoints: Endpoints = {
  ollama: { baseUrl: "http://127.0.0.1:11434/v1" },
  "lm-studio": { baseUrl: "http://127.0.0.1:1234/v1" },
  vllm: { baseUrl: "http://127.0.0.1:8000/v1" },
  openrouter: { baseUrl: "https://openrouter.ai/api/v1", keyVariable: "OPENROUTER_API_KEY" },
  groq: { baseUrl: "https://api.groq.com/openai/v1", keyVariable: "GROQ_API_KEY" },
  deepseek: { baseUrl: "https://api.deepseek.com/v1", keyVariable: "DEEPSEEK_API_KEY" },
  mistral: { baseUrl: "https://api.mistral.ai/v1", keyVariable: "MISTRAL_API_KEY" },
  gemini: {
    baseUrl: "https://generativelanguage.googleapis.com/v1beta/openai",
    keyVariable: "GEMINI_API_KEY",
  },
};

/**
 * The servers a workspace can name, its own and the known ones; `OPENAI_COMPATIBLE_BASE_URL` adds one called `server`, and
 * `AZURE_OPENAI_ENDPOINT`, the address of a resource at Azure, one called `azure` whose models are its deployments.
 * Source of Azure's address: Microsoft's "Azure OpenAI in Microsoft Foundry Models v1 API".
 */
export function endpointsOf({
  endpoints,
  environment,
}: Pick<ProviderSettings, "endpoints" | "environment">): Endpoints {
  const resource = environment["AZURE_OPENAI_ENDPOINT"]?.replace(/\/+$/, "");
  const azure = resource ? { azure: { baseUrl: `${resource}/openai/v1`, keyVariable: "AZURE_OPENAI_API_KEY" } } : {};
  const baseUrl = environment["OPENAI_COMPATIBLE_BASE_URL"];
  const keyVariable = "OPENAI_COMPATIBLE_API_KEY";
  const server = baseUrl ? { server: { baseUrl, ...(environment[keyVariable] ? { keyVariable } : {}) } } : {};
  return { ...knownEndpoints, ...azure, ...server, ...endpoints };
}

/**
 * Any server that speaks OpenAI's protocol: `ollama/qwen3` is the model `qwen3` at the endpoint `ollama`, and
 * `openai-compatible/ollama/qwen3` the same in full. Text to be continued goes to `/completions`, a schema is sent as
 * `response_format` of type `json_schema`, and what servers say in different words as `dialectAt` has it. A server on this machine that needs no key
 * costs nothing.
 */
export const openAICompatible = defineProvider({
  name: "openai-compatible",
  title: "OpenAI-compatible server",
  chatModel: (model, settings) => {
    const at = place(model, settings);
    const dialect = dialectAt(at.title, at.baseUrl);
    return openAIChatModel({ ...at, dialect, completions: true, responses: "asked", summaries: false }, settings);
  },
  embeddingModel: (model, settings) => openAIEmbeddingModel(place(model, settings), settings),
  listModels: async (settings, signal, name) =>
    listCompatibleModels(name, place(`${name}/any`, settings), settings, signal),
});

function place(
  path: string,
  settings: ProviderSettings,
): OpenAIAccount & { name: string; model: string; effect: "model" | "paid" } {
  if (settings.endpointsProblem) throw endpointsUnknown(settings.endpointsProblem);
  const endpoints = endpointsOf(settings);
  const slash = path.indexOf("/");
  const first = path.slice(0, Math.max(slash, 0));
  const endpoint = Object.hasOwn(endpoints, first) ? endpoints[first] : undefined;
  if (endpoint === undefined) {
    const near = nearestName(first, Object.keys(endpoints));
    const unread = unreadEndpoints(settings);
    throw new SheafError("model.unknown", `there is no endpoint called ${first || path}${unread.message}`, {
      cure: `${unread.cure}${near === null ? "" : `Did you mean ${near}? `}Name it as ENDPOINT/MODEL; endpoints are ${Object.keys(endpoints).join(", ")}.`,
    });
  }
  const { baseUrl, keyVariable } = endpoint;
  if (!URL.canParse(baseUrl) || !/^https?:$/.test(new URL(baseUrl).protocol))
    throw new SheafError("model.bad-endpoint", `the base URL of the endpoint ${first} is no HTTP address: ${baseUrl}`, {
      cure: "Write it as in http://127.0.0.1:8000/v1.",
    });
  return {
    title: first,
    baseUrl,
    identity: { provider: "openai-compatible", baseUrl },
    ...(keyVariable === undefined ? {} : { keyVariable }),
    name: `${first}/${path.slice(slash + 1)}`,
    model: path.slice(slash + 1),
    effect: keyVariable === undefined && isLoopback(baseUrl) ? "model" : "paid",
  };
}

/** The error for a name of an endpoint while it is not known which there are. */
export function endpointsUnknown({ code, message, cure }: CellError): SheafError {
  return new SheafError(code, message, cure === undefined ? {} : { cure });
}

/** What the error for a name that is not found says of endpoints that are written and not read; empty where all are. */
export function unreadEndpoints({ endpointsFault }: Pick<ProviderSettings, "endpointsFault">): {
  readonly message: string;
  readonly cure: string;
} {
  if (!endpointsFault) return { message: "", cure: "" };
  const { message, cure = "" } = endpointsFault;
  return { message: ` among those that were read before. ${message}`, cure: `${cure} `.trimStart() };
}

function isLoopback(address: string): boolean {
  return /^(localhost|127(\.\d+){3}|\[::1\])$/.test(new URL(address).hostname);
}
