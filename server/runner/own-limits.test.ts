import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { afterAll, beforeAll, expect, test } from "vitest";
import { testWorkspace, type TestWorkspace } from "./__fixtures__/test-workspace.ts";

let workspace: TestWorkspace;
beforeAll(async () => {
  workspace = await testWorkspace();
});
afterAll(() => workspace[Symbol.asyncDispose]());

/** Writes the workspace's endpoints.yaml, and lets the second pass after which it is looked at. */
async function write(text: string): Promise<void> {
  await writeFile(join(workspace.folder, "endpoints.yaml"), text);
  workspace.ahead += 1_100;
}

/** Asks a model as a row does, and gives its text or the message of its error. */
function ask(model: string, content: string, signal?: AbortSignal): Promise<string> {
  const call = { model, messages: [{ role: "user" as const, content }], parameters: {}, step: 0, repeat: 0 };
  const place = { address: { cell: "a", at: { row: content } }, ...(signal && { signal }) };
  return workspace.runtime.caller.chat({ ...call, ...place }, { notebook: "a.md", run: "run", priority: "batch" }).then(
    ({ text }) => text,
    (thrown: unknown) => (thrown as Error).message,
  );
}

const inFlight = (): number => workspace.server.inFlight().length;

test("as many are in flight at a server, or at a provider, as endpoints.yaml says, from the next second on", async () => {
  workspace.script = (prompt) => ({ text: `<${prompt}>`, hold: true });
  for (const name of ["own", "server", "openai"]) {
    const model = `${name}/small`;
    const url = name === "own" ? `url: ${workspace.server.baseUrl}, ` : "";
    await write(`${name}: { ${url}concurrency: 1 }\n`);
    const first = [1, 2, 3].map((row) => ask(model, `first ${row}`));
    await workspace.server.until(() => inFlight() === 1);
    await delay(100);
    expect(inFlight()).toBe(1);
    for (let released = 0; released < 3; await delay(10)) {
      released += workspace.server.release();
      expect(inFlight()).toBeLessThanOrEqual(1);
    }
    expect(await Promise.all(first)).toEqual(["<first 1>", "<first 2>", "<first 3>"]);
    await write(`${name}: { ${url}concurrency: 9 }\n`);
    const second = Array.from({ length: 10 }, (_, row) => ask(model, `second ${row}`));
    await workspace.server.until(() => inFlight() === 9);
    for (let released = 0; released < 10; await delay(10)) released += workspace.server.release();
    await Promise.all(second);
  }
});

test("a change holds for calls that wait already: no more go out than endpoints.yaml says then", async () => {
  workspace.script = (prompt) => ({ text: `<${prompt}>`, hold: true });
  await write("openai: { concurrency: 9 }\n");
  const asked = Array.from({ length: 14 }, (_, row) => ask("openai/small", `waiting ${row}`));
  await workspace.server.until(() => inFlight() === 9);
  await write("openai: { concurrency: 1 }\n");
  for (let released = 0; released < 14; await delay(10)) {
    released += workspace.server.release();
    await delay(20);
    expect(inFlight()).toBeLessThanOrEqual(1);
  }
  await Promise.all(asked);
});

test("a call has the time and the attempts that endpoints.yaml gives it", async () => {
  await write("openai: { firstPartSeconds: 0.2, attempts: 2 }\nserver: { attempts: 1 }\n");
  workspace.script = () => ({ text: "", hang: "at-once" });
  workspace.sent();
  expect(await ask("openai/small", "slow")).toBe("openai/small did not begin to answer within 0.2 s");
  expect(workspace.sent()).toEqual(["slow", "slow"]);
  workspace.script = () => ({ text: "too many", status: 429 });
  expect(await ask("server/small", "much")).toMatch(/too many/);
  expect(workspace.sent()).toEqual(["much"]);
});

test("no more requests are sent in a minute than endpoints.yaml says", async () => {
  await write("openai: { requestsPerMinute: 2 }\n");
  // What was sent before the bound was written counts too.
  workspace.ahead += 62_000;
  workspace.script = null;
  workspace.sent();
  const controller = new AbortController();
  const asked = ["one", "two", "three"].map((row) => ask("openai/small", row, controller.signal));
  await Promise.all(asked.slice(0, 2));
  await delay(200);
  expect(workspace.sent()).toEqual(["one", "two"]);
  controller.abort(new Error("stop"));
  expect(await asked[2]).toBe("stop");
});
