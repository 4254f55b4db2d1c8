import { pipeline, type Readable } from "node:stream";
import { text as textOf } from "node:stream/consumers";
import { createBrotliDecompress, createUnzip } from "node:zlib";
import type { Agent } from "undici";

/** Milliseconds to connect, with what is agreed on before the first byte. All other limits of time are those of calls. */
const usualConnectTimeout = 5_000;

/**
 * What of `fetch` the providers' libraries and we use, without what that costs: half the time of a call. The answer has `ok`, `status`,
 * `headers`, `url`, `text()`, `json()`, and a `body` whose bytes are iterated over; redirects are not followed. An abort closes the connection.
 */
export function createLightFetch({ connectTimeout = usualConnectTimeout } = {}): typeof globalThis.fetch {
  // Loaded with the first request: a server and a command begin without it.
  let agent: Promise<Agent> | undefined;
  const open = async (): Promise<Agent> => {
    const { Agent } = await import("undici");
    return new Agent({ headersTimeout: 0, bodyTimeout: 0, connect: { timeout: connectTimeout } });
  };
  return async (input, init = {}) => {
    const url = typeof input === "string" ? new URL(input) : input instanceof URL ? input : new URL(input.url);
    const { method = "GET", body, signal } = init;
    if (body != null && typeof body !== "string")
      throw new TypeError(`a body is a text here, not ${Object.prototype.toString.call(body)}`);
    const dispatcher = await (agent ??= open());
    const answer = await dispatcher.request({
      origin: url.origin,
      path: url.pathname + url.search,
      method: method as "GET",
      headers: new Headers(init.headers as Headers),
      body: body ?? null,
      signal: signal ?? null,
    });
    const sent = decompressed(answer.body, String(answer.headers["content-encoding"] ?? ""));
    const response: LightResponse = {
      ok: answer.statusCode >= 200 && answer.statusCode < 300,
      status: answer.statusCode,
      statusText: "",
      url: url.href,
      headers: headersOf(answer.headers),
      body: sent,
      text: () => textOf(sent),
      json: async () => JSON.parse(await textOf(sent)) as unknown,
    };
    return response as unknown as Response;
  };
}

interface LightResponse extends Pick<Response, "ok" | "status" | "statusText" | "url" | "headers" | "text" | "json"> {
  readonly body: AsyncIterable<Uint8Array>;
}

/** A body as it was before it was compressed, which nobody is asked to do; whoever leaves it closes the connection. */
function decompressed(body: Readable, encoding: string): Readable {
  if (!/^(?:x-)?(?:gzip|deflate|br)$/i.test(encoding)) return body;
  const unpacking = /br/i.test(encoding) ? createBrotliDecompress() : createUnzip();
  // What breaks is thrown to the one who reads.
  return pipeline(body, unpacking, () => {});
}

function headersOf(sent: { readonly [name: string]: string | string[] | undefined }): Headers {
  const headers = new Headers();
  for (const [name, value] of Object.entries(sent)) for (const each of [value ?? []].flat()) headers.append(name, each);
  return headers;
}
