import { mkdir, writeFile } from "node:fs/promises";
import { connect } from "node:net";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { openPublishing, type Publishing } from "#server/publish/publishing.ts";
import { fence, notebookText, testWorkspace, type TestWorkspace } from "#server/runner/__fixtures__/test-workspace.ts";
import { openWorkspaceNotebooks, type WorkspaceNotebooks } from "#server/workbench/workspace-notebooks.ts";
import { openServer, type OpenServer } from "./open-server.ts";

let workspace: TestWorkspace;
let notebooks: WorkspaceNotebooks;
let publishing: Publishing;
let server: OpenServer;

beforeAll(async () => {
  workspace = await testWorkspace();
  const { runtime, folder } = workspace;
  const examples = "public/examples";
  notebooks = await openWorkspaceNotebooks({ runtime, examples, firstSequence: 1 });
  publishing = openPublishing({ runtime });
  const app = join(folder, "app");
  await mkdir(join(app, "_build/assets"), { recursive: true });
  await writeFile(join(app, "index.html"), "<!doctype html><title>Sheaf</title>");
  await writeFile(join(app, "_build/assets/a.js"), "export {}");
  server = await openServer({ context: { runtime, notebooks, publishing, examples }, app, port: 0 });
  const path = await notebooks.create(
    "Echo",
    `${notebookText("inputs:\n  message: string\noutputs: [answer]\n", fence("template answer", "{{ message }}"))}`,
  );
  await publishing.publications.publish({
    notebook: path,
    text: (await notebooks.open(path)).session.state.notebook.text,
    slug: "echo",
  });
});
afterAll(async () => {
  await server.close();
  await publishing.close();
  await notebooks.close();
  await workspace[Symbol.asyncDispose]();
});

const post = (path: string, body: string, headers: Record<string, string> = {}): Promise<Response> =>
  fetch(server.address + path, { method: "POST", body, headers: { "content-type": "application/json", ...headers } });

/** Asks as no browser or library does, and gives the whole answer as text. */
async function raw(...lines: readonly string[]): Promise<string> {
  const socket = connect(server.port, "127.0.0.1");
  socket.end(`${lines.join("\r\n")}\r\n\r\n`);
  return text(socket);
}

describe("every answer", () => {
  test.each([
    ["a page", "GET", "/n/card-triage", 200],
    ["an asset", "GET", "/_build/assets/a.js", 200],
    ["what is not there", "GET", "/nothing.php", 404],
    ["an address that is none", "GET", "/n/%E0%A4%A", 400],
    ["the page's API", "GET", "/api/trpc/notebooks.list", 200],
    ["what the page's API does not know", "GET", "/api/trpc/nobody.knows", 404],
    ["an export that is none", "GET", "/api/export?sheet=x", 400],
    ["a file that is not kept", "GET", "/api/files/..%2f..%2fstate.sqlite", 404],
    ["a published notebook", "POST", "/api/run/echo", 400],
    ["its description", "GET", "/api/echo/openapi.json", 200],
  ])("of %s has a policy and is taken for nothing else", async (_, method, path, status) => {
    const answer = await fetch(server.address + path, {
      method,
      headers: { accept: path.startsWith("/n/") ? "text/html" : "*/*" },
    });
    expect(answer.status).toBe(status);
    expect(answer.headers.get("content-security-policy")).toContain("default-src 'none'");
    expect(answer.headers.get("content-security-policy")).toContain("frame-ancestors 'none'");
    expect(answer.headers.get("x-content-type-options")).toBe("nosniff");
    expect(answer.headers.get("referrer-policy")).toBe("no-referrer");
    expect(answer.headers.get("cross-origin-resource-policy")).toBe("same-origin");
    expect(answer.headers.get("access-control-allow-origin")).toBeNull();
  });
});

describe("a request under another name", () => {
  const upgrade = [
    "connection: Upgrade",
    "upgrade: websocket",
    "sec-websocket-version: 13",
    "sec-websocket-key: dGhlIHNhbXBsZSBub25jZQ==",
  ];
  test.each([
    "evil.example",
    "127.0.0.1.nip.io",
    "localhost.evil.example",
    "localhost:80@evil.example",
    "0.0.0.0",
    "[::ffff:127.0.0.1]",
    "192.168.1.2",
  ])("%s is refused over HTTP and as a WebSocket, for a DNS that lies leads here", async (host) => {
    expect(await raw("GET /api/trpc/notebooks.list HTTP/1.1", `host: ${host}`, "connection: close")).toMatch(
      /^HTTP\/1\.1 40[03]/,
    );
    expect(await raw("GET /api/trpc HTTP/1.1", `host: ${host}`, ...upgrade)).toMatch(/^HTTP\/1\.1 403/);
  });

  test("or none, of another site's page, or for commands from a page is refused as a WebSocket", async () => {
    const host = `host: localhost:${server.port}`;
    expect(await raw("GET /api/trpc HTTP/1.1", host, "origin: http://evil.example", ...upgrade)).toMatch(
      /^HTTP\/1\.1 403/,
    );
    expect(await raw("GET /api/trpc HTTP/1.1", host, "origin: null", ...upgrade)).toMatch(/^HTTP\/1\.1 403/);
    expect(await raw("GET /api/trpc HTTP/1.1", host, "origin: http://localhost:9", ...upgrade)).toMatch(
      /^HTTP\/1\.1 403/,
    );
    expect(await raw("GET /api/command HTTP/1.1", host, `origin: http://localhost:${server.port}`, ...upgrade)).toMatch(
      /^HTTP\/1\.1 403/,
    );
    expect(await raw("GET /elsewhere HTTP/1.1", host, ...upgrade)).toMatch(/^HTTP\/1\.1 403/);
  });
});

describe("a published notebook that is asked badly says what is wrong", () => {
  const large = `{"inputs":{"message":"${"x".repeat(50_000_000)}"}}`;
  test.each([
    ["no JSON", "/api/run/echo", "message=hi", 400, "request.not-json", /the body is no JSON/],
    ["nothing", "/api/run/echo", "", 400, "request.not-json", /the body is no JSON/],
    ["a list", "/api/run/echo", "[]", 400, "request.body", /the body is no object/],
    [
      "an unknown input",
      "/api/run/echo",
      '{"inputs":{"mesage":"a","message":"b"}}',
      400,
      "request.inputs",
      /no input `mesage`.*Did you mean `message`/,
    ],
    ["without an input", "/api/run/echo", "{}", 400, "request.inputs", /the input `message` is required/],
    ["a wrong type", "/api/run/echo", '{"inputs":{"message":1}}', 400, "request.inputs", /Give a text/],
    ["50 MB", "/api/run/echo", large, 413, "request.too-long", /longer than 10 MB/],
    ["a slug nobody has", "/api/run/nobody", "{}", 404, "request.unknown", /nothing is published as nobody/],
    ["a version that was never", "/api/run/echo@v9", "{}", 404, "request.unknown", /nothing is published as echo@v9/],
    ["no slug", "/api/run/%00", "{}", 404, "request.unknown", /nothing is published/],
  ])("%s", async (_, path, body, status, code, message) => {
    const answer = await post(path, body);
    const { error } = (await answer.json()) as { readonly error: { readonly code: string; readonly message: string } };
    expect([answer.status, error.code]).toEqual([status, code]);
    expect(error.message).toMatch(message);
  });
});

describe("the page's API that is asked badly says what is wrong", () => {
  test.each([
    ["no JSON", "not json", {}, 400],
    ["a form", "path=notebooks/echo.md", { "content-type": "application/x-www-form-urlencoded" }, 415],
    ["something else", '{"path":1}', {}, 400],
    ["another method", "", { "x-method": "GET" }, 405],
  ])("%s", async (_, body, { "x-method": method, ...headers }: Record<string, string>, status) => {
    const path = "/api/trpc/notebook.trust";
    const answer = method === undefined ? await post(path, body, headers) : await fetch(server.address + path);
    expect(answer.status).toBe(status);
    expect(JSON.stringify(await answer.json())).toMatch(/"message":"[^"]+/);
  });

  test("more than it takes, without reading it", async () => {
    const answer = await raw(
      "POST /api/trpc/notebook.edit HTTP/1.1",
      `host: localhost:${server.port}`,
      "content-type: application/json",
      `content-length: ${65 * 2 ** 20}`,
      "connection: close",
    );
    expect(answer).toMatch(/^HTTP\/1\.1 413/);
    expect(answer).toContain("a message of a page has at most 64 MB");
  });
});

describe("a file for an input", () => {
  const put = (name: string, body: string): Promise<Response> =>
    fetch(`${server.address}/api/files?name=${encodeURIComponent(name)}`, { method: "PUT", body });

  test.each([
    ["an SVG", "a.svg", '<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>'],
    ["HTML that is called a picture", "a.png", "<script>alert(1)</script>"],
    ["HTML", "a.html", "<script>alert(1)</script>"],
  ])("that is %s is bytes to be saved, never a document", async (_, name, body) => {
    const { hash } = (await (await put(name, body)).json()) as { readonly hash: string };
    const answer = await fetch(`${server.address}/api/files/${hash}`);
    expect(await answer.text()).toBe(body);
    expect(answer.headers.get("content-type")).toBe("application/octet-stream");
    expect(answer.headers.get("content-disposition")).toBe("attachment");
    expect(answer.headers.get("content-security-policy")).toContain("sandbox");
  });

  test("that is empty, has no name or is too large is refused with what to do", async () => {
    for (const answer of [await put("a.png", ""), await put("", "x"), await put("../..", "x")])
      expect(answer.status === 400 || ((await answer.json()) as { name: string }).name === "..").toBe(true);
    const large = await raw(
      "PUT /api/files?name=a.bin HTTP/1.1",
      `host: localhost:${server.port}`,
      "content-length: 100000001",
      "connection: close",
    );
    expect(large).toMatch(/^HTTP\/1\.1 413/);
    expect(large).toContain("the file has more than 100 MB");
  });
});
