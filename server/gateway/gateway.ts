import { Hono, type Context, type Next } from "hono";
import { bodyLimit } from "hono/body-limit";
import { stream } from "hono/streaming";
import type { StreamingApi } from "hono/utils/stream";
import type { CallFacts, ChatAnswer } from "#server/notebook/services.ts";
import type { StoredFile } from "#server/notebook/value.ts";
import type { Runtime } from "#server/runner/runtime.ts";
import { keepFile } from "#server/store/keep-file.ts";
import type { Workspace } from "#server/store/open-workspace.ts";
import { chatCompletion, firstChunk, lastChunks, textChunk } from "./chat-answers.ts";
import { gatewayProblem, RequestError } from "./gateway-problem.ts";
import { listedModel, listModels, type ListingRuntime } from "./list-models.ts";
import { readChatRequest, type ChatRequestBody } from "./read-chat-request.ts";
import type { GivenImage } from "./read-images.ts";
import { readEmbeddingRequest } from "./read-embedding-request.ts";

export type GatewayRuntime = ListingRuntime & Pick<Runtime, "caller" | "embeddings" | "newId" | "workspace">;

/** The longest body, in bytes. */
const longest = 20 * 2 ** 20;

/** The address under which the journal has calls that came from outside. */
const address = { cell: "v1", at: {} } as const;

/**
 * The workspace's models behind OpenAI's protocol, each by its Sheaf name: `/v1/chat/completions`, `/v1/embeddings`, `/v1/models`. A call
 * goes the way of a cell's, with limits, retries, journal and price, and is never answered from the journal: the header
 * `x-sheaf-cache: use` asks for that.
 */
export function createGateway(runtime: GatewayRuntime): Hono {
  const app = new Hono();
  app.use("/v1/*", notTooLong);
  app.post("/v1/chat/completions", handled(chat));
  app.post("/v1/embeddings", handled(embeddings));
  app.get(
    "/v1/models",
    handled(async (context) => context.json({ object: "list", data: await listModels(runtime) })),
  );
  app.get("/v1/models/:name{.+}", handled(model));
  app.all("/v1/*", (context) =>
    context.json(
      gatewayProblem(new RequestError("request.unknown", `there is no ${context.req.method} ${context.req.path} here`))
        .body,
      404,
    ),
  );
  return app;

  async function chat(context: Context): Promise<Response> {
    const asked = readChatRequest(await context.req.text());
    const images = await Promise.all(asked.images.map((image, index) => keepImage(image, index, runtime.workspace)));
    const id = runtime.newId();
    const head = { id: `chatcmpl-${id}`, created: Math.floor(runtime.now() / 1_000), model: asked.model };
    const fresh = context.req.header("x-sheaf-cache") !== "use";
    const { signal } = context.req.raw;
    let onText = (_text: string): void => {};
    const call = {
      ...callOf(asked),
      ...(images.length === 0 ? {} : { images }),
      ...(asked.imageMessage === undefined ? {} : { imageMessage: asked.imageMessage }),
      repeat: 0,
    };
    const answer = runtime.caller.chat(
      { ...call, address, step: 0, signal, onText: (text) => onText(text) },
      { notebook: "", run: id, ...(fresh ? { maximumAge: 0 } : {}) },
    );
    if (!asked.stream) {
      const whole = await answer;
      return context.json(chatCompletion(head, whole), 200, factHeaders(whole.call));
    }
    // What fails before its first word is an answer with a status, as clients expect.
    const early = await new Promise<string | ChatAnswer>((resolve, reject) => {
      onText = resolve;
      answer.then(resolve, reject);
    });
    context.header("content-type", "text/event-stream");
    context.header("cache-control", "no-cache");
    context.header("x-accel-buffering", "no");
    // What it costs is known at its end.
    context.header("x-sheaf-call", await runtime.caller.callKey(call));
    return stream(context, async (out) => {
      const write = eventsTo(out);
      void write(firstChunk(head));
      let told = 0;
      const tell = (text: string): void => {
        if (text.length > told) void write(textChunk(head, text.slice(told)));
        told = text.length;
      };
      tell(typeof early === "string" ? early : early.text);
      onText = tell;
      try {
        const whole = await answer;
        tell(whole.text);
        for (const chunk of lastChunks(head, whole, asked.includeUsage)) void write(chunk);
        await write("[DONE]");
      } catch (thrown) {
        // Without its end mark the answer is no answer.
        if (!signal.aborted) await write(gatewayProblem(thrown).body);
      }
    });
  }

  async function embeddings(context: Context): Promise<Response> {
    const { model, texts, encoding } = readEmbeddingRequest(await context.req.text());
    const calls: CallFacts[] = [];
    const { vectors, usage } = await runtime.embeddings.embed(
      { model, texts, address, signal: context.req.raw.signal },
      { notebook: "", run: runtime.newId(), onCall: (_, call) => void (call !== null && calls.push(call)) },
    );
    const data = vectors.map((vector, index) => ({
      object: "embedding",
      index,
      embedding:
        encoding === "float"
          ? [...vector]
          : Buffer.from(vector.buffer, vector.byteOffset, vector.byteLength).toString("base64"),
    }));
    const { input } = usage;
    const counted = input === undefined ? {} : { usage: { prompt_tokens: input, total_tokens: input } };
    return context.json({ object: "list", model, data, ...counted }, 200, embeddingHeaders(calls));
  }

  async function model(context: Context): Promise<Response> {
    const name = context.req.param("name")!;
    // Throws where no provider takes the name: any model of a provider is one, listed or not.
    runtime.models.chatModel(name);
    return context.json(listedModel(name));
  }
}

/** Keeps a picture by content, as those of cells are: the journal has its hash. */
async function keepImage({ mediaType, bytes }: GivenImage, index: number, workspace: Workspace): Promise<StoredFile> {
  const hash = await keepFile(workspace.files, bytes);
  return { hash, name: `image-${index + 1}.${mediaType.slice("image/".length)}`, mediaType, bytes: bytes.length };
}

function callOf({ model, messages, parameters, schema }: ChatRequestBody) {
  return { model, messages, parameters, ...(schema === undefined ? {} : { schema }) };
}

/** What Sheaf knows of a call beyond the protocol: its price in US dollars, and whether it was answered before. */
function factHeaders({ cost, cached, key }: CallFacts): { [name: string]: string } {
  return {
    "x-sheaf-cost": cost === null ? "unpriced" : String(cost),
    "x-sheaf-cached": String(cached),
    "x-sheaf-call": key,
  };
}

/** The same of the calls that embedded texts: several of many texts, and none of a model of this machine. */
function embeddingHeaders(calls: readonly CallFacts[]): { [name: string]: string } {
  const cost = calls.reduce<number | null>((sum, { cost }) => (sum === null || cost === null ? null : sum + cost), 0);
  return {
    "x-sheaf-cost": cost === null ? "unpriced" : String(cost),
    "x-sheaf-cached": "false",
    ...(calls.length === 0 ? {} : { "x-sheaf-call": calls.map(({ key }) => key).join(", ") }),
  };
}

function eventsTo(out: StreamingApi): (event: object | "[DONE]") => Promise<unknown> {
  return (event) => out.write(`data: ${typeof event === "string" ? event : JSON.stringify(event)}\n\n`);
}

const counted = bodyLimit({ maxSize: longest, onError: tooLong });

/** Refuses a body that is too long. Only one whose length is not said is counted: that takes a `Request` made whole, which is a tenth of a call. */
function notTooLong(context: Context, next: Next): Promise<Response | void> {
  const length = context.req.header("content-length");
  if (length === undefined || context.req.header("transfer-encoding") !== undefined) return counted(context, next);
  return Number(length) > longest ? Promise.resolve(tooLong(context)) : next();
}

function tooLong(context: Context): Response {
  const problem = new RequestError("request.too-long", `the body is longer than ${longest / 2 ** 20} MB`);
  return context.json(gatewayProblem(problem).body, 413);
}

/** A handler whose problems are answers. */
function handled(handler: (context: Context) => Promise<Response>): (context: Context) => Promise<Response> {
  return async (context) => {
    try {
      return await handler(context);
    } catch (thrown) {
      const { status, body, headers } = gatewayProblem(thrown);
      return context.json(body, status, headers);
    }
  };
}
