import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { embeddingProvider, type EmbeddingProvider } from "#server/models/__fixtures__/embedding-provider.ts";
import type { ModelFile } from "#server/models/files/model-file.ts";
import { modelRegistry } from "#server/models/files/model-registry.ts";
import { createLightFetch } from "#server/models/light-fetch.ts";
import { answeringNodes } from "./answering-nodes.ts";
import type { Estimate } from "./estimate.ts";
import type { Session } from "./session.ts";
import { fence, fresh, notebookText, testWorkspace, type TestWorkspace } from "./__fixtures__/test-workspace.ts";

const licensed: ModelFile = {
  kind: "chat",
  style: "instruct",
  name: "local/licensed",
  title: "A model with terms of its own",
  file: "licensed.gguf",
  sha256: "0".repeat(64),
  bytes: 4,
  contextLength: 4096,
  licence: { title: "Terms", url: "https://example.org/terms", agreement: "You are kind to it." },
  sources: [{ type: "hugging-face", repository: "example/licensed", revision: "main", file: "licensed.gguf" }],
};

let provider: EmbeddingProvider;
let workspace: TestWorkspace;
beforeAll(async () => {
  provider = embeddingProvider(createLightFetch());
  workspace = await testWorkspace({ fetch: provider.fetch, modelRegistry: [...modelRegistry, licensed] });
});
beforeEach(() => {
  provider.requests.splice(0);
  workspace.script = () => "[2, 1]";
  workspace.sent();
});
afterAll(() => workspace[Symbol.asyncDispose]());

const help = fence(
  "data help",
  [
    "---\nkey: id\n---\nid,text",
    "lost,My card my card is lost and I want a new card",
    "late,The card that I ordered is late",
    "where,Where do I see the money on my account",
  ].join("\n"),
);
const found = (more: string, name = "found", query = "card ordered"): string =>
  fence(`retrieve ${name}`, `from: help\nquery: =${JSON.stringify(query)}\nk: 2\nmode: keyword\n${more}`);
const trusted = { trusted: true };
/** A hit a line: the row's key and its scores. */
const hits = (session: Session, address = "found"): readonly unknown[] => {
  const result = session.state.results.get(address);
  if (result?.value?.type !== "table") return [result?.outcome, result?.error?.message];
  const { columns, rows } = result.value.value;
  const places = ["id", "score"].map((name) => columns.findIndex((column) => column.name === name));
  return rows!.map((row) => places.map((place) => row[place]));
};
const all = { type: "stale" } as const;
/** A query that no other test asks, so that no journal has its answer. */
let queries = 0;
const fresher = (): string => `card ordered ${(queries += 1)}`;

test.each([
  ["filter", "filter: =item.nope > 1"],
  ["text", "text: nope"],
])("what is wrong with the %s of a search stands at the setting", async (key, setting) => {
  const session = await workspace.open(notebookText("", help, found(setting)), trusted);
  await session.settle();
  const error = session.shown("found")!.error!;
  expect([error.message, error.position]).toMatchObject([
    expect.stringMatching(/ no .*nope/),
    { line: 20, column: `${key}: `.length + 1 },
  ]);
});

describe("a search whose hits a chat model puts in order", () => {
  test("asks it once, by hand, with what it cost beside the result; the journal answers the second time, unasked", async () => {
    const text = notebookText("", help, found("rerank: server/small"));
    const session = await workspace.open(text, trusted);
    await session.settle();
    expect([fresh(session, "help"), fresh(session, "found"), workspace.sent()]).toEqual(["current", "never", []]);
    await session.run(all).done;
    expect(hits(session)).toEqual([
      ["lost", 1],
      ["late", 1 / 2],
    ]);
    expect(session.shown("found")!.calls).toMatchObject([{ model: "small", cached: false }]);
    const [call] = (await session.result("found"))!.calls;
    expect(call!.journal).toMatchObject({ step: 0, state: "done", text: "[2, 1]" });
    expect(workspace.sent()).toHaveLength(1);
    const again = await workspace.open(text, trusted);
    await again.settle();
    expect(hits(again)).toEqual(hits(session));
    expect(again.shown("found")!.calls).toMatchObject([{ cached: true }]);
    const other = await workspace.open(
      notebookText("", help, found("rerank: server/small", "found", "money")),
      trusted,
    );
    await other.settle();
    // One hit alone is in order.
    expect([hits(other), workspace.sent()]).toEqual([[["where", 1]], []]);
  });

  test("is not run by itself on an answer to other hits, and does not wait for money where nobody asked", async () => {
    const session = await workspace.open(
      notebookText("", help, found("rerank: server/small", "found", fresher())),
      trusted,
    );
    expect(await session.settle()).toMatchObject({ outcome: "done" });
    expect([fresh(session, "found"), session.shown("found"), workspace.sent()]).toEqual(["never", undefined, []]);
  });

  test("is not run by itself on the answer to rows that stand in an estimate for hits", async () => {
    const rows =
      "vase,Is my vase broken or is my plate broken\nphone,The phone does not turn on and its screen has a crack";
    const shop = fence("data shop", `---\nkey: id\n---\nid,text\n${rows}`);
    const search = (mode: string): string =>
      fence("retrieve found", `from: shop\nquery: my phone is broken\nmode: ${mode}\nrerank: server/small`);
    const words = await workspace.open(notebookText("", shop, search("keyword")), trusted);
    await words.run(all).done;
    expect(workspace.sent()[0]).toMatch(/1: "Is my vase.*\n2: "The phone/);
    const meaning = await workspace.open(notebookText("", shop, search("semantic")), trusted);
    await meaning.settle();
    expect([fresh(meaning, "found"), meaning.shown("found"), workspace.sent()]).toEqual(["never", undefined, []]);
  });

  test("is in the rows of a sheet what it is outside: the journal answers unasked, and an error is its row's own", async () => {
    const [bad, good] = [fresher(), fresher()];
    workspace.script = (prompt) => (prompt.includes(bad) ? { text: "no", status: 400 } : "[2, 1]");
    const asked = fence("data asked", `---\nkey: id\n---\nid,q\n1,${good}\n2,${bad}`);
    const search = fence("retrieve found", "from: help\nquery: =row.q\nk: 2\nmode: keyword\nrerank: server/small");
    const sheet = fence("sheet each", ["---\nrows: asked\n---", search].join("\n"));
    const text = notebookText("", help, asked, sheet);
    const rows = async (session: Session) => (await session.sheetFreshness("each", { exact: true }))!.columns["found"]!;
    const session = await workspace.open(text, trusted);
    const report = await session.run(all).done;
    expect(report.money).toMatchObject({ made: 2, cached: 0 });
    expect(await session.result("each.found{each=1}")).toMatchObject({ outcome: "ok", calls: [{ cached: false }] });
    expect(await session.result("each.found{each=2}")).toMatchObject({
      outcome: "error",
      error: { code: "model.bad-request" },
    });
    workspace.sent();
    const again = await workspace.open(text, trusted);
    await again.settle();
    expect([await rows(again), workspace.sent()]).toMatchObject([[{ counts: { current: 1, never: 1 } }], []]);
    expect(await again.result("each.found{each=1}")).toMatchObject({ outcome: "ok", calls: [{ cached: true }] });
  });

  test("is what its models do: of this machine, paid for, or both on an axis", async () => {
    const effects = async (more: string, front = ""): Promise<string> => {
      const session = await workspace.open(notebookText(front, help, found(more)));
      const node = session.state.graph.nodes.get("found")!;
      const { effect, calls, paysToEmbed } = workspace.runtime.useOf(node, session.state.graph.front);
      return [effect, ...(calls ? ["calls"] : []), ...(paysToEmbed ? ["pays to embed"] : [])].join(", ");
    };
    const front =
      "models: { small: server/small, vectors: local/all-minilm-l6-v2, fast: { model: server/small, fallback: openai/gpt-5-mini } }\n";
    expect(await effects("")).toBe("local");
    expect(await effects("rerank: null")).toBe("local");
    expect(await effects("rerank: local/all-minilm-l6-v2")).toBe("local");
    expect(await effects("rerank: { model: vectors, of: 10 }", front)).toBe("local");
    expect(await effects("rerank: small", front)).toBe("model, calls");
    expect(await effects("rerank: { model: openai/gpt-5-mini }")).toBe("paid, calls");
    expect(await effects("rerank: fast", front)).toBe("paid, calls");
    expect(await effects("rerank: openai/text-embedding-3-small")).toBe("paid, pays to embed");
    expect(await effects("vary: { by: [vectors, small] }\nrerank: =vary.by", front)).toBe("model, calls");
    expect(await effects("vary: { by: [~, { model: openai/gpt-5-mini, of: 9 }] }\nrerank: =vary.by")).toBe(
      "paid, calls",
    );
    expect(await effects("rerank: =help.rows", front)).toBe("model, calls");
    const both = "rerank: server/small\nembedding: openai/text-embedding-3-small";
    const searched = await workspace.open(notebookText("", help, found(both).replace("keyword", "semantic")));
    const node = searched.state.graph.nodes.get("found")!;
    expect(workspace.runtime.useOf(node, searched.state.graph.front)).toEqual({
      effect: "paid",
      calls: true,
      paysToEmbed: true,
    });
  });

  test("compares rerankers on an axis, none of them too, each with a key and a result of its own", async () => {
    workspace.script = (_, { body }) => (body.model === "small" ? "[1, 2]" : "[2, 1]");
    const vary = "vary: { by: [server/small, server/large, ~] }\nrerank: =vary.by";
    const session = await workspace.open(notebookText("", help, found(vary, "found", fresher())));
    await session.run(all).done;
    const at = (by: string): string => `found{by=${by}}`;
    const results = ["server/small", "server/large", "~"].map((by) => session.state.results.get(at(by))!);
    expect(new Set(results.map(({ key }) => key)).size).toBe(3);
    expect(results.map(({ calls }) => calls.length)).toEqual([1, 1, 0]);
    expect(hits(session, at("~"))).toEqual([
      ["late", expect.any(Number)],
      ["lost", expect.any(Number)],
    ]);
    expect([at("server/small"), at("server/large")].map((address) => hits(session, address))).toEqual([
      [
        ["late", 1],
        ["lost", 1 / 2],
      ],
      [
        ["lost", 1],
        ["late", 1 / 2],
      ],
    ]);
  });

  test("is stale where its model's short name comes to mean another", async () => {
    const front = (temperature: number): string =>
      `models: { small: { model: server/small, temperature: ${temperature} } }\n`;
    const session = await workspace.open(notebookText(front(0), help, found("rerank: small")));
    await session.run(all).done;
    expect(fresh(session, "found")).toBe("current");
    expect(workspace.server.requests().at(-1)!.body["temperature"]).toBe(0);
    await session.setText(notebookText(front(1), help, found("rerank: small")));
    expect(fresh(session, "found")).toMatch(/^stale/);
  });

  test("asks once more for an answer that is none, and a second one is an error at the setting", async () => {
    const answers = ["The second, I think.", "[2]"];
    workspace.script = () => answers.shift() ?? "No idea.";
    const session = await workspace.open(
      notebookText(
        "",
        help,
        found("rerank: server/small", "found", fresher()),
        found("rerank: server/small", "lost", fresher()),
      ),
    );
    await session.run({ type: "cells", cells: ["found"] }).done;
    expect(hits(session)).toMatchObject([
      ["lost", 1],
      ["late", 1 / 2],
    ]);
    expect((await session.result("found"))!.calls.map(({ journal }) => journal!.step)).toEqual([0, 1]);
    await session.run({ type: "cells", cells: ["lost"] }).done;
    expect(session.shown("lost")).toMatchObject({
      outcome: "error",
      error: { code: "prompt.not-json", position: { line: 28 } },
    });
    expect(session.shown("lost")!.calls).toHaveLength(2);
  });

  test("waits at a budget with nothing sent", async () => {
    const session = await workspace.open(
      notebookText("", help, found("rerank: openai/gpt-5-mini", "found", fresher())),
    );
    expect(await session.run(all, { budget: 0 }).done).toMatchObject({ outcome: "budget" });
    expect([workspace.sent(), session.shown("found")!.outcome]).toEqual([[], "blocked"]);
  });

  test("that is stopped on its way is cancelled, and asked again when it is run again", async () => {
    workspace.script = () => ({ text: "[2, 1]", hold: true });
    const session = await workspace.open(notebookText("", help, found("rerank: server/small", "found", fresher())));
    const run = session.run(all);
    await workspace.server.until((server) => server.inFlight().length === 1);
    run.cancel({ cell: "found" });
    workspace.server.release();
    await run.done;
    expect(session.shown("found")!.outcome).toBe("cancelled");
    workspace.script = () => "[2, 1]";
    await session.run(all).done;
    expect(hits(session)[0]).toEqual(["lost", 1]);
  });

  test("is done by the next model where its own is down, as any answer is", async () => {
    workspace.script = (_, { body }) => (body.model === "small" ? { text: "down", status: 503 } : "[2, 1]");
    const front = "models:\n  chain: { model: server/small, fallback: server/large }\n";
    const session = await workspace.open(
      notebookText(front, help, found("rerank: chain", "found", fresher())),
      trusted,
    );
    await session.run(all).done;
    expect(hits(session)[0]).toEqual(["lost", 1]);
    expect(session.shown("found")!.calls).toMatchObject([{ model: "large" }]);
  });

  test("waits for an agreement to its model's terms", async () => {
    const session = await workspace.open(notebookText("", help, found("rerank: local/licensed")));
    expect(await session.run(all).done).toMatchObject({ outcome: "waiting" });
    expect(session.shown("found")!.waiting).toMatchObject({ reason: "licence", subject: "local/licensed" });
  });

  test("runs by itself on a grant, where no embedding is paid for", async () => {
    const auto = "rerank: server/small\nrun: auto";
    const session = await workspace.open(notebookText("", help, found(auto, "found", fresher())), trusted);
    await session.grant("found", 0);
    await session.settle();
    expect([hits(session)[0], workspace.sent().length]).toEqual([["lost", 1], 1]);
    const paid = found(`${auto}\nembedding: openai/text-embedding-3-small`).replace("keyword", "semantic");
    const other = await workspace.open(notebookText("", help, paid), trusted);
    await expect(other.grant("found", 1)).rejects.toMatchObject({ code: "grant.cell" });
  });
});

test("a filter that few rows pass leaves as many to be put in order as are said, where there are so many", async () => {
  const rows = Array.from({ length: 300 }, (_, row) => `${row},card ${row}`);
  const cards = fence("data cards", `---\nkey: id\n---\nid,text\n${rows.join("\n")}`);
  const search = fence(
    "retrieve found",
    "from: cards\nquery: card\nk: 2\nmode: keyword\nrerank: { model: server/small, of: 6 }\nfilter: =(item.id | int) % 25 == 0",
  );
  const session = await workspace.open(notebookText("", cards, search));
  await session.run(all).done;
  expect(workspace.sent()[0]!.match(/^\d+: .*/gm)).toHaveLength(6);
  expect(hits(session)).toHaveLength(2);
});

describe("what reranking would send", () => {
  test("is known before it is sent where the search is free, and is nothing where the journal has it", async () => {
    const text = notebookText("", help, found("rerank: openai/gpt-5-mini", "found", fresher()));
    const session = await workspace.open(text);
    await session.run({ type: "cells", cells: ["help"] }).done;
    const estimate = await session.estimate(all);
    expect(estimate).toMatchObject({ open: 0, known: { calls: 1, cached: 0, unpriced: [] } });
    expect(estimate.known.cost.likely).toBeGreaterThan(0);
    expect(workspace.sent()).toEqual([]);
    await session.run(all, { confirm: async () => true }).done;
    expect(workspace.sent()).toHaveLength(1);
    const again = await workspace.open(text);
    await again.run({ type: "cells", cells: ["help"] }).done;
    expect((await again.estimate(all)).known).toMatchObject({ calls: 0, cached: 1 });
  });

  test("is counted by rows of the table where the search has its texts to embed first", async () => {
    const search = found("rerank: openai/gpt-5-mini\nembedding: openai/text-embedding-3-small").replace(
      "keyword",
      "semantic",
    );
    const session = await workspace.open(notebookText("", help, search));
    await session.run({ type: "cells", cells: ["help"] }).done;
    const { known } = await session.estimate(all);
    expect(known).toMatchObject({ embedded: { texts: 4 } });
    expect(known.models.map(({ model, calls }) => [model, calls])).toContainEqual(["openai/gpt-5-mini", 1]);
    expect([provider.requests, workspace.sent()]).toEqual([[], []]);
  });

  test("is open where a filter may let none of those rows pass", async () => {
    const search = found(
      "rerank: openai/gpt-5-mini\nembedding: openai/text-embedding-3-small\nfilter: =item.id == 'lost'",
    );
    const session = await workspace.open(notebookText("", help, search.replace("keyword", "semantic")));
    await session.run({ type: "cells", cells: ["help"] }).done;
    const { known, open } = await session.estimate(all);
    expect([open, known.models.map(({ model }) => model)]).toEqual([1, ["openai/text-embedding-3-small"]]);
  });

  test("is known of all rows but those whose model nobody has", async () => {
    const asked = fence("data asked", `---\nkey: id\n---\nid,q\n1,${fresher()}\n2,${fresher()}`);
    const by = "vary: { by: [openai/gpt-5-mini, nobody/knows] }\nrerank: =vary.by";
    const search = fence("retrieve found", `from: help\nquery: =row.q\nk: 2\nmode: keyword\n${by}`);
    const session = await workspace.open(
      notebookText("", help, asked, fence("sheet each", ["---\nrows: asked\n---", search].join("\n"))),
    );
    await session.run({ type: "cells", cells: ["help", "asked"] }).done;
    expect(await session.estimate(all)).toMatchObject({ open: 0, known: { calls: 2 } });
  });

  test("has what its search embeds with it, where nobody has its model", async () => {
    const search = found("rerank: nobody/knows\nembedding: openai/text-embedding-3-small", "found", fresher());
    const session = await workspace.open(notebookText("", help, search.replace("keyword", "semantic")));
    await session.run({ type: "cells", cells: ["help"] }).done;
    expect((await session.estimate(all)).known).toMatchObject({ embedded: { texts: 4 } });
  });

  test("is texts to embed where the reranker is paid to embed", async () => {
    const session = await workspace.open(notebookText("", help, found("rerank: openai/text-embedding-3-small")));
    await session.run({ type: "cells", cells: ["help"] }).done;
    expect((await session.estimate(all)).known).toMatchObject({ embedded: { texts: 4 } });
    await session.run(all, { confirm: async () => true }).done;
    expect(hits(session)).toHaveLength(2);
    expect(provider.requests).toHaveLength(1);
  });

  test("is at most each query and each row of the table once, where the reranker is paid to embed for the rows of a sheet", async () => {
    const questions = Array.from({ length: 50 }, (_, row) => `${row},card ${row % 40}`).join("\n");
    const asked = fence("data asked", `---\nkey: id\n---\nid,q\n${questions}`);
    const search = "from: help\nquery: =row.q\nk: 2\nmode: keyword\nrerank: openai/text-embedding-3-small";
    const sheet = fence("sheet each", ["---\nrows: asked\n---", fence("retrieve found", search)].join("\n"));
    const session = await workspace.open(notebookText("", help, asked, sheet));
    await session.run({ type: "cells", cells: ["help", "asked"] }).done;
    const { known } = await session.estimate(all);
    expect(known).toMatchObject({ calls: 40, embedded: { texts: 43, atMost: true } });
    await session.run(all, { confirm: async () => true }).done;
    const texts = provider.requests.flat();
    expect([provider.requests.length, texts.length, new Set(texts).size]).toEqual([40, 42, 42]);
  });

  test("is a call a row of a sheet, asked about once, and equal ones once", async () => {
    const asked = fence("data asked", `---\nkey: id\n---\nid,q\n1,${fresher()}\n2,card new\n3,card new`);
    const search = fence("retrieve found", "from: help\nquery: =row.q\nmode: keyword\nrerank: openai/gpt-5-mini");
    const sheet = fence("sheet each", ["---\nrows: asked\n---", search].join("\n"));
    const session = await workspace.open(notebookText("", help, asked, sheet));
    const told: Estimate[] = [];
    const report = await session.run(all, {
      confirm: async () => true,
      onEvent: (event) => void (event.type === "estimate" && told.push(event.estimate)),
    }).done;
    expect(told).toMatchObject([{ known: { calls: 2, equal: 1 } }]);
    expect([report.outcome, report.money.made, workspace.sent().length]).toEqual(["done", 2, 2]);
  });
});

describe("a reranker", () => {
  const problems = async (more: string, front = ""): Promise<readonly string[]> => {
    const search = fence("retrieve found", `from: help\nquery: card\nk: 2\nmode: keyword\n${more}`);
    const session = await workspace.open(notebookText(front, help, search));
    return session.diagnostics.map(({ severity, code, position }) => `${severity} ${code} ${position.line}`);
  };

  test.each([
    ["that nobody has", "rerank: nobody/knows", "warning model.unknown 20"],
    ["that nobody has, with how many", "rerank: { model: nobody/knows, of: 3 }", "warning model.unknown 20"],
    ["that only continues texts", "rerank: local/gemma-3-270m", "warning model.no-chat-template 20"],
    ["with a setting that is none", "rerank: { model: server/small, top: 3 }", "error cell.configuration 20"],
  ])("%s is told where it stands, before a run", async (_, more, problem) => {
    expect(await problems(more)).toEqual([problem]);
  });

  test.each([
    ["that embeds", "rerank: local/all-minilm-l6-v2"],
    ["that embeds behind an address", "rerank: openai/text-embedding-3-small"],
    ["by a short name", "rerank: small"],
    [
      "on an axis, beside labels that are none",
      "vary: { by: [small, ~], tone: [x] }\nrerank: =vary.by if vary.tone else ''",
    ],
  ])("%s is none to speak of", async (_, more) => {
    expect(await problems(more, "models: { small: server/small }\n")).toEqual([]);
  });

  test("embeds where that is known of it, of whatever server it is", async () => {
    const use = async () => {
      const session = await workspace.open(notebookText("", help, found("rerank: server/vectors")));
      return workspace.runtime.effectOf(session.state.graph.nodes.get("found")!, session.state.graph.front);
    };
    expect(await use()).toBe("model");
    await workspace.runtime.ownCapabilities.set({ "server/vectors": { embeddings: true } });
    expect([await use(), await workspace.runtime.services.modelKind("server/vectors")]).toEqual(["local", "embedding"]);
    await workspace.runtime.ownCapabilities.set({ "server/vectors": { embeddings: true, chat: true } });
    expect(await use()).toBe("model");
    await workspace.runtime.ownCapabilities.set({});
    await expect(workspace.runtime.services.modelKind("nobody/knows")).rejects.toMatchObject({ code: "model.unknown" });
  });

  test("that embeds is a version in the record of a run, as one that answers is", async () => {
    const session = await workspace.open(notebookText("", help, found("rerank: local/all-minilm-l6-v2")));
    const { id, done } = session.run(all);
    await done;
    const run = (await workspace.runtime.store.runs.get(id))!;
    expect(run.versions).toMatchObject({ models: { "local/all-minilm-l6-v2": { provider: "local" } } });
  });

  test("decides with its calls, and those of what is read, which rows are one observation", async () => {
    const ask = fence("prompt topic", "---\nmodel: server/small\n---\nWhat?");
    const search = (more: string): string => fence("retrieve found", `from: help\nquery: =topic\n${more}`);
    const places = async (more: string): Promise<readonly string[]> => {
      const { state } = await workspace.open(notebookText("", help, ask, search(more)));
      return answeringNodes(state.graph.nodes.get("found")!, {}, state.graph).map(({ node }) => node);
    };
    expect(await places("mode: keyword")).toEqual(["topic"]);
    expect(await places("rerank: server/small")).toEqual(["found", "topic"]);
  });
});

test(
  "without a network, words find the candidates and the model that comes with Sheaf finds the paraphrase among them",
  { timeout: 60_000 },
  async () => {
    const search = (more: string, name: string): string =>
      fence(`retrieve ${name}`, `from: shop\nquery: my phone is broken\nk: 1\nmode: keyword\n${more}`);
    const shop = fence(
      "data shop",
      "---\nkey: id\n---\nid,text\nvase,Is my vase broken or is my plate broken\nphone,The phone does not turn on and its screen has a crack\nhours,When is the shop open",
    );
    const session = await workspace.open(
      notebookText("", shop, search("", "plain"), search("rerank: local/all-minilm-l6-v2", "better")),
      trusted,
    );
    await session.settle();
    expect(hits(session, "plain")).toMatchObject([["vase", expect.any(Number)]]);
    expect(hits(session, "better")).toMatchObject([["phone", expect.any(Number)]]);
    expect([provider.requests, workspace.sent()]).toEqual([[], []]);
  },
);
