import { afterEach, beforeEach, expect, test } from "vitest";
import { callsTable } from "#server/notebook/calls-table.ts";
import type { Datum } from "#server/notebook/value.ts";
import type { Session } from "./session.ts";
import { fence, fresh, notebookText, testWorkspace, type TestWorkspace } from "./__fixtures__/test-workspace.ts";

let workspace: TestWorkspace;
beforeEach(async () => void (workspace = await testWorkspace()));
afterEach(() => workspace[Symbol.asyncDispose]());

const letter = fence("prompt letter", "---\nmodels: [server/small, openai/gpt-5-mini]\n---\nA letter");
const spent = (sql: string) => fence("sql spent", sql);

async function rowsOf(session: Session, cell: string): Promise<readonly (readonly Datum[])[]> {
  const result = session.shown(cell)!;
  if (result.error !== null) throw new Error(result.error.message);
  const { value } = result;
  if (value?.type !== "table") throw new Error(`${cell} is no table`);
  return workspace.runtime.tables.rows(value.value, 0, 1_000);
}

test("SQL reads the workspace's calls as a table, of all its notebooks, as they are when it runs", async () => {
  workspace.script = () => ({ text: "Dear", usage: { prompt: 1_000, completion: 100 } });
  const letters = await workspace.open(notebookText("", letter));
  await letters.run({ type: "stale" }, { confirm: async () => true }).done;
  const session = await workspace.open(
    notebookText(
      "",
      spent(`select model, provider, cell, outcome, input_tokens, output_tokens, cost > 0 as paid, sent_at <= ended_at as timed,
        latency_ms = date_diff('ms', sent_at, ended_at) as long, attempts from Calls order by model`),
    ),
  );
  await session.run({ type: "stale" }).done;
  expect(await rowsOf(session, "spent")).toEqual([
    ["openai/gpt-5-mini", "openai", "letter", "done", 1_000, 100, true, true, true, 0],
    ["server/small", "server", "letter", "done", 1_000, 100, false, true, true, 0],
  ]);
  expect(session.state.graph.nodes.get("spent")!.reads.map(({ type }) => type)).toEqual(["calls"]);
});

test("each of its columns is what the journal has of the call", async () => {
  const { journal } = workspace.runtime;
  const intent = {
    key: "k",
    notebook: "n.md",
    address: "s.a{s=7}",
    step: 1,
    run: "r",
    model: "m/asked",
    request: null,
  };
  const usage = { input: 90, cachedInput: 40, cacheWrite: 20, output: 30, reasoning: 11, audio: 5, image: 6 };
  const attempt = { endedAt: 1_200, code: "model.overloaded", message: "busy", waited: 5, unbilled: true };
  const attempts = [{ ...attempt, next: "other/one" }, attempt];
  const end = {
    state: "done",
    endedAt: 3_500,
    firstTextAt: 1_750,
    text: "",
    answeredBy: "m/real",
    finish: "length",
  } as const;
  const rest = {
    usage,
    attempts,
    cost: 0.25,
    price: { source: "test", batch: 0.5 },
    keyNumber: 2,
    keyHash: "3fa1b2c4",
  };
  await journal.finish(await journal.begin({ ...intent, sentAt: 1_000 }), { ...end, ...rest });
  const error = { code: "model.refused", message: "no" };
  const failed = { state: "failed", endedAt: 2_001, text: "", usage: {}, cost: null, price: null, error } as const;
  await journal.finish(await journal.begin({ ...intent, step: 0, sentAt: 2_000 }), failed);
  const names = callsTable.columns.map(({ name }) => name);
  const shown = names.map((name) => (name.endsWith("_at") ? `epoch_ms(${name}) as ${name}` : name));
  const session = await workspace.open(
    notebookText("", spent(`select ${shown.join(", ")} from calls order by step desc`)),
  );
  await session.run({ type: "stale" }).done;
  const [first, second] = (await rowsOf(session, "spent")).map((row) =>
    Object.fromEntries(row.map((value, index) => [names[index], value])),
  );
  const place = { notebook: "n.md", cell: "s.a", address: "s.a{s=7}", run: "r", model: "m/asked" };
  expect(first).toEqual({
    ...{ id: 1, sent_at: 1_000, ended_at: 3_500, latency_ms: 2_500, first_text_ms: 750, ...place, step: 1 },
    ...{
      provider: "other",
      key_number: 2,
      key_hash: "3fa1b2c4",
      answered_by: "m/real",
      outcome: "done",
      finish: "length",
      error: null,
    },
    ...{ attempts: 2, batched: true, input_tokens: 90, cached_input_tokens: 40, cache_write_tokens: 20 },
    ...{ output_tokens: 30, reasoning_tokens: 11, audio_tokens: 5, image_tokens: 6, cost: 0.25 },
  });
  expect(second).toEqual({
    ...{ id: 2, sent_at: 2_000, ended_at: 2_001, latency_ms: 1, first_text_ms: null, ...place, step: 0 },
    ...{
      provider: "m",
      key_number: null,
      key_hash: null,
      answered_by: null,
      outcome: "failed",
      finish: null,
      error: "model.refused",
    },
    ...{ attempts: 0, batched: false, input_tokens: null, cached_input_tokens: null, cache_write_tokens: null },
    ...{ output_tokens: null, reasoning_tokens: null, audio_tokens: null, image_tokens: null, cost: null },
  });
});

test("a cell that reads the calls waits for a hand, and is renewed by one", async () => {
  const text = notebookText("", letter, spent("select count(*)::int as n from calls"));
  const session = await workspace.open(text, { trusted: true });
  await session.settle();
  expect(fresh(session, "spent")).toBe("never");
  const again = () => session.run({ type: "cells", cells: ["spent"] }, { confirm: async () => true }).done;
  await again();
  expect(await rowsOf(session, "spent")).toEqual([[0]]);
  await session.run({ type: "cells", cells: ["letter"] }, { confirm: async () => true }).done;
  expect(fresh(session, "spent")).toBe("current");
  await again();
  expect(await rowsOf(session, "spent")).toEqual([[2]]);
});

test("what was sent and answered is not in it, and a cell of the notebook with its name stands before it", async () => {
  const columns = await workspace.open(notebookText("", spent("select column_name from (describe from calls)")));
  await columns.run({ type: "stale" }).done;
  const names = (await rowsOf(columns, "spent")).flat();
  expect(names).toContain("cost");
  for (const body of ["request", "answer", "text", "response", "reasoning", "call_key"])
    expect(names).not.toContain(body);
  const own = await workspace.open(notebookText("", fence("data calls", "name\nmine"), spent("from calls")));
  await own.run({ type: "stale" }).done;
  expect(await rowsOf(own, "spent")).toEqual([["mine"]]);
});

test("in the rows of a sheet it is the same table for all of them", async () => {
  await (await workspace.open(notebookText("", letter))).run({ type: "stale" }, { confirm: async () => true }).done;
  const nested = fence("sql of_model", "select count(*)::int as n from calls where model = $wanted");
  const first = fence("js n", "return [...of_model][0].n");
  const session = await workspace.open(
    notebookText(
      "inputs:\n  wanted: { type: string, default: x }\n",
      fence("data models", "model\nserver/small\nnobody/knows"),
      fence("sheet used", `---\nrows: models\nwith: { wanted: =row.model }\n---\n${nested}\n\n${first}`),
      fence("sql counted", "select model, n from used.n order by model"),
    ),
  );
  await session.run({ type: "stale" }).done;
  expect(await rowsOf(session, "counted")).toEqual([
    ["nobody/knows", 0],
    ["server/small", 1],
  ]);
});
