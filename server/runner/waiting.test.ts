import { afterAll, beforeAll, expect, test } from "vitest";
import type { ModelFile } from "#server/models/files/model-file.ts";
import { fence, notebookText, shown, testWorkspace, type TestWorkspace } from "./__fixtures__/test-workspace.ts";

const licensed: ModelFile = {
  kind: "chat",
  style: "instruct",
  name: "local/licensed",
  title: "A model with terms of its own",
  file: "licensed.gguf",
  sha256: "0".repeat(64),
  bytes: 4,
  contextLength: 16,
  licence: { title: "Terms", url: "https://example.org/terms", agreement: "You are kind to it." },
  sources: [{ type: "hugging-face", repository: "example/licensed", revision: "main", file: "licensed.gguf" }],
};

/** What was asked of Hugging Face, which has the wrong file: enough to see that the fetching began. */
const asked: string[] = [];
const fetchHere: typeof fetch = async (input, init) => {
  const url = input instanceof Request ? input.url : String(input);
  if (!url.startsWith("https://huggingface.co/")) return fetch(input, init);
  asked.push(url);
  return new Response("GGUF", { headers: { "content-length": "4" } });
};

let workspace: TestWorkspace;
beforeAll(async () => void (workspace = await testWorkspace({ fetch: fetchHere, modelRegistry: [licensed] })));
afterAll(() => workspace[Symbol.asyncDispose]());

const notebook = notebookText(
  "inputs:\n  name: { type: string, default: Ada }\n",
  fence("data people", "---\nkey: name\n---\nname\nBo\nCy"),
  fence("prompt greeting", "---\nmodels: [local/licensed, server/small]\n---\nGreet {{ name }}"),
  fence("template letter", "{{ greeting }}!"),
  fence("sheet whole", "---\nrows: people\nwith: { name: =row.name }\ncolumns: [letter]\n---"),
  fence("template other", "nothing to do with it"),
);

test(
  "aggregates over what waits, or is blocked by what waits, are open, also where an error blocks it besides",
  { timeout: 60_000 },
  async () => {
    const session = await workspace.open(
      notebookText(
        "",
        fence("data people", "---\nkey: name\n---\nname\nBo\nCy"),
        fence(
          "sheet every",
          [
            "---\nrows: people\n---",
            fence("prompt greeting", "---\nmodel: local/licensed\n---\nTell {{ row.name }}"),
            fence("js broken", "throw new Error('no luck')"),
            fence("js size", "return greeting.length"),
            fence("js mixed", "return greeting + broken"),
            fence("js failed", "return broken"),
          ].join("\n"),
        ),
        fence("test gate", "count(every.size) == 2\ncount(every.mixed) == 2\ncount(every.failed) == 2"),
      ),
    );
    await session.run({ type: "stale" }).done;
    const value = session.shown("gate")!.value;
    expect(value?.type === "test" && value.value.lines.map(({ verdict }) => verdict)).toEqual(["open", "open", "fail"]);
    expect(value).toMatchObject({
      value: { lines: [{}, {}, { sides: ["0 (n 0 of 2, 2 errors, over 2 rows of every)", "2"] }] },
    });
  },
);

test(
  "what waits for an agreement holds no process, survives a restart, and one door continues all of it",
  { timeout: 60_000 },
  async () => {
    const path = "licence.md";
    const session = await workspace.open(notebook, { path });
    const report = await session.run({ type: "stale" }).done;
    expect(report.outcome).toBe("waiting");
    expect(session.state.results.get("greeting{model=local/licensed}")).toMatchObject({
      outcome: "blocked",
      waiting: { reason: "licence", subject: "local/licensed" },
    });
    expect(session.state.results.get("letter{model=local/licensed}")).toMatchObject({
      outcome: "blocked",
      because: ["greeting"],
    });
    expect(shown(session, "other")).toBe("nothing to do with it");
    expect(session.state.results.get("letter{model=server/small}")!.outcome).toBe("ok");
    // Rows wait together, at their column's address.
    const addresses = ["greeting{model=local/licensed}", "whole.greeting{model=local/licensed}"];
    expect((await session.waits()).map(({ address }) => address).toSorted()).toEqual(addresses);
    const since = (await session.waits()).map((wait) => wait.since);

    await workspace.restart();
    workspace.sent();
    const again = await workspace.open(notebook, { path });
    await again.run({ type: "stale" }).done;
    expect((await again.waits()).map((wait) => wait.since)).toEqual(since);
    await expect(again.resume("other", true)).rejects.toMatchObject({ code: "resume.not-waiting" });
    await expect(again.resume(addresses[1]!, "yes")).rejects.toMatchObject({ code: "resume.not-agreed" });
    expect([asked, await workspace.runtime.store.consents.list()]).toEqual([[], []]);

    const resumed = await again.resume(addresses[1]!, true);
    expect(await resumed.done).toMatchObject({ outcome: "done" });
    expect(await workspace.runtime.store.consents.list()).toMatchObject([
      { subject: "local/licensed", text: "You are kind to it." },
    ]);
    expect(asked[0]).toBe("https://huggingface.co/example/licensed/resolve/main/licensed.gguf");
    expect(again.state.results.get("greeting{model=local/licensed}")!.error).toMatchObject({
      code: "model.not-fetched",
    });
    expect(await again.waits()).toEqual([]);
    expect(await again.sheetFreshness("whole", { exact: true })).toMatchObject({
      columns: { greeting: [{ outcomes: { error: 2 } }, { outcomes: { ok: 2 } }] },
    });
    expect(workspace.sent()).toEqual([]);
  },
);

test("what waits is continued while the run that came upon it is still on", { timeout: 60_000 }, async () => {
  await using own = await testWorkspace({ fetch: fetchHere, modelRegistry: [licensed] });
  own.script = (prompt) => ({ text: prompt, hold: true });
  const session = await own.open(notebook, { path: "meanwhile.md" });
  const first = session.run({ type: "stale" });
  await own.server.until((server) => server.inFlight().length > 0);
  await expect
    .poll(async () => (await session.waits()).map(({ address }) => address))
    .toContain("greeting{model=local/licensed}");
  const second = await session.resume("greeting{model=local/licensed}", true);
  own.script = null;
  own.server.release();
  await Promise.all([first.done, second.done]);
  expect(session.state.results.get("greeting{model=local/licensed}")!.error).toMatchObject({
    code: "model.not-fetched",
  });
  expect(await session.waits()).toEqual([]);
});

test("what waits goes on waiting when other cells run by themselves", async () => {
  await using own = await testWorkspace({ modelRegistry: [licensed] });
  const session = await own.open(notebook, { trusted: true });
  await session.run({ type: "stale" }).done;
  const waits = await session.waits();
  expect(waits).toHaveLength(2);
  await session.settle();
  expect(await session.waits()).toEqual(waits);
});

test("what waits for a budget goes on with the one it is given, and everything paid for is kept", async () => {
  workspace.script = () => ({ text: "Hello", usage: { prompt: 100_000, completion: 100_000 } });
  const rows = Array.from({ length: 12 }, (_, index) => `person ${index}`);
  const text = notebookText(
    "inputs:\n  name: { type: string, default: Ada }\n",
    fence("data people", ["---\nkey: name\n---\nname", ...rows].join("\n")),
    fence("prompt greeting", "---\nmodel: openai/gpt-5-mini\n---\nGreet {{ name }}"),
    fence("sheet whole", "---\nrows: people\nwith: { name: =row.name }\ncolumns: [greeting]\n---"),
  );
  const session = await workspace.open(text, { path: "budget.md" });
  const first = await session.run({ type: "stale" }, { budget: 1 }).done;
  expect(first.outcome).toBe("budget");
  expect(first.money.cost).toBeGreaterThan(0.7);
  expect(first.money.cost).toBeLessThanOrEqual(1);
  const paid = workspace.sent();
  expect(paid).toHaveLength(first.money.made);
  expect(await session.waits()).toMatchObject([{ reason: "budget", subject: "$1.00" }]);

  const [wait] = await session.waits();
  await expect(session.resume(wait!.address, true)).rejects.toMatchObject({ code: "resume.no-budget" });
  const second = await (await session.resume(wait!.address, 100)).done;
  expect(second.outcome).toBe("done");
  const rest = workspace.sent();
  expect(new Set([...paid, ...rest]).size).toBe(paid.length + rest.length);
  expect(paid.length + rest.length).toBe(13);
  expect(await session.waits()).toEqual([]);
  workspace.script = null;
});
