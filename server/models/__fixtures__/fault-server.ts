import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import { once } from "node:events";
import type { AddressInfo } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { gzipSync } from "node:zlib";
import { anthropicBatchProtocol, anthropicResultsProtocol, embeddingsProtocol, fileProtocol, openaiBatchProtocol, openaiResultsProtocol } from "./object-protocols.ts";
import { anthropicProtocol, openaiProtocol, responsesProtocol, type Protocol } from "./protocols.ts";

/** How a faulty provider behaves for one request. It is at an end, or was destroyed, when the promise resolves. */
export type Fault = (
  response: ServerResponse,
  protocol: Protocol,
  signal: AbortSignal,
  now: () => number,
) => Promise<void> | void;

const stream = { "content-type": "text/event-stream" };
const json = { "content-type": "application/json" };
export const answerParts = ["Grüße, ", "schöne ", "Welt 🌍", "!"];
export const answerText = answerParts.join("");
/** What is read of an answer one of whose events came twice, or was lost, where its protocol does not tell. */
export const textWithOneTwice = answerParts.toSpliced(2, 0, answerParts[2]!).join("");
export const textWithOneLost = answerParts.toSpliced(2, 1).join("");

function refuse(status: number, headers: { readonly [name: string]: string } = {}, body?: string): Fault {
  return (response, protocol) => {
    response.writeHead(status, { ...json, ...headers });
    response.end(body ?? protocol.errorBody(`status ${status}, in the provider's own words`));
  };
}

/** Writes pieces one after another, with a pause between them, until the reader has gone. */
async function drip(response: ServerResponse, pieces: Iterable<string | Uint8Array>, pause: number, signal: AbortSignal): Promise<void> {
  for (const piece of pieces) {
    if (signal.aborted) return;
    response.write(piece);
    if (pause === 0) await new Promise(setImmediate);
    else await sleep(pause, undefined, { signal }).catch(() => undefined);
  }
}

/** Nothing more comes; the connection stays until the reader closes it. */
function hang(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => signal.addEventListener("abort", () => resolve(), { once: true }));
}

const whole = (protocol: Protocol): string => protocol.answer(answerParts);
const half = (protocol: Protocol): string => protocol.unfinished(answerParts.slice(0, 2));
const bytes = (text: string): Uint8Array[] => Array.from(new TextEncoder().encode(text), (byte) => Uint8Array.of(byte));

/** The events of a body, each with its closing blank line. */
const events = (body: string): string[] => body.split(/(?<=\n\n)/);

/** The whole answer with other bytes in place of the event of its third part; of an object in place of all of it. */
function aroundOne(protocol: Protocol, changed: (event: string) => string): string {
  const all = events(whole(protocol));
  const one = Math.max(0, all.findIndex((event) => event.includes(answerParts[2]!)));
  return all.with(one, changed(all[one]!)).join("");
}

function send(body: (protocol: Protocol) => string | Uint8Array, headers = stream as { readonly [name: string]: string }): Fault {
  return (response, protocol) => {
    response.writeHead(200, headers);
    response.end(body(protocol));
  };
}

const megabyte = Buffer.alloc(1_000_000, 0x20);
/** A gigabyte of blanks in about a megabyte. */
let bomb: Buffer | undefined;
const bombOf = (): Buffer => (bomb ??= Buffer.concat(Array<Buffer>(1_000).fill(gzipSync(megabyte))));

/** Everything a provider does that it should not, by name, and one that is good. */
export const faults = {
  "a good answer": send(whole),
  "429 without Retry-After": refuse(429),
  "429 with a huge Retry-After": refuse(429, { "retry-after": "999999999" }),
  "429 with a negative Retry-After": refuse(429, { "retry-after": "-5" }),
  "429 with a date as Retry-After": (response, protocol, signal, now) =>
    refuse(429, { "retry-after": new Date(now() + 1_000).toUTCString() })(response, protocol, signal, now),
  "429 with nonsense as Retry-After": refuse(429, { "retry-after": "soon, I hope" }),
  "500": refuse(500),
  "502 with a page of a proxy": refuse(502, { "content-type": "text/html" }, "<html><h1>502 Bad Gateway</h1></html>"),
  "529": refuse(529),
  "401": refuse(401),
  "403": refuse(403),
  "404, an unknown model": refuse(404),
  "a context that is too long": (...given) => refuse(400, {}, given[1].tooLong)(...given),
  "an account without credit": (...given) =>
    given[1].noCredit === undefined
      ? refuse(429, {}, '{"error":{"message":"You exceeded your current quota","type":"insufficient_quota","param":null,"code":"insufficient_quota"}}')(...given)
      : refuse(400, {}, given[1].noCredit)(...given),
  "a content filter": refuse(
    400,
    {},
    '{"error":{"message":"The request was refused by the content filter","type":"invalid_request_error","code":"content_filter"}}',
  ),
  "a reset after the headers": (response) => {
    response.writeHead(200, stream);
    response.flushHeaders();
    setImmediate(() => response.socket?.resetAndDestroy());
  },
  "a reset in mid-stream": (response, protocol) => {
    response.writeHead(200, stream);
    response.write(half(protocol), () => setImmediate(() => response.socket?.resetAndDestroy()));
  },
  "silence before the first byte": (_response, _protocol, signal) => hang(signal),
  "silence after the headers": async (response, _protocol, signal) => {
    response.writeHead(200, stream);
    response.flushHeaders();
    await hang(signal);
  },
  "silence in mid-stream": async (response, protocol, signal) => {
    response.writeHead(200, stream);
    response.write(half(protocol));
    await hang(signal);
  },
  "an answer without its end": send(half),
  "an answer that ends in the middle of an event": send((protocol) => whole(protocol).slice(0, -60)),
  "an answer that ends in the middle of a character": (response, protocol) => {
    response.writeHead(200, stream);
    const body = Buffer.from(whole(protocol));
    response.end(body.subarray(0, body.indexOf("ü") + 1));
  },
  "one byte at a time": async (response, protocol, signal) => {
    response.writeHead(200, stream);
    await drip(response, bytes(whole(protocol)), 0, signal);
    response.end();
  },
  "another kind of line ends, comments, and no blank line at the end": send((protocol) =>
    `: hello\n\n${whole(protocol)}`.replaceAll("\n", "\r\n").trimEnd(),
  ),
  "the end twice": send((protocol) => whole(protocol) + events(whole(protocol)).at(-1)!),
  "the whole answer twice": send((protocol) => {
    const all = events(whole(protocol));
    return [...all.slice(0, -1), ...all].join("");
  }),
  "one event twice": send((protocol) => aroundOne(protocol, (event) => event + event)),
  "one event lost": send((protocol) => aroundOne(protocol, () => "")),
  "an event that is no JSON": send((protocol) => `${half(protocol)}data: {"oops\n\n`),
  "an event that is JSON of another kind": send((protocol) => `${half(protocol)}data: [1, 2]\n\ndata: "text"\n\ndata: null\n\n`),
  "an event without a part of it": send((protocol) => half(protocol) + protocol.emptyEvent),
  "bytes that are no text": (response) => {
    response.writeHead(200, stream);
    response.end(Buffer.from(Array.from({ length: 5_000 }, (_, index) => (index * 37) % 256)));
  },
  "200 with an error in JSON": send((protocol) => protocol.errorBody("no such luck"), json),
  "200 with a page": send(() => "<html>Please log in</html>", { "content-type": "text/html" }),
  "200 with nothing": send(() => ""),
  "an error in mid-stream": send((protocol) => half(protocol) + protocol.errorEvent),
  "an answer without usage": send((protocol) => withoutUsage(whole(protocol))),
  "usage that is no number": send((protocol) => whole(protocol).replaceAll(/("[a-z_]*tokens"):\s*\d+/g, '$1:"many"')),
  "usage below nothing": send((protocol) => whole(protocol).replaceAll(/("[a-z_]*tokens"):\s*(\d+)/g, "$1:-$2")),
  "a line of 50 MB": async (response, protocol, signal) => {
    response.writeHead(200, stream);
    response.write(`${half(protocol)}data: "`);
    for (let sent = 0; sent < 50 && !signal.aborted; sent += 1)
      if (!response.write(megabyte)) await Promise.race([once(response, "drain"), hang(signal)]);
    response.end();
  },
  "a byte now and then": async (response, protocol, signal) => {
    response.writeHead(200, stream);
    await drip(response, bytes(whole(protocol)), 8, signal);
    response.end();
  },
  "a gigabyte in a megabyte": (response) => {
    response.writeHead(200, { ...stream, "content-encoding": "gzip" });
    response.end(bombOf());
  },
  "an error of a gigabyte in a megabyte": (response) => {
    response.writeHead(500, { ...json, "content-encoding": "gzip" });
    response.end(bombOf());
  },
  "a redirect": refuse(307, { location: "http://127.0.0.1:9/" }),
} satisfies { readonly [name: string]: Fault };

export type FaultName = keyof typeof faults;

function withoutUsage(body: string): string {
  return body.replaceAll(/,"usage":\{(?:[^{}]|\{[^{}]*\})*\}/g, "").replaceAll(/"usage":\{(?:[^{}]|\{[^{}]*\})*\},?/g, "");
}

export interface FaultServer {
  readonly url: string;
  /** How many requests came. */
  readonly requests: () => number;
  /** How many connections are open. */
  readonly connections: () => Promise<number>;
  close(): Promise<void>;
}

function protocolAt(path: string): Protocol {
  if (path.endsWith("/embeddings")) return embeddingsProtocol;
  if (path.endsWith("/files")) return fileProtocol;
  if (path.endsWith("/content")) return openaiResultsProtocol;
  if (path.endsWith("/results")) return anthropicResultsProtocol;
  if (path.includes("/messages/batches")) return anthropicBatchProtocol;
  if (path.includes("/batches")) return openaiBatchProtocol;
  if (path.endsWith("/messages")) return anthropicProtocol;
  return path.endsWith("/responses") ? responsesProtocol : openaiProtocol;
}

/**
 * A provider on this machine, which speaks all protocols and misbehaves as `next` says for each request: as the name of a fault, or none.
 * The dates it says are of the clock `now`, milliseconds since 1970.
 */
export async function faultServer(
  next: (request: IncomingMessage) => FaultName,
  now: () => number = Date.now,
): Promise<FaultServer> {
  let requests = 0;
  const server: Server = createServer(async (request, response) => {
    requests += 1;
    request.resume();
    await once(request, "end").catch(() => undefined);
    const gone = new AbortController();
    response.once("close", () => gone.abort());
    response.on("error", () => gone.abort());
    response.socket?.setNoDelay(true);
    const protocol = protocolAt(request.url ?? "");
    await faults[next(request)](response, protocol, gone.signal, now);
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    requests: () => requests,
    connections: () =>
      new Promise((resolve, reject) => {
        server.getConnections((error, count) => (error === null ? resolve(count) : reject(error)));
      }),
    async close() {
      server.closeAllConnections();
      server.close();
      await once(server, "close");
    },
  };
}
