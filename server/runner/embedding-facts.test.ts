import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { embeddingProvider, type EmbeddingProvider } from "#server/models/__fixtures__/embedding-provider.ts";
import { createLightFetch } from "#server/models/light-fetch.ts";
import type { Session } from "./session.ts";
import { fence, notebookText, shown, testWorkspace, type TestWorkspace } from "./__fixtures__/test-workspace.ts";

let provider: EmbeddingProvider;
let workspace: TestWorkspace;
beforeAll(async () => {
  provider = embeddingProvider(createLightFetch());
  workspace = await testWorkspace({ fetch: provider.fetch });
});
beforeEach(() => {
  provider.requests.splice(0);
  provider.counts = true;
});
afterAll(() => workspace[Symbol.asyncDispose]());

const all = { type: "stale" } as const;
const price = 0.02 / 1_000_000;
const model = "openai/text-embedding-3-small";
const embedding = `embedding: ${model}`;
const table = (name: string, column: string, texts: readonly string[]): string =>
  fence(
    `data ${name}`,
    `---\nkey: id\n---\nid,${column}\n${texts.map((text, index) => `${index},${text}`).join("\n")}`,
  );
const said = (name: string): string =>
  fence(
    "template facts",
    `{{ [meta(${name}).cost, meta(${name}).input_tokens, meta(${name}).cached, meta(${name}).calls] | tojson }}`,
  );
const facts = (session: Session): unknown => JSON.parse(String(shown(session, "facts")));
const rowsOf = (session: Session, cell: string): readonly (readonly unknown[])[] => {
  const value = session.shown(cell)?.value;
  if (value?.type !== "table") throw new Error(`${cell} is no table: ${JSON.stringify(session.shown(cell)?.error)}`);
  return value.value.rows!;
};
/** The calls of the last run as the ledger has them: where each is booked, and what it cost. */
const booked = async (count: number) => {
  const calls = await workspace.runtime.journal.list({ limit: count });
  return calls.map(({ address, end }) => ({ address, cost: end!.cost!, input: end!.usage.input! }));
};

describe("what embedding comes to is in the facts of the result it is for:", () => {
  test("a search's query, not the index that all share, and nothing where its vector was there", async () => {
    const search = (k: number): string =>
      fence("retrieve near", `from: rows\nquery: which one of these\nk: ${k}\n${embedding}`);
    const notebook = (k: number): string =>
      notebookText("", table("rows", "text", ["one", "two"]), search(k), said("near"));
    const session = await workspace.open(notebook(1));
    expect((await session.run(all).done).money).toMatchObject({ made: 2, input: 6 });
    expect(facts(session)).toEqual([2 * price, 2, false, 1]);
    const { calls } = (await session.result("near"))!;
    expect(calls).toMatchObject([{ embeds: true, journal: { address: "near", request: { embedding: { texts: 1 } } } }]);
    expect(await session.alternatives("near")).toEqual([]);
    const again = await workspace.open(notebook(2));
    expect((await again.run(all).done).money.made).toBe(0);
    expect(facts(again)).toEqual([0, null, true, 1]);
  });

  test("each row's own part of a request for many, and of an index none: that is booked on the cell as a whole", async () => {
    const questions = ["short", "a question that is longer", "the same", "the same", "", "one more question"];
    const found = fence("retrieve found", `from: rows\nquery: =row.q\nk: 1\n${embedding}`);
    const notebook = notebookText(
      "",
      table("rows", "text", ["in a sheet", "of rows"]),
      table("asked", "q", questions),
      fence("sheet each", `---\nrows: asked\n---\n${found}`),
      fence(
        "sql facts",
        "select q, meta.cost, meta.input_tokens, meta.cached, meta.calls from each.found order by cast(id as int)",
      ),
    );
    const session = await workspace.open(notebook);
    expect((await session.run(all).done).outcome).toBe("done");
    const [queries, index] = await booked(2);
    expect([index!.address, queries!.address]).toEqual(["each.found", expect.stringContaining("each.found{each=")]);
    const rows = rowsOf(session, "facts");
    expect(rows.map(([q, , , cached, calls]) => [q, cached, calls])).toEqual(
      questions.map((q) => (q === "" ? [null, null, 0] : [q, false, 1])),
    );
    const sum = (place: number): number => rows.reduce((total, row) => total + Number(row[place] ?? 0), 0);
    expect([sum(2), sum(1)]).toEqual([queries!.input, expect.closeTo(queries!.cost, 15)]);
    const costs = rows.map(([, cost]) => Number(cost));
    expect(costs[1]).toBeGreaterThan(costs[0]!);
    const again = await workspace.open(notebook.replace("k: 1", "k: 2"));
    expect((await again.run(all).done).money.made).toBe(0);
    expect(rowsOf(again, "facts").map((row) => row.slice(1))).toEqual(
      questions.map((q) => (q === "" ? [0, null, null, 0] : [0, null, true, 1])),
    );
  });

  test("a score's, and where another asks for the same at a time it is told once", async () => {
    const similar = fence("score similar", `---\noutput: =row.q\nexpected: as it is\n${embedding}\n---\n- similarity`);
    const notebook = notebookText(
      "",
      table("asked", "q", ["alike", "alike", "other"]),
      fence("sheet each", `---\nrows: asked\n---\n${similar}`),
      fence(
        "sql facts",
        "select q, meta.cost, meta.input_tokens, meta.cached from each.similar order by q, meta.cached",
      ),
    );
    const session = await workspace.open(notebook);
    expect((await session.run(all).done).money).toMatchObject({ made: 2, input: 8 });
    expect(rowsOf(session, "facts")).toEqual([
      ["alike", 4 * price, 4, false],
      ["alike", 0, null, true],
      ["other", 4 * price, 4, false],
    ]);
  });

  test("a reranker's, one that embeds and one that answers", async () => {
    const reranked = (more: string): string =>
      notebookText(
        "",
        table("rows", "text", ["a card is late", "a card is lost", "my card"]),
        fence("retrieve near", `from: rows\nquery: card ${more.length}\nk: 2\nmode: keyword\n${more}`),
        said("near"),
      );
    const embeds = await workspace.open(reranked(`rerank: ${model}`));
    await embeds.run(all).done;
    expect(facts(embeds)).toEqual([8 * price, 8, false, 1]);
    workspace.script = () => "[2, 1]";
    const answers = await workspace.open(
      reranked(`rerank: server/small\n${embedding}`).replace("mode: keyword", "mode: hybrid"),
    );
    await answers.run(all).done;
    const { calls } = (await answers.result("near"))!;
    expect(calls.map(({ model: by, embeds: isEmbedding }) => [by, isEmbedding])).toEqual([
      ["small", undefined],
      ["text-embedding-3-small", true],
    ]);
    expect(facts(answers)).toMatchObject([2 * price, expect.any(Number), false, 2]);
    expect(await answers.alternatives("near")).toHaveLength(1);
  });

  test("none of a search by words, which asks no model", async () => {
    const search = fence("retrieve near", "from: rows\nquery: words\nk: 1\nmode: keyword\nembedding: nobody/x");
    const session = await workspace.open(notebookText("", table("rows", "text", ["some words"]), search, said("near")));
    await session.run(all).done;
    expect([session.state.results.get("near")?.outcome, facts(session)]).toEqual(["ok", [0, null, null, 0]]);
  });

  test("what failed, as far as it was paid for", async () => {
    const similar = fence("score similar", `---\noutput: fails\nexpected: as it is\n${embedding}\n---\n- similarity`);
    const search = fence("retrieve near", `from: rows\nquery: fails too\nk: 1\n${embedding}`);
    const no = (): Response => Response.json({ error: { message: "no" } }, { status: 400 });
    provider.faults.push(no, no, no);
    const session = await workspace.open(notebookText("", table("rows", "text", ["what fails"]), similar, search));
    await session.run(all).done;
    expect(session.state.results.get("similar")).toMatchObject({
      outcome: "error",
      calls: [{ cost: 0, embeds: true }],
    });
    expect(session.state.results.get("near")).toMatchObject({ outcome: "error" });
  });
});
