import { expect, test } from "vitest";
import type { NotebookView } from "#server/workbench/view.ts";
import { namedValues } from "./named-values";

const node = (id: string, more: object) => ({
  id,
  name: id.replace(/^.*\./, ""),
  kind: "prompt",
  sheet: null,
  cells: [id],
  axes: [],
  chosen: {},
  reads: [],
  readers: [],
  addresses: [id],
  blocked: null,
  progress: null,
  ...more,
});
const current = { freshness: { state: "current" }, outcome: "ok", calls: [], because: [], error: null, waiting: null };
const cell = (path: string) => ({ path, node: path });

test("every name has its kind, type and value now, and what reads it", () => {
  const view = {
    head: {
      head: {
        inputs: [
          { name: "message", type: "string", value: "Hi" },
          { name: "shots", type: "number" },
        ],
      },
    },
    cells: { topic: cell("topic"), bad: cell("bad"), each: cell("each"), "each.shout": cell("each.shout") },
    nodes: {
      topic: node("topic", {
        chosen: { model: "big" },
        addresses: ["topic{model=small}", "topic{model=big}"],
        reads: ["message"],
        readers: ["bad"],
      }),
      bad: node("bad", { blocked: { code: "x", message: "no" }, reads: ["topic"] }),
      each: node("each", { kind: "sheet" }),
      "each.shout": node("each.shout", { kind: "template", sheet: "each", readers: ["each"], addresses: [] }),
    },
    results: {
      "topic{model=small}": { ...current, value: { type: "string", value: "no" } },
      "topic{model=big}": { ...current, value: { type: "string", value: "card" } },
    },
    sheets: { each: { counts: { shout: [{ counts: { current: 2, never: 1 }, outcomes: {} }] } } },
  } as unknown as NotebookView;
  expect(namedValues(view).map(({ name, kind, type, value }) => [name, kind, type, value].join(" | "))).toEqual([
    "message | input | string | Hi",
    "shots | input | number | no value",
    "topic | prompt | string | card",
    "bad | prompt |  | error",
    "each | sheet | table | 1 not run",
    "each.shout | template | column | 1 not run",
  ]);
  expect(namedValues(view).map(({ readers }) => readers)).toEqual([["topic"], [], ["bad"], [], [], ["each"]]);
});
