import { z } from "zod";
import type { ModelListing, ProviderSettings } from "../model.ts";
import { noKeyError } from "../openai-client.ts";
import type { ErrorSource } from "../provider-error.ts";
import { getJson } from "./get-json.ts";
import { length, noList, present, said } from "./read-listings.ts";

/** Pages of a thousand models that are read at most. */
const mostPages = 10;

const supported = said(z.object({ supported: z.boolean() }));

const page = z.object({
  data: z.array(
    z.object({
      id: z.string().min(1),
      lifecycle: said(z.string()),
      capabilities: said(z.object({ image_input: supported, structured_outputs: supported, thinking: supported })),
      max_input_tokens: length,
      max_tokens: length,
    }),
  ),
  has_more: said(z.boolean()),
  last_id: said(z.string()),
});

/** The models of an account at Anthropic, with what its server says of each. Source: Anthropic API reference, "List models". */
export async function listAnthropicModels(
  account: Omit<ErrorSource, "model"> & { readonly keyVariable: string },
  settings: ProviderSettings,
  signal: AbortSignal,
): Promise<readonly ModelListing[]> {
  const { title, baseUrl, keyVariable, secrets } = account;
  const [key] = secrets;
  if (key === undefined) throw noKeyError(title, keyVariable, settings);
  const headers = { "x-api-key": key, "anthropic-version": "2023-06-01" };
  const source = { ...account, model: "its list of models" };
  const listed: ModelListing[] = [];
  let after = "";
  for (let pages = 0; pages < mostPages; pages += 1) {
    const url = `${baseUrl.replace(/\/+$/, "")}/v1/models?limit=1000${after}`;
    const read = page.safeParse(await getJson({ url, headers }, source, settings.fetch, signal));
    if (!read.success) throw noList(source);
    const { data, has_more: more, last_id: last } = read.data;
    for (const { id, lifecycle, capabilities, max_input_tokens, max_tokens } of data)
      if (lifecycle !== "retired")
        listed.push({
          model: id,
          capabilities: present({
            chat: true,
            images: capabilities?.image_input?.supported,
            jsonSchema: capabilities?.structured_outputs?.supported,
            reasoning: capabilities?.thinking?.supported,
            contextLength: max_input_tokens,
            maxOutput: max_tokens,
          }),
        });
    if (more !== true || last === undefined) break;
    after = `&after_id=${encodeURIComponent(last)}`;
  }
  return listed;
}
