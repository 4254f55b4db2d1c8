import { failureError, toModelError, type ErrorSource } from "../provider-error.ts";
import { ModelError } from "../model-error.ts";
import { providerFetch } from "../provider-fetch.ts";

export interface JsonRequest {
  readonly url: string;
  readonly headers?: { readonly [name: string]: string };
  /** Sent as JSON where it is given, by POST. */
  readonly body?: object;
}

/** The longest list that is read, in bytes: the longest there is has one. */
const longest = 10_000_000;

/** What a provider's server answers to a question that costs nothing, as JSON. Rejects with a `ModelError` that has its words. */
export async function getJson(
  { url, headers = {}, body }: JsonRequest,
  source: ErrorSource,
  fetch: typeof globalThis.fetch,
  signal: AbortSignal,
): Promise<unknown> {
  try {
    const response = await providerFetch(fetch)(url, {
      method: body === undefined ? "GET" : "POST",
      headers: { accept: "application/json", ...(body && { "content-type": "application/json" }), ...headers },
      ...(body && { body: JSON.stringify(body) }),
      redirect: "manual",
      signal,
    });
    if (!response.ok)
      throw failureError(
        { status: response.status, body: parsed(await response.text()), headers: response.headers },
        source,
      );
    return JSON.parse(await textOf(response, source)) as unknown;
  } catch (thrown) {
    signal.throwIfAborted();
    if (thrown instanceof SyntaxError)
      throw new ModelError("model.failed", `${source.title} answers with what is no JSON: ${thrown.message}`, {
        cure: `Check that ${source.baseUrl} is the address of a server of models.`,
        cause: thrown,
      });
    throw toModelError(thrown, source);
  }
}

async function textOf(response: Response, { title }: ErrorSource): Promise<string> {
  const decoder = new TextDecoder();
  let text = "";
  let length = 0;
  for await (const part of response.body ?? []) {
    length += part.length;
    // Left early, the connection is closed.
    if (length > longest)
      throw new ModelError("model.failed", `${title} answers with more than ${longest / 1e6} MB`, {
        cure: "Name its models by hand.",
      });
    text += decoder.decode(part, { stream: true });
  }
  return text + decoder.decode();
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return text.trim() === "" ? { message: "no reason given" } : text;
  }
}
