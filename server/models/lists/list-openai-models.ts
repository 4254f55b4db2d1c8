import type { ModelListing, ProviderSettings } from "../model.ts";
import { keysOf, noKeyError, type OpenAIAccount } from "../openai-client.ts";
import { getJson } from "./get-json.ts";
import { readListings } from "./read-listings.ts";

/** The models at a server that speaks OpenAI's protocol. Source: OpenAI API reference, "List models". */
export async function listOpenAIModels(
  account: OpenAIAccount,
  settings: ProviderSettings,
  signal: AbortSignal,
): Promise<readonly ModelListing[]> {
  const { baseUrl, organization } = account;
  const headers = { ...keyHeader(account, settings), ...(organization && { "openai-organization": organization }) };
  const source = { ...account, model: "its list of models", secrets: keysOf(account, settings) };
  return readListings(
    await getJson({ url: `${baseUrl.replace(/\/+$/, "")}/models`, headers }, source, settings.fetch, signal),
    source,
  );
}

/** The header with the first key of an account, none where it needs none; throws `model.no-key`. */
export function keyHeader(account: OpenAIAccount, settings: ProviderSettings): { readonly [name: string]: string } {
  const { keyVariable, title } = account;
  if (keyVariable === undefined) return {};
  const [key] = keysOf(account, settings);
  if (key === undefined) throw noKeyError(title, keyVariable, settings);
  return { authorization: `Bearer ${key}` };
}
