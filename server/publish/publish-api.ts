import { hash } from "node:crypto";
import { Hono, type Context } from "hono";
import { streamSSE } from "hono/streaming";
import { SheafError } from "#server/notebook/sheaf-error.ts";
import { toJson } from "#server/notebook/to-json.ts";
import type { Runtime } from "#server/runner/runtime.ts";
import type { RequestKey, RequestRecord } from "#server/store/store.ts";
import { callerEvents } from "./caller-events.ts";
import { dryRun } from "./dry-run.ts";
import type { Asked, Execution } from "./executions.ts";
import { openApi } from "./openapi.ts";
import { openPublishing, type Publishing } from "./publishing.ts";
import { RequestProblem } from "./problem.ts";
import { readBody, type ReadBody } from "./read-body.ts";
import { listInputs } from "./list-inputs.ts";
import { readInputs } from "./read-inputs.ts";
import { answerTo, runState, type HttpAnswer } from "./request-answer.ts";
import { readTarget } from "./target.ts";

export interface PublishApiSettings {
  readonly runtime: Runtime;
  /** The publications and requests the API serves; those of the runtime where nothing is given. */
  readonly publishing?: Publishing;
  /** The longest body of a request, in bytes; 10 MB by default. */
  readonly bodyLimit?: number;
}

/** How long a request's answer is given again under its key, in milliseconds. */
const keysHoldFor = 24 * 60 * 60 * 1_000;

/** The public HTTP API of a workspace's published notebooks; docs/api.md says what it does. */
export function createPublishApi(settings: PublishApiSettings): Hono {
  const { runtime, publishing = openPublishing({ runtime }), bodyLimit = 10 * 2 ** 20 } = settings;
  const { publications, executions } = publishing;
  const { requests, waits } = runtime.store;
  const app = new Hono();

  app.post("/api/run/:target", handled(run));
  app.all("/api/run/:target", handled(only("POST")));
  app.get("/api/runs/:id", handled(state));
  app.delete("/api/runs/:id", handled(cancel));
  app.all("/api/runs/:id", handled(only("GET, DELETE")));
  app.get("/api/:target/openapi.json", handled(describe));
  app.all("/api/:target/openapi.json", handled(only("GET")));
  return app;

  async function run(context: Context): Promise<Response> {
    const request = context.req.raw;
    const open = await versionOf(context.req.param("target")!);
    const body = await readBody(request, bodyLimit);
    const { front } = open.prepared.notebook;
    const { values, problems } = await readInputs(
      front.inputs,
      body.inputs,
      open.runtime.tables,
      listInputs(open.prepared),
    );
    if (problems.length > 0)
      throw new RequestProblem(400, {
        code: "request.inputs",
        message: problems.map(({ message }) => message).join("; "),
        problems,
      });
    if (body.dryRun) return context.body(toJson(await dryRun(runtime.newId(), open, values)), 200, json);
    const once = keyOf(context, body);
    const asked: Asked = {
      open,
      values,
      inputs: toJson(body.inputs),
      mode: body.async ? "async" : "waited",
      ...(once === undefined ? {} : { once }),
    };
    const begun = await begin(asked);
    if (body.async) return respond(context, accepted(begun));
    if (context.req.header("accept")?.includes("text/event-stream") === true) return stream(context, begun);
    return respond(context, await waited(begun, request.signal));
  }

  /** Begins a request, or finds the one that holds its key. */
  async function begin(asked: Asked): Promise<Begun> {
    for (;;) {
      const begun = await executions.begin(asked);
      if ("execution" in begun) return { id: begun.execution.id, execution: begun.execution };
      const { id, body } = begun.holder;
      if (body !== asked.once!.body)
        throw new RequestProblem(422, {
          code: "request.key-used",
          message: "the Idempotency-Key was used for another request: give each request a key of its own",
        });
      const execution = executions.find(id);
      if (execution?.cancelled === true) {
        // Its key is free when it has ended; where it could not be kept the record says how it stands.
        await execution.ended.catch(() => {});
        continue;
      }
      if (execution !== undefined) return { id, execution };
      const record = await requests.get(id);
      if (record !== null && record.status === "running")
        throw new RequestProblem(409, {
          code: "request.in-progress",
          message: "the request that began under this Idempotency-Key has no answer yet",
        });
      const answer = record === null || record.status === "cancelled" ? null : answerTo(record);
      // One that was told to ask again has an answer of its own when it does.
      if (answer !== null && answer.status !== 503) return { id, status: record!.status, answer };
      await requests.release(id);
    }
  }

  /** Waits for an answer as long as the caller does. */
  async function waited(begun: Begun, signal: AbortSignal): Promise<HttpAnswer> {
    if ("answer" in begun) return { ...begun.answer, replayed: true };
    const { execution } = begun;
    const leave = execution.attend();
    signal.addEventListener("abort", leave, { once: true });
    if (signal.aborted) leave();
    try {
      return answerTo(await execution.ended);
    } finally {
      signal.removeEventListener("abort", leave);
    }
  }

  function stream(context: Context, begun: Begun): Response {
    context.header("x-accel-buffering", "no");
    if ("answer" in begun) context.header("idempotency-replayed", "true");
    return streamSSE(context, async (out) => {
      const left = new AbortController();
      out.onAbort(() => left.abort());
      const answer = waited(begun, left.signal);
      // It is awaited when all events have been told.
      answer.catch(() => {});
      const ping = setInterval(() => void out.write(": still running\n\n"), pingEvery);
      try {
        if ("execution" in begun)
          for await (const { event, data } of callerEvents(begun.execution.events(), await begun.execution.graph()))
            await out.writeSSE({ event, data: toJson(data) });
        await out.writeSSE({ event: "result", data: (await answer).body });
      } finally {
        clearInterval(ping);
      }
    });
  }

  async function state(context: Context): Promise<Response> {
    const id = context.req.param("id")!;
    const record = await requests.get(id);
    if (record !== null) return context.body(toJson(await runState(record, waits)), 200, json);
    if (executions.find(id) !== undefined) return context.body(toJson({ runId: id, status: "running" }), 200, json);
    throw noRun(id);
  }

  async function cancel(context: Context): Promise<Response> {
    const id = context.req.param("id")!;
    const record = await executions.cancel(id);
    if (record === null) throw noRun(id);
    return context.body(toJson(await runState(record, waits)), 200, json);
  }

  async function describe(context: Context): Promise<Response> {
    const target = context.req.param("target")!;
    const open = await versionOf(target);
    return context.body(
      toJson(openApi(open.contract, target, open.version, new URL(context.req.url).origin)),
      200,
      json,
    );
  }

  async function versionOf(target: string) {
    const read = readTarget(target);
    try {
      const open = read === null ? null : await publications.open(read.slug, read.version);
      if (open !== null) return open;
    } catch (thrown) {
      // A model that is another by now, an endpoint that is gone, a dataset that is: for the one who published it, who sees it on its page.
      if (!(thrown instanceof SheafError)) throw thrown;
      throw new RequestProblem(503, { code: "request.unavailable", message: "this version cannot run here any more" });
    }
    throw new RequestProblem(404, { code: "request.unknown", message: `nothing is published as ${target}` });
  }

  function keyOf(context: Context, { text }: ReadBody): RequestKey | undefined {
    const key = context.req.header("idempotency-key");
    if (key === undefined) return undefined;
    if (key === "" || key.length > 255)
      throw new RequestProblem(400, { code: "request.key", message: "an Idempotency-Key has 1 to 255 characters" });
    const body = hash("sha256", `${context.req.param("target")}\n${text}`);
    return { key, body, since: runtime.now() - keysHoldFor };
  }
}

/** A request that has begun: under way, or with the answer it had before. */
type Begun =
  | { readonly id: string; readonly execution: Execution }
  | { readonly id: string; readonly status: RequestRecord["status"]; readonly answer: HttpAnswer };

const json = { "content-type": "application/json" };

/** Milliseconds after which a stream that is silent says that it is still there. */
const pingEvery = 15_000;

function accepted(begun: Begun): HttpAnswer {
  const { id } = begun;
  const [status, replayed] = "answer" in begun ? [begun.status, true] : ["running", false];
  return { status: 202, body: toJson({ runId: id, status }), headers: { location: `/api/runs/${id}` }, replayed };
}

function respond(context: Context, { status, body, headers = {}, replayed = false }: HttpAnswer): Response {
  return context.body(body, status, { ...json, ...headers, ...(replayed ? { "idempotency-replayed": "true" } : {}) });
}

function only(allow: string): () => never {
  return () => {
    throw new RequestProblem(
      405,
      { code: "request.method", message: `the method is ${allow.replace(", ", " or ")}` },
      { allow },
    );
  };
}

function noRun(id: string): RequestProblem {
  return new RequestProblem(404, { code: "request.unknown", message: `there is no run ${id}` });
}

/** A handler whose problems are answers. */
function handled(handler: (context: Context) => Promise<Response>): (context: Context) => Promise<Response> {
  return async (context) => {
    try {
      return await handler(context);
    } catch (thrown) {
      if (thrown instanceof RequestProblem)
        return context.body(thrown.body, thrown.status, { ...json, ...thrown.headers });
      process.stderr.write(`${context.req.method} ${context.req.path}: ${(thrown as Error).stack ?? String(thrown)}\n`);
      const error = { code: "request.broken", message: "the server failed at this request" };
      return context.body(toJson({ error }), 500, json);
    }
  };
}
