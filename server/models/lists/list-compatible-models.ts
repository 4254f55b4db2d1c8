import { z } from "zod";
import type { ModelListing, ProviderSettings } from "../model.ts";
import type { OpenAIAccount } from "../openai-client.ts";
import { keysOf } from "../openai-client.ts";
import type { ErrorSource } from "../provider-error.ts";
import { getJson } from "./get-json.ts";
import { keyHeader, listOpenAIModels } from "./list-openai-models.ts";
import { present, readListings } from "./read-listings.ts";

/** Models of which Ollama is asked one by one, at most, and how many at once. */
const mostShown = 200;
const shownAtOnce = 8;

/**
 * The models at an OpenAI-compatible endpoint. Two servers say more of them elsewhere than in OpenAI's list, and are known by their
 * endpoint's name: LM Studio at `/api/v0/models`, Ollama at `/api/show`.
 */
export async function listCompatibleModels(
  endpoint: string,
  account: OpenAIAccount,
  settings: ProviderSettings,
  signal: AbortSignal,
): Promise<readonly ModelListing[]> {
  const source: ErrorSource = { ...account, model: "its list of models", secrets: keysOf(account, settings) };
  const { origin } = new URL(account.baseUrl);
  const headers = keyHeader(account, settings);
  if (endpoint === "lm-studio") {
    const own = { url: `${origin}/api/v0/models`, headers };
    const said = await getJson(own, source, settings.fetch, signal).catch(() => null);
    signal.throwIfAborted();
    if (said !== null) return readListings(said, source);
  }
  const listed = await listOpenAIModels(account, settings, signal);
  if (endpoint !== "ollama") return listed;
  const shown = [...listed];
  let next = 0;
  const work = async (): Promise<void> => {
    while (next < Math.min(shown.length, mostShown)) {
      const index = (next += 1) - 1;
      const request = { url: `${origin}/api/show`, headers, body: { model: shown[index]!.model } };
      // One that cannot be shown is known by its name, as others are.
      const said = await getJson(request, source, settings.fetch, signal).catch(() => null);
      signal.throwIfAborted();
      shown[index] = { ...shown[index]!, capabilities: shownCapabilities(said) };
    }
  };
  await Promise.all(Array.from({ length: shownAtOnce }, work));
  return shown;
}

const shownModel = z.object({
  capabilities: z.array(z.string()).optional(),
  model_info: z.record(z.string(), z.unknown()).optional(),
});

/** What Ollama says of a model. Source: Ollama, "Show model details". */
function shownCapabilities(said: unknown): ModelListing["capabilities"] {
  const read = shownModel.safeParse(said);
  if (!read.success) return {};
  const { capabilities, model_info: facts = {} } = read.data;
  const length = Object.entries(facts).find(([fact]) => fact.endsWith(".context_length"))?.[1];
  return present({
    chat: capabilities?.includes("completion"),
    images: capabilities?.includes("vision"),
    tools: capabilities?.includes("tools"),
    reasoning: capabilities?.includes("thinking"),
    embeddings: capabilities?.includes("embedding"),
    contextLength: typeof length === "number" && length > 0 ? length : undefined,
  });
}
