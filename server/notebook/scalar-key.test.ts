import { expect, test } from "vitest";
import { fence, graphOf, nodeOf } from "./__fixtures__/graph-of.ts";
import { cellKey, ownParts } from "./cell-key.ts";
import { scalarKey, type Lookup, type ReadState } from "./scalar-key.ts";

/** A lookup that knows what it is told, and remembers what it was asked. */
function lookupOf(states: { readonly [asked: string]: ReadState }) {
  const asked: string[] = [];
  const state = (question: string): ReadState => {
    asked.push(question);
    return states[question] ?? { settled: true, hash: `hash of ${question}` };
  };
  const lookup: Lookup = {
    input: (name) => state(`input ${name}`),
    result: (address, seen) => state(`${seen === "facts" ? "facts" : "result"} ${address}`),
    results: (reader, read) => state(`results of ${read.node} for ${reader}`),
    file: (path) => state(`file ${path}`),
  };
  return { lookup, asked };
}

const inputs = "inputs:\n  message: { type: string, default: Hi }\n";
const topic = fence("prompt topic", "---\nmodels: [small, big]\n---\n{{ message }}");

test("what is read under the name of a part that a cell has by itself stands beside it, so that an edit of either changes the key", () => {
  const front = "inputs:\n  source: { type: string, default: Hi }\n  kind: { type: string, default: Hi }\n";
  const graph = graphOf(
    front,
    fence("template settings", "x"),
    fence("template a", "{{ source }} {{ kind }} {{ settings }}"),
  );
  const node = nodeOf(graph, "a");
  const { key, parts } = scalarKey(node, {}, graph, lookupOf({}).lookup);
  expect(parts).toEqual({
    ...ownParts(node, {}, graph.front),
    "value(source)": "hash of input source",
    "value(kind)": "hash of input kind",
    "value(settings)": "hash of result settings",
  });
  expect(key).toBe(cellKey(parts));
});

test("a key has a part for each thing that is read, under the name by which it is read", () => {
  const graph = graphOf(inputs, topic, fence("template a", '{{ message }} {{ topic }} {{ topic.at(model="big") }}'));
  const node = nodeOf(graph, "a");
  const at = { model: "small" };
  const { lookup } = lookupOf({});
  const { key, parts, unsettled } = scalarKey(node, at, graph, lookup);
  expect(parts).toEqual({
    ...ownParts(node, at, graph.front),
    message: "hash of input message",
    topic: "hash of result topic{model=small}",
    "topic{model=big}": "hash of result topic{model=big}",
  });
  expect(key).toBe(cellKey(parts));
  expect(unsettled).toEqual([]);
});

test("facts of a result are a part beside its value", () => {
  const graph = graphOf("", fence("template one", "Hi"), fence("template a", "{{ one }} {{ meta(one).cost }}"));
  const { parts } = scalarKey(nodeOf(graph, "a"), {}, graph, lookupOf({}).lookup);
  expect(Object.entries(parts).slice(3)).toEqual([
    ["one", "hash of result one"],
    ["meta(one)", "hash of facts one"],
  ]);
});

test("all results under an aggregate, and dataset files, are parts", () => {
  const graph = graphOf(
    inputs,
    topic,
    fence("test t", "count(topic) == 2"),
    fence("sql known", "select * from 'banking77/train.csv'"),
  );
  const { lookup, asked } = lookupOf({});
  scalarKey(nodeOf(graph, "t"), {}, graph, lookup);
  scalarKey(nodeOf(graph, "known"), {}, graph, lookup);
  expect(asked).toEqual(["results of topic for t", "file banking77/train.csv"]);
});

test("what is not settled is named, and a part without a value is none", () => {
  const graph = graphOf(inputs, fence("template one", "Hi"), fence("template a", "{{ message }} {{ one }}"));
  const { lookup } = lookupOf({ "result one": { settled: false, hash: null } });
  const { parts, unsettled } = scalarKey(nodeOf(graph, "a"), {}, graph, lookup);
  expect(unsettled).toEqual(["one"]);
  expect(parts).toMatchObject({ one: "none", message: "hash of input message" });
});

test("what only has to be done before, labels, rows and what a row binds are looked up nowhere", () => {
  const graph = graphOf(
    inputs,
    fence("data tickets", "text\nHi"),
    fence("template first", "---\nafter: tickets\nvary: { tone: [a] }\n---\n{{ vary.tone }}"),
    fence("template second", "{{ message }}"),
    fence(
      "sheet triage",
      `---\nrows: tickets\nwith: { message: =row.text }\ncolumns: [second]\n---\n${fence("template own", "{{ row.text }}")}`,
    ),
  );
  const { lookup, asked } = lookupOf({});
  for (const id of ["first", "triage.second", "triage.own"]) {
    const { unsettled } = scalarKey(nodeOf(graph, id), { tone: "a" }, graph, lookup);
    expect(unsettled).toEqual([]);
  }
  expect(asked).toEqual([]);
});
