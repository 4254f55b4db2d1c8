import { expect, test } from "vitest";
import type { NotebookView } from "#server/workbench/view.ts";
import { dependenciesOf, directReaders, readersOutside } from "./dependencies";

const reads: { readonly [id: string]: readonly string[] } = {
  known: [],
  examples: ["known", "message"],
  topic: ["examples", "message"],
  "triage.correct": ["topic"],
  triage: ["triage.correct"],
  gate: ["triage"],
  loop: ["loop"],
  "rows.topic": ["topic"],
  rows: ["rows.topic"],
};
/** A sheet computes this cell for its rows. */
const elsewhere: { readonly [id: string]: string } = { "rows.topic": "topic" };
const ids = Object.keys(reads);
const view = {
  nodes: Object.fromEntries(
    ids.map((id) => [
      id,
      {
        id,
        kind: "js",
        cells: [elsewhere[id] ?? id],
        reads: reads[id],
        readers: ids.filter((other) => reads[other]!.includes(id)),
      },
    ]),
  ),
  cells: Object.fromEntries(
    ids.map((id) => [id, { node: id, kind: "js", children: id === "triage" ? ["triage.correct"] : [] }]),
  ),
} as unknown as NotebookView;

const words = (path: string) => {
  const { reads, readers } = dependenciesOf(view, path);
  return [reads, readers].map((each) =>
    each.map(({ name, kind, distance }) => `${name} ${kind} ${distance}`).join(", "),
  );
};

test("a cell's dependencies are those it names and those behind them, nearest first, each once", () => {
  expect(words("topic")).toEqual([
    "examples js 1, message input 1, known js 2",
    "triage.correct js 1, rows js 1, triage js 2, gate js 3",
  ]);
  expect(words("loop")).toEqual(["", ""]);
  expect(words("nothing")).toEqual(["", ""]);
});

test("what reads a column of a sheet reads the sheet, and what reads a cell reads each of its wordings", () => {
  const node = (id: string, cells: readonly string[], reads: readonly string[], readers: readonly string[]) => ({
    [id]: { id, kind: "prompt", cells, reads, readers },
  });
  const cell = (path: string, children: readonly string[] = []) => ({ [path]: { path, kind: "prompt", children } });
  const trial = {
    nodes: {
      ...node("topic", ["topic.plain", "topic.polite"], [], []),
      ...node("trial.topic", ["topic.plain", "topic.polite"], [], ["trial.correct", "trial"]),
      ...node("trial.correct", ["trial.correct"], ["trial.topic"], ["trial", "verdict"]),
      ...node("trial", ["trial"], [], []),
      ...node("verdict", ["verdict"], ["trial.correct"], []),
    },
    cells: {
      ...cell("topic.plain"),
      ...cell("topic.polite"),
      ...cell("trial", ["trial.correct"]),
      ...cell("trial.correct"),
      ...cell("verdict"),
    },
  } as unknown as NotebookView;
  const readers = (path: string) => dependenciesOf(trial, path).readers.map(({ name }) => name);
  expect(readers("trial")).toEqual(["verdict"]);
  expect(readers("topic.plain")).toEqual(["trial.correct", "trial", "verdict"]);
  expect(readers("topic.polite")).toEqual(readers("topic.plain"));
  expect(directReaders(trial, "trial")).toEqual(["verdict"]);
  expect(directReaders(trial, "topic.polite")).toEqual(["trial.correct", "trial"]);
});

test("cells that go together with what they read have no reader outside", () => {
  expect(readersOutside(view, ["examples"])).toEqual(["topic"]);
  expect(readersOutside(view, ["examples", "topic"])).toEqual(["triage.correct", "rows"]);
  expect(readersOutside(view, ["triage"])).toEqual(["gate"]);
  expect(readersOutside(view, ["triage", "gate", "prose:"])).toEqual([]);
});
