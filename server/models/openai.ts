import { usualDialect } from "./chat-dialect.ts";
import { listOpenAIModels } from "./lists/list-openai-models.ts";
import { defineProvider } from "./model.ts";
import { openAIChatModel } from "./openai-chat.ts";
import { openAIBatches } from "./batches/openai-batches.ts";
import { responsesUse } from "./openai-protocol.ts";
import { openAIEmbeddingModel } from "./openai-embedding.ts";
import type { OpenAIAccount } from "./openai-client.ts";
import type { ProviderSettings } from "./model.ts";

const keyVariable = "OPENAI_API_KEY";

const ownAddress = "https://api.openai.com/v1";

/**
 * OpenAI's models, through Responses, Chat Completions and Embeddings; `OPENAI_BASE_URL` puts a proxy in between. Behind one, of
 * which only Chat Completions is certain, Responses has those models alone that answer nowhere else.
 */
export const openai = defineProvider({
  name: "openai",
  title: "OpenAI",
  keyVariable,
  chatModel(model, settings) {
    const chat = openAIChatModel(
      {
        ...account(settings),
        name: `openai/${model}`,
        model,
        effect: "paid",
        dialect: { ...usualDialect, maxTokens: "max_completion_tokens" },
        completions: false,
        ...responsesOf(model, settings),
      },
      settings,
    );
    return { ...chat, batches: openAIBatches(chat, account(settings), model, settings) };
  },
  embeddingModel: (model, settings) =>
    openAIEmbeddingModel({ ...account(settings), name: `openai/${model}`, model, effect: "paid" }, settings),
  listModels: (settings, signal) => listOpenAIModels(account(settings), settings, signal),
});

function responsesOf(model: string, settings: ProviderSettings) {
  const use = responsesUse(model);
  const responses = use === "preferred" && account(settings).baseUrl !== ownAddress ? "asked" : use;
  return { responses, summaries: use !== "asked" };
}

function account({ environment }: ProviderSettings): OpenAIAccount {
  const baseUrl = environment["OPENAI_BASE_URL"] || ownAddress;
  const organization = environment["OPENAI_ORG_ID"];
  return {
    title: "OpenAI",
    baseUrl,
    identity: { provider: "openai", baseUrl },
    keyVariable,
    ...(organization === undefined ? {} : { organization }),
  };
}
