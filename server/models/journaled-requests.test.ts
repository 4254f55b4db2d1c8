import { hash } from "node:crypto";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { CallEnd } from "#server/store/journal.ts";
import { createCalling } from "./calling/create-calling.ts";
import { systemTimers } from "./calling/timers.ts";
import { createCaller } from "./caller.ts";
import { memoryJournal } from "./__fixtures__/memory-journal.ts";
import { chatProviders, errorScript, json } from "./__fixtures__/protocols.ts";
import { createModels, type Models } from "./index.ts";
import { scriptedServer, type Script, type ScriptedServer } from "./__fixtures__/scripted-server.ts";

let server: ScriptedServer;
beforeAll(async () => {
  server = await scriptedServer();
});
afterAll(() => server.close());

/** What the journal has of a call, through the whole door, cancelled at its first text where that is asked. */
async function endOf(model: string, scripts: readonly Script[], cancels = false): Promise<CallEnd> {
  server.play(...scripts);
  const journal = memoryJournal();
  const calling = createCalling({
    timers: systemTimers(),
    random: () => 0,
    timeLimits: () => ({ firstPart: 300, idle: 5_000, total: 10_000 }),
    retryRules: { attempts: { interactive: 2, batch: 2 }, base: 1, cap: 1, longest: 1 },
  });
  const caller = createCaller({ resolve: models().chatModel, journal, clock: Date.now, calling });
  const controller = new AbortController();
  const call = { messages: [{ role: "user" as const, content: "Hello" }], parameters: {}, step: 0, repeat: 0 };
  const { signal } = controller;
  const onText = (): void => (cancels ? controller.abort(new Error("enough")) : undefined);
  await caller
    .chat({ ...call, model, address: { cell: "a", at: {} }, signal, onText }, { notebook: "a.md", run: "run-1" })
    .catch(() => undefined);
  return journal.calls[0]!.end!;
}

/** With a key, also at the endpoint that needs none. */
function models(): Models {
  const url = `${server.url}/v1`;
  const environment = {
    ...{ OPENAI_API_KEY: key, OPENAI_BASE_URL: url, HERE_API_KEY: key },
    ...{ ANTHROPIC_API_KEY: key, ANTHROPIC_BASE_URL: server.url },
  };
  const endpoints = { here: { baseUrl: url, keyVariable: "HERE_API_KEY" } };
  return createModels({ environment, fetch, endpoints });
}

const key = "sk-of-the-test";
const named = (id: string): { readonly "x-request-id": string } => ({ "x-request-id": id });

describe.each(chatProviders)(
  "the journal has the id of a request of $name and what the provider said",
  ({ model, protocol }) => {
    test("where it was refused", async () => {
      const end = await endOf(model, [errorScript(protocol, 400, "no such luck")]);
      expect(end).toMatchObject({
        state: "failed",
        requestId: "request-1",
        response: { http_status: 400, error: { type: "invalid_request_error", message: "no such luck" } },
      });
    });

    test("where the answer broke off", async () => {
      const end = await endOf(model, [{ chunks: [protocol.unfinished(["Hel", "lo"])], after: "cut" }]);
      expect(end).toMatchObject({ state: "truncated", text: "Hello", requestId: "request-1" });
      expect(end.response).toMatchObject({
        id: expect.stringMatching(/_1$|-1$/),
        model: expect.stringMatching(/^test/),
      });
      expect(JSON.stringify(end.response)).not.toContain("Hel");
    });

    test("where it was cancelled", async () => {
      const end = await endOf(model, [{ chunks: [protocol.unfinished(["Hel"])], after: "hang" }], true);
      expect(end).toMatchObject({ state: "cancelled", text: "Hel", requestId: "request-1" });
      expect(end.response).toMatchObject({ id: expect.stringMatching(/_1$|-1$/) });
    });

    test("where it failed in the midst of its answer", async () => {
      const end = await endOf(model, [{ chunks: [protocol.unfinished(["Hel"]) + protocol.errorEvent] }]);
      expect(end).toMatchObject({ state: "failed", text: "Hel", requestId: "request-1" });
      expect(end.response).toMatchObject({
        id: expect.stringMatching(/_1$|-1$/),
        error: expect.objectContaining({ message: expect.stringMatching(/had an error|Overloaded/) }),
      });
    });

    test("where what it answered is no answer", async () => {
      const page = { headers: { "content-type": "text/html" }, chunks: ["<html>"] };
      expect(await endOf(model, [page])).toMatchObject({ state: "failed", requestId: "request-1" });
      const broken = { headers: json, chunks: ['{"error":'] };
      expect(await endOf(model, [broken])).toMatchObject({ state: "truncated", requestId: "request-1" });
      const elsewhere = { headers: json, chunks: ['{"detail":"not loaded"}'] };
      expect(await endOf(model, [elsewhere])).toMatchObject({
        ...{ state: "failed", requestId: "request-1" },
        response: { error: { detail: "not loaded" } },
      });
    });

    test("of each attempt, refused or too late, and of the answer in the end", async () => {
      const good = { headers: named("good"), chunks: [protocol.answer(["Hi"])] };
      const busy = errorScript(protocol, 503, "busy", named("busy"));
      expect(await endOf(model, [busy, good])).toMatchObject({
        ...{ state: "done", requestId: "good" },
        attempts: [{ requestId: "busy", status: 503 }],
      });
      const silent = { headers: named("silent"), chunks: [], after: "hang" } as const;
      const { attempts, ...end } = await endOf(model, [silent, good]);
      expect(end).toMatchObject({ state: "done", requestId: "good" });
      expect(attempts).toMatchObject([{ code: "model.timeout", requestId: "silent" }]);
      expect(attempts![0]).not.toHaveProperty("status");
      expect(await endOf(model, [busy, silent])).toMatchObject({
        ...{ state: "failed", requestId: "silent" },
        attempts: [{ requestId: "busy", status: 503 }],
      });
    });

    test("but never the key, and all else of it that is no deeper than what is said", async () => {
      const deep = JSON.parse(`${'{"a":'.repeat(3_000)}1${"}".repeat(3_000)}`) as object;
      const body = {
        error: {
          ...{ message: "no", type: key, code: "x", param: "p", [key]: 1 },
          ...{ metadata: { raw: `key ${key} ${"w".repeat(5_000)}` }, deep, many: Array(50).fill("y".repeat(400)) },
        },
      };
      const end = await endOf(model, [{ status: 400, headers: json, chunks: [JSON.stringify(body)] }]);
      expect(JSON.stringify(end)).not.toContain(key);
      expect(JSON.stringify(end.response)).toMatch(/("a":\{?){5,9}"…"/);
      expect(end.response).toMatchObject({
        http_status: 400,
        error: {
          ...{ type: "[key]", code: "x", param: "p" },
          metadata: { raw: `key [key] ${"w".repeat(5_000)}` },
          many: body.error.many,
        },
      });
    });
  },
);

describe("the journal tells a key by the beginning of its hash", () => {
  test.each(chatProviders)("where $name has one, which is in no other form in it", async ({ model, protocol }) => {
    const end = await endOf(model, [{ chunks: [protocol.answer(["Hi"])] }]);
    expect(end).toMatchObject({ state: "done", keyHash: hash("sha256", key).slice(0, 8) });
    expect(end).not.toHaveProperty("keyNumber");
    expect(JSON.stringify(end)).not.toContain(key);
    expect(JSON.stringify(end)).not.toContain(hash("sha256", key).slice(0, 9));
    expect(await endOf(model, [errorScript(protocol, 400, "no")])).toMatchObject({ keyHash: end.keyHash });
  });
});
