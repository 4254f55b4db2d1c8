import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { fence, notebookText, testWorkspace, type TestWorkspace } from "./__fixtures__/test-workspace.ts";
import { triage } from "./__fixtures__/triage-sheet.ts";

let workspace: TestWorkspace;
beforeAll(async () => void (workspace = await testWorkspace()));
afterAll(() => workspace[Symbol.asyncDispose]());

const inputs = "inputs:\n  name: { type: string, default: Ada }\n";
const text = (value: string) => ({ type: "string", value }) as const;

describe("everything known of a result", () => {
  test("is its value, the messages as they were sent, the raw answer, and what it took and cost", async () => {
    const notebook = (source: string): string =>
      notebookText(
        inputs,
        fence(
          "prompt person",
          `---\nmodel: openai/gpt-5-mini\nmax_tokens: 50\nschema: { name: string }\n---\nsystem:\nBe brief.\n\nuser:\n${source}`,
        ),
      );
    const session = await workspace.open(notebook("Who is {{ name }}?"));
    workspace.script = () => ({ text: ['{ "name": ', '"Ada" }'], usage: { prompt: 20, completion: 8 } });
    const run = session.run({ type: "stale" }, { confirm: async () => true });
    await run.done;
    workspace.script = null;
    const found = (await session.result("person"))!;
    expect(found).toMatchObject({
      address: { cell: "person", at: {} },
      freshness: { state: "current" },
      outcome: "ok",
      value: { type: "json", value: { name: "Ada" } },
      override: null,
      row: null,
      notes: null,
      key: expect.stringMatching(/^[0-9a-f]{64}$/),
      at: expect.any(Number),
    });
    const [call] = found.calls;
    expect(call).toMatchObject({
      key: expect.stringMatching(/^[0-9a-f]{64}$/),
      cached: false,
      usage: { input: 20, output: 8 },
      cost: expect.any(Number),
      journal: {
        model: "openai/gpt-5-mini",
        run: run.id,
        address: "person",
        step: 0,
        state: "done",
        finish: "stop",
        text: '{ "name": "Ada" }',
        request: {
          messages: [
            { role: "system", content: "Be brief." },
            { role: "user", content: "Who is Ada?" },
          ],
          completion: null,
          parameters: { max_tokens: 50 },
          schema: { type: "object", properties: { name: { type: "string" } } },
        },
        price: expect.any(Object),
      },
    });
    const { firstText, latency, sentAt } = call!.journal!;
    expect(firstText! <= latency && latency === call!.latency && sentAt <= found.at!).toBe(true);

    await session.setText(notebook("Who was {{ name }}?"));
    expect(await session.result("person")).toMatchObject({
      freshness: { state: "stale", reasons: ["source"] },
      value: { value: { name: "Ada" } },
    });
  });

  test("in a sheet has its row, and the same of every variant", async () => {
    const session = await workspace.open(triage({ source: "Detail {{ vary.model }}\n\n{{ row.text }}" }));
    await session.run({ type: "stale" }).done;
    const found = (await session.sheetCell("triage", "t4", "topic", { model: "big" }))!;
    expect(found).toMatchObject({
      address: { cell: "triage.topic", at: { model: "big", triage: "t4" } },
      freshness: { state: "current" },
      value: text("<message 4>"),
      row: { row: "t4", columns: { id: "t4", text: "message 4", amount: 10, expected: "<message 4>" } },
      key: expect.stringMatching(/^[0-9a-f]{64}$/),
      calls: [{ journal: { text: "<message 4>", request: { parameters: { temperature: 0 } } } }],
    });
    expect(await session.result("triage.topic{model=big,triage=t4}")).toEqual(found);
    expect(await session.sheetCell("triage", "t4", "correct", { model: "big" })).toMatchObject({
      value: { type: "score", value: { pass: true } },
      calls: [],
    });
    await session.note({ address: "triage.topic{model=big,triage=t4}", type: "edited", value: text("mine") });
    await session.note({ address: "triage.topic{model=big,triage=t4}", type: "comment", text: "hm" });
    expect(await session.sheetCell("triage", "t4", "topic", { model: "big" })).toMatchObject({
      freshness: { state: "edited" },
      value: text("mine"),
      override: "edited",
      notes: { comments: [{ text: "hm" }] },
    });
    expect(await session.sheetCell("triage", "t4", "correct", { model: "big" })).toMatchObject({
      freshness: { state: "stale", reasons: ["topic"] },
    });
  });

  test("of one that failed has the call that failed, and of one from cache the call that made the answer", async () => {
    const prompt = (name: string): string =>
      fence(`prompt ${name}`, "---\nmodel: server/small\n---\nThe same question of {{ name }}");
    const session = await workspace.open(notebookText(inputs, prompt("first"), prompt("second")));
    workspace.script = () => ({ text: "not so", status: 400 });
    await session.run({ type: "cells", cells: ["first"] }).done;
    workspace.script = null;
    expect(await session.result("first")).toMatchObject({
      outcome: "error",
      value: null,
      error: { code: "model.bad-request" },
      calls: [
        {
          journal: {
            state: "failed",
            error: { code: "model.bad-request" },
            request: { messages: [{ role: "user", content: "The same question of Ada" }] },
          },
        },
      ],
    });
    await session.run({ type: "cells", cells: ["first"] }, { retryErrors: true }).done;
    await session.run({ type: "cells", cells: ["second"] }).done;
    expect(await session.result("first")).toMatchObject({
      calls: [{ cached: false, journal: { address: "first", state: "done" } }],
    });
    expect(await session.result("second")).toMatchObject({
      calls: [{ cached: true, journal: { address: "first", state: "done" } }],
    });
  });

  test("of one that never ran, or is blocked, says so; at an address that is none there is none", async () => {
    const broken = fence("js broken", 'throw new Error("no");');
    const session = await workspace.open(
      notebookText(inputs, broken, fence("template letter", "{{ broken }} {{ name }}")),
    );
    expect(await session.result("letter")).toMatchObject({
      freshness: { state: "never" },
      outcome: null,
      value: null,
      key: null,
      calls: [],
    });
    await session.run({ type: "stale" }).done;
    expect(await session.result("letter")).toMatchObject({ outcome: "blocked", because: ["broken"] });
    expect(await session.result("nothing")).toBeNull();
    expect(await session.result("letter{model=small}")).toBeNull();
    const sheet = await workspace.open(triage());
    expect(await sheet.sheetCell("triage", "t1", "topic", { model: "big" }), "rows are awaited").toBeNull();
    await sheet.run({ type: "cells", cells: ["tickets"] }).done;
    expect(await sheet.sheetCell("triage", "t1", "topic", { model: "big" })).toMatchObject({ row: { row: "t1" } });
    expect(await sheet.sheetCell("triage", "t99", "topic", { model: "big" })).toBeNull();
    expect(await sheet.sheetCell("triage", "t1", "topic")).toBeNull();
    expect(await sheet.result("triage.topic{model=big}"), "no row is named").toBeNull();
  });
});
