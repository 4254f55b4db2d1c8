import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { once } from "node:events";
import type { AddressInfo } from "node:net";
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { servedWorkspace } from "./helpers/serving.ts";

const secret = "sk-entered-0123456789abcdef";
/** A half of it is too much as well. */
const half = secret.slice(0, 16);

type Behaviour = (response: ServerResponse, sent: string) => void;

const events = { "content-type": "text/event-stream" };
const chunk = (members: object): string => `data: ${JSON.stringify({ model: "m", ...members })}\n\n`;
const refuse =
  (status: number, body: (sent: string) => string, type = "application/json"): Behaviour =>
  (response, sent) => {
    response.writeHead(status, { "content-type": type });
    response.end(body(sent));
  };
const words = (sent: string, before = ""): string =>
  JSON.stringify({ error: { message: `${before}Wrong key: ${sent}` } });

/** A provider that tells everybody what it was sent. */
const behaviours: { readonly [what: string]: Behaviour } = {
  "in its words": refuse(401, words),
  "where its words are cut": refuse(400, (sent) => words(sent, "x".repeat(1_970))),
  "in a page": refuse(403, (sent) => `<html>${sent}</html>`, "text/html"),
  "in a 200 that is no stream": refuse(200, words),
  "in an error in mid-stream": (response, sent) => {
    response.writeHead(200, events);
    response.write(chunk({ choices: [{ index: 0, delta: { content: "Hi" } }] }));
    response.end(`data: ${words(sent)}\n\n`);
  },
  "in an event that is no JSON": (response, sent) => {
    response.writeHead(200, events);
    response.end(`data: {${"x".repeat(190)}${sent}\n\n`);
  },
};

test("an entered key is sent to its provider, and is in no answer, no file and no output of the server, whatever the provider says", async () => {
  let next: Behaviour;
  const keys: (string | undefined)[] = [];
  const provider = createServer((request: IncomingMessage, response) => {
    request.resume();
    const { authorization } = request.headers;
    if (request.method === "POST") keys.push(authorization);
    request.on("end", () => next(response, authorization?.replace("Bearer ", "") ?? ""));
  }).listen(0, "127.0.0.1");
  await once(provider, "listening");
  const baseUrl = `http://127.0.0.1:${(provider.address() as AddressInfo).port}/v1`;
  await using served = await servedWorkspace({}, {}, 60_000, { OPENAI_BASE_URL: baseUrl });
  const told: string[] = [];
  const ask = async (path: string, body?: object): Promise<void> => {
    const answer = await fetch(`${served.address}${path}`, {
      ...(body === undefined ? {} : { method: "POST", body: JSON.stringify(body) }),
      headers: { "content-type": "application/json" },
    });
    told.push(await answer.text(), JSON.stringify([...answer.headers]));
  };
  next = refuse(401, words);
  await ask("/api/trpc/models.setKey", { variable: "OPENAI_API_KEY", key: secret });
  for (const [what, behaviour] of Object.entries(behaviours)) {
    next = behaviour;
    const before = keys.length;
    await ask("/api/trpc/models.tryCall", { model: "openai/gpt-4o-mini", text: what });
    await ask("/v1/chat/completions", { model: "openai/gpt-4o-mini", messages: [{ role: "user", content: what }] });
    const sent = keys.slice(before);
    expect(sent.length, what).toBeGreaterThanOrEqual(2);
    expect(new Set(sent), what).toEqual(new Set([`Bearer ${secret}`]));
  }
  await ask("/api/trpc/models.list");
  await ask(
    `/api/trpc/costs.calls?input=${encodeURIComponent(JSON.stringify({ from: 0, to: 9e15, ahead: 0, only: {}, kind: "all", order: "newest", after: null, limit: 50 }))}`,
  );
  for (let id = 1; id <= keys.length; id += 1)
    await ask(`/api/trpc/costs.get?input=${encodeURIComponent(JSON.stringify({ id }))}`);
  expect(told.join("\n")).toContain("Wrong key: [key]");
  expect(told.filter((text) => text.includes(half))).toEqual([]);
  const { stdout, stderr } = served.process.output();
  expect(stdout + stderr).not.toContain(half);
  const files = await readdir(served.folder, { recursive: true, withFileTypes: true });
  const paths = files.filter((file) => file.isFile()).map((file) => join(file.parentPath, file.name));
  expect(paths.some((path) => path.endsWith("journal.sqlite"))).toBe(true);
  for (const path of paths) expect((await readFile(path)).includes(half), path).toBe(false);
  provider.closeAllConnections();
  provider.close();
}, 60_000);
