import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { setTimeout as delay } from "node:timers/promises";
import { completionBody, completionEvents } from "./chat-completion.ts";
import type { ChatBody, ScriptedAnswer, SeenRequest } from "./scripted-answer.ts";

/** A model behind OpenAI's chat completions on this machine, whose answers a test writes. It counts at the model's end, and embeds what it is sent. */
export interface ModelServer extends AsyncDisposable {
  /** `http://127.0.0.1:PORT/v1` */
  readonly baseUrl: string;
  /** All requests there were, as they stand now. */
  requests(): readonly SeenRequest[];
  /** How often each body came: more than once is paid for more than once. */
  counts(): ReadonlyMap<string, number>;
  finished(): readonly SeenRequest[];
  inFlight(): readonly SeenRequest[];
  /** Lets the held answers go that match, all by default, and gives how many there were. */
  release(matches?: (request: SeenRequest) => boolean): number;
  /** Resolves as soon as the requests satisfy a condition; rejects after `milliseconds`, 10,000 by default. */
  until(condition: (server: ModelServer) => boolean, milliseconds?: number): Promise<void>;
}

type MutableRequest = { -readonly [Field in keyof SeenRequest]: SeenRequest[Field] };

const bodyLimit = 16 * 1024 * 1024;

/** Starts a server on a free port of 127.0.0.1. `answer` says what to do with each request, `listed` what models it says it has, if any. */
export async function startModelServer(
  answer: (request: SeenRequest) => ScriptedAnswer,
  listed?: () => readonly object[],
): Promise<ModelServer> {
  const requests: MutableRequest[] = [];
  const held = new Map<MutableRequest, () => void>();
  const watchers = new Set<() => void>();
  const changed = (): void => {
    for (const watch of watchers) watch();
  };

  const server = createServer((incoming, response) => {
    handle(incoming, response).catch((error: unknown) => response.destroy(error as Error));
  });

  async function handle(incoming: IncomingMessage, response: ServerResponse): Promise<void> {
    const text = await readBody(incoming);
    if (incoming.method === "GET") {
      response.writeHead(listed === undefined ? 404 : 200, { "content-type": "application/json" });
      response.end(JSON.stringify(listed === undefined ? { error: { message: "no list" } } : { data: listed() }));
      return;
    }
    const request: MutableRequest = {
      number: requests.length,
      path: incoming.url ?? "",
      headers: incoming.headers,
      text,
      body: JSON.parse(text) as ChatBody,
      state: "in-flight",
    };
    requests.push(request);
    response.on("close", () => {
      request.state = response.writableFinished ? "finished" : "aborted";
      held.delete(request);
      changed();
    });
    changed();
    const script = answer(request);
    if (script.hang === "at-once") return;
    if (script.hold) await new Promise<void>((resolve) => held.set(request, resolve));
    if (script.delay !== undefined) await delay(script.delay);
    await send(response, request, script);
  }

  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  // A test that forgets it does not hang.
  server.unref();

  const self: ModelServer = {
    baseUrl: `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`,
    requests: () => requests.map((request) => ({ ...request })),
    counts() {
      const counts = new Map<string, number>();
      for (const { text } of requests) counts.set(text, (counts.get(text) ?? 0) + 1);
      return counts;
    },
    finished: () => requests.filter(({ state }) => state === "finished"),
    inFlight: () => requests.filter(({ state }) => state === "in-flight"),
    release(matches = () => true) {
      const released = Array.from(held).filter(([request]) => matches(request));
      for (const [request, resolve] of released) {
        held.delete(request);
        resolve();
      }
      return released.length;
    },
    until(condition, milliseconds = 10_000) {
      const { promise, resolve, reject } = Promise.withResolvers<void>();
      const watch = (): void => {
        if (condition(self)) resolve();
      };
      const timer = setTimeout(
        () => reject(new Error(`not within ${milliseconds} ms; there were ${requests.length} requests`)),
        milliseconds,
      );
      watchers.add(watch);
      watch();
      return promise.finally(() => {
        clearTimeout(timer);
        watchers.delete(watch);
      });
    },
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise<void>((resolve) => server.close(() => resolve()));
    },
  };
  return self;
}

async function send(response: ServerResponse, request: SeenRequest, script: ScriptedAnswer): Promise<void> {
  if (response.destroyed) return;
  const status = script.status ?? 200;
  if (status === 200 && request.path.endsWith("/embeddings")) {
    response.writeHead(200, { "content-type": "application/json", "x-request-id": `request-${request.number}` });
    response.end(JSON.stringify(embeddingsBody(request.text)));
    return;
  }
  if (status !== 200 || !request.body.stream) {
    response.writeHead(status, { "content-type": "application/json", "x-request-id": `request-${request.number}` });
    response.end(JSON.stringify(completionBody(request, script)));
    return;
  }
  response.writeHead(200, { "content-type": "text/event-stream", "x-request-id": `request-${request.number}` });
  for (const event of completionEvents(request, script)) {
    response.write(`data: ${JSON.stringify(event)}\n\n`);
    if (script.hang === "after-part") return;
    if (script.pace !== undefined) await delay(script.pace);
  }
  response.end("data: [DONE]\n\n");
}

/** A vector for each text, and a token for each character. */
function embeddingsBody(text: string): object {
  const { model, input } = JSON.parse(text) as { readonly model: string; readonly input: readonly string[] };
  const data = input.map((one, index) => ({ object: "embedding", index, embedding: [1, one.length] }));
  const tokens = input.join("").length;
  return { object: "list", model, data, usage: { prompt_tokens: tokens, total_tokens: tokens } };
}

async function readBody(incoming: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of incoming as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > bodyLimit) throw new Error(`a request of more than ${bodyLimit} bytes`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString("utf8");
}
