import { afterAll, beforeAll, expect, test } from "vitest";
import type { ModelFile } from "#server/models/files/model-file.ts";
import { createRunBoard } from "#server/workbench/run-board.ts";
import { fence, notebookText, testWorkspace, type TestWorkspace } from "./__fixtures__/test-workspace.ts";
import type { Preparation } from "./run-event.ts";

const tiny: ModelFile = {
  kind: "chat",
  style: "instruct",
  name: "local/tiny",
  title: "Tiny",
  file: "tiny.gguf",
  sha256: "0".repeat(64),
  bytes: 4,
  contextLength: 16,
  licence: { title: "Apache-2.0", url: "https://www.apache.org/licenses/LICENSE-2.0" },
  sources: [{ type: "hugging-face", repository: "example/tiny", revision: "main", file: "tiny.gguf" }],
};

/** Hugging Face sends half of a file, and the rest (of a file that is not the right one) when a test says so. */
let sendRest: () => void;
let asked: AbortSignal | undefined;
const fetchHere: typeof fetch = async (input, init) => {
  if (!String(input).startsWith("https://huggingface.co/")) return fetch(input, init);
  const signal = init!.signal!;
  asked = signal;
  const body = new ReadableStream({
    start(controller) {
      controller.enqueue(new TextEncoder().encode("GG"));
      signal.addEventListener("abort", () => controller.error(signal.reason));
      sendRest = () => {
        controller.enqueue(new TextEncoder().encode("UF"));
        controller.close();
      };
    },
  });
  return new Response(body, { headers: { "content-length": "4" } });
};

let workspace: TestWorkspace;
beforeAll(async () => void (workspace = await testWorkspace({ fetch: fetchHere, modelRegistry: [tiny] })));
afterAll(() => workspace[Symbol.asyncDispose]());

const greeting = fence("prompt greeting", "---\nmodel: local/tiny\n---\nGreet {{ name }}");
const people = fence("data people", "---\nkey: name\n---\nname\nBo\nCy");
const each = fence("sheet whole", "---\nrows: people\nwith: { name: =row.name }\ncolumns: [greeting]\n---");
const inputs = "inputs:\n  name: { type: string, default: Ada }\n";
const half: Preparation = { what: "fetching", subject: "local/tiny", done: 2, total: 4 };

async function begin(text: string, cell: string) {
  const session = await workspace.open(text);
  const board = createRunBoard(
    () => 0,
    () => {},
  );
  const told: (Preparation | null)[] = [];
  const run = session.run(
    { type: "cells", cells: [cell] },
    {
      onEvent(event) {
        board.take(event);
        if (event.type === "prepare") told.push(event.preparation);
      },
    },
  );
  return { session, board, run, told };
}

test.each([
  ["outside sheets", "greeting", "greeting"],
  ["in a sheet", "whole", "whole.greeting"],
])("%s a cell whose model is being fetched tells how far the file is, until it is there", async (_, cell, node) => {
  const { board, run, told } = await begin(notebookText(inputs, people, greeting, each), cell);
  await expect.poll(() => board.progress.get(node)?.preparation, { timeout: 20_000 }).toEqual(half);
  expect(board.progress.get(node)).toMatchObject({ run: run.id, state: "running" });
  sendRest();
  await run.done;
  expect(told).toContainEqual({ ...half, what: "checking", done: 4 });
  expect(told.at(-1)).toBeNull();
});

test("a cell is stopped while its model is being fetched, and the fetching with it", async () => {
  const { session, board, run, told } = await begin(notebookText(inputs, greeting), "greeting");
  await expect.poll(() => board.progress.get("greeting")?.preparation, { timeout: 20_000 }).toEqual(half);
  run.cancel({ cell: "greeting" });
  await run.done;
  expect(asked!.aborted).toBe(true);
  expect(told.at(-1)).toBeNull();
  expect(session.state.results.get("greeting")).toMatchObject({ outcome: "cancelled", value: null });
});

test(
  "a first search tells how much of its index is made, and a second has nothing to tell",
  { timeout: 60_000 },
  async () => {
    const rows = fence(
      "data rows",
      ["---\nkey: id\n---\nid,text", ...Array.from({ length: 200 }, (_, row) => `${row},word ${row}`)].join("\n"),
    );
    const search = (name: string): string =>
      fence(`retrieve ${name}`, "from: rows\nquery: word\nembedding: local/all-minilm-l6-v2");
    await using own = await testWorkspace();
    const session = await own.open(notebookText("", rows, search("first"), search("second")));
    const told = async (cell: string): Promise<readonly (Preparation | null)[]> => {
      const found: (Preparation | null)[] = [];
      await session.run(
        { type: "cells", cells: [cell] },
        { onEvent: (event) => event.type === "prepare" && found.push(event.preparation) },
      ).done;
      return found;
    };
    const first = await told("first");
    expect(first[0]).toEqual({ what: "indexing", subject: "text", done: 0, total: 200 });
    expect(first.at(-1)).toBeNull();
    expect(await told("second")).toEqual([]);
  },
);
