import { describe, expect, test } from "vitest";
import { fence, graphOf, nodeOf } from "./__fixtures__/graph-of.ts";
import { cellKey, coordinatesRead, ownParts, wordingAt, type KeyParts } from "./cell-key.ts";
import { hashOf, sha256 } from "./hash.ts";

/** The parts of a cell called `topic`, at these labels. */
function parts(cells: readonly string[], at = {}, front = "", id = "topic"): KeyParts {
  const graph = graphOf(front, ...cells);
  return ownParts(nodeOf(graph, id), at, graph.front);
}

const prompt = (fields: string, body = "Hi"): string => fence("prompt topic", `---\n${fields}\n---\n${body}`);

describe("the cell key", () => {
  test("is the SHA-256 of the parts' canonical JSON, whatever their order", () => {
    const digits = sha256('{"kind":"template@1","source":"x"}');
    expect(cellKey({ source: "x", kind: "template@1" })).toBe(digits);
    expect(cellKey({ kind: "template@1", source: "x" })).toBe(digits);
    expect(cellKey({ kind: "template@1", source: "y" })).not.toBe(digits);
  });

  test("has the kind with its version, the source and the settings", () => {
    expect(parts([fence("template topic", "Hi")])).toEqual({
      kind: "template@2",
      source: sha256("Hi"),
      settings: "none",
    });
    expect(parts([fence("template topic", "---\nwhen: =1 == 1\n---\nHi")])["settings"]).toBe(
      hashOf({ when: "=1 == 1" }),
    );
    expect(parts([fence("python topic", "Hi")])["kind"]).toBe("python@0");
  });

  test("has nothing of how a cell looks, when it runs, and what coordinates say", () => {
    const plain = parts([fence("template topic", "Hi")]);
    const dressed = (fields: string, id: string): KeyParts =>
      parts([fence("template topic", `---\n${fields}\n---\nHi`)], {}, "", id);
    const look = "title: T\nhidden: true\nrun: manual\nafter: a\ncache: 1d\nreads: a";
    expect(dressed(`${look}\nvary: { tone: [x] }\nmodels: [m]\nrepeat: 2\nreduce: mean`, "topic#each")).toEqual(plain);
    expect(dressed("with: { a: 1 }\nrows: a\ncolumns: [a]\nkey: id", "topic")).toEqual(plain);
  });

  test("has the `key` of a data cell, by which its rows are an error or not", () => {
    const keyed = (key: string): KeyParts => parts([fence("data topic", `---\n${key}\n---\nid\n1`)]);
    expect(keyed("key: id")["settings"]).toBe(hashOf({ key: "id" }));
    expect(keyed("title: T")["settings"]).toBe("none");
  });

  test("has the value of each label that is read, and no others", () => {
    const varied = prompt("model: m\nvary: { shots: [0, 5], tone: [dry] }", "{{ vary.shots }}");
    expect(parts([varied], { shots: "5", tone: "dry" })["vary.shots"]).toBe("5");
    expect(parts([varied], { shots: "5", tone: "dry" })).not.toHaveProperty("vary.tone");
    expect(
      parts([prompt("model: m\nvary: { shots: [0, 5], tone: [dry] }", "{{ vary.tone }}")], { shots: "5", tone: "dry" }),
    ).toMatchObject({
      "vary.tone": '"dry"',
    });
    expect(parts([varied], { shots: "7" })["vary.shots"]).toBe("null");
    expect(parts([fence("template topic", "{{ vary.shots }}")], { shots: "0" })["vary.shots"]).toBe("null");
  });

  test("has a repeat from the second on, so that a first answer stays when more are wanted", () => {
    const repeated = prompt("model: m\nrepeat: 3");
    expect(parts([repeated], { repeat: "1" })).toEqual(parts([prompt("model: m")]));
    expect(parts([repeated], { repeat: "2" })).toEqual({ ...parts([prompt("model: m")]), repeat: "2" });
  });

  test("has no repeat of a cell that only reads repeats", () => {
    const cells = [
      prompt("model: m\nrepeat: 3"),
      fence("template shout", "---\nvary: { sign: [a, b] }\n---\n{{ topic }}{{ vary.sign }}"),
    ];
    expect(parts(cells, { repeat: "2", sign: "a" }, "", "shout")).not.toHaveProperty("repeat");
  });

  test("of one value made of repeats is how it is made", () => {
    expect(parts([prompt("model: m\nrepeat: 3\nreduce: majority")])).toEqual({
      kind: "reduce@3",
      reduce: '"majority"',
    });
    const wordings = [
      fence("prompt topic.one", "---\nmodel: m\nrepeat: 3\nreduce: majority\n---\nHi"),
      fence("prompt topic.two", "Ho"),
    ];
    expect(parts(wordings, { prompt: "two" })["reduce"]).toBe('"majority"');
  });
});

describe("the model in the key", () => {
  const front = "models:\n  small: local/a\n  big: { model: echo/b, temperature: 0 }\n";
  const model = (fields: string, at = {}): string | undefined => parts([prompt(fields)], at, front)["model"];

  test("is what its short name stands for, with the parameters", () => {
    const big = model("model: big");
    expect(big).toContain("echo/b");
    expect(big).toContain("temperature");
    expect(model("models: [small, big]", { model: "big" })).toBe(big);
    expect(model("models: [small, big]", { model: "small" })).toContain("local/a");
  });

  test("is the name itself where it is no short one", () => {
    expect(model("model: echo/text")).toBe('"echo/text"');
  });

  test("of a search is its reranker's, and there is none where it has none", () => {
    const rerank = (fields: string): string | undefined =>
      parts([fence("retrieve topic", `from: a\nquery: b\n${fields}`)], {}, front)["model"];
    expect(rerank("rerank: big")).toBe(model("model: big"));
    expect(rerank("rerank: =vary.m")).toBe(model("model: =vary.m"));
    expect(rerank("rerank: { model: big, of: 9 }")).toContain("echo/b");
    expect(rerank("rerank: big\nmodels: [small]")).toBe(model("model: big"));
    expect([rerank("k: 5"), rerank("models: [small, big]")]).toEqual([undefined, undefined]);
  });

  test("has what a short name of the model that embeds stands for, and nothing of short names where none is used", () => {
    const key = (setting: string, full: string): KeyParts =>
      parts([fence("retrieve topic", `from: a\nquery: b\n${setting}`)], {}, `models: { short: ${full} }\n`);
    const isOther = (setting: string): boolean => cellKey(key(setting, "local/a")) !== cellKey(key(setting, "local/b"));
    expect(["embedding: short", "embedding: =vary.m", "rerank: ~\nembedding: short"].map(isOther)).toEqual([
      true,
      true,
      true,
    ]);
    expect(["embedding: local/a", "k: 5"].map(isOther)).toEqual([false, false]);
    expect(key("embedding: local/a", "local/b")).not.toHaveProperty("model");
  });

  test("is every short name where an expression decides", () => {
    const computed = model("model: =vary.m\nvary: { m: [small, big] }", { m: "small" })!;
    expect(JSON.parse(computed)[0]).toBe("=vary.m");
    expect(Object.keys(JSON.parse(computed)[1])).toEqual(["big", "small"]);
    expect(JSON.parse(model("temperature: 0")!)[0]).toBeNull();
  });

  test("is in no key of a kind without one", () => {
    expect(parts([fence("template topic", "---\nmodel: big\n---\nHi")], {}, front)).not.toHaveProperty("model");
    expect(parts([fence("chart topic", "type: line\ndata: a")], {}, front)).not.toHaveProperty("model");
  });
});

describe("the wordings of a cell", () => {
  const cells = [fence("prompt topic.short", "---\nmodel: m\n---\nHi"), fence("prompt topic.long", "Good day")];

  test("differ by their source, and share the settings of the first", () => {
    const short = parts(cells, { prompt: "short" });
    const long = parts(cells, { prompt: "long" });
    expect(short["source"]).toBe(sha256("Hi"));
    expect(long).toEqual({ ...short, source: sha256("Good day") });
  });

  test("are found by their label, and the first stands where there is none", () => {
    const node = nodeOf(graphOf("", ...cells), "topic");
    expect(
      [{ prompt: "long" }, { prompt: "short" }, {}, { prompt: "x" }].map((at) => wordingAt(node, at).label),
    ).toEqual(["long", "short", "short", "short"]);
    const plain = nodeOf(graphOf("", fence("template topic", "Hi")), "topic");
    expect(wordingAt(plain, {}).label).toBeNull();
  });
});

test("a result is read at the reader's labels on the axes it has, and at those that `.at` fixes", () => {
  const graph = graphOf(
    "",
    prompt("models: [small, big]"),
    fence("template a", "{{ topic }}"),
    fence("template b", '{{ topic.at(model="big") }}'),
  );
  const { axes } = nodeOf(graph, "topic");
  const read = (id: string, at: { readonly [axis: string]: string }) =>
    coordinatesRead(nodeOf(graph, id).reads[0]!, axes, at);
  expect(read("a", { model: "small", shots: "5" })).toEqual({ model: "small" });
  expect(read("b", { model: "small" })).toEqual({ model: "big" });
  expect(read("a", {})).toEqual({});
});
