import fc from "fast-check";
import { expect, test } from "vitest";
import type { Change, NotebookView } from "./view.ts";
import { sections, viewChanges, type SentView } from "./view-changes.ts";

type Plain = { [section: string]: { [key: string]: unknown } };

const view = (change: Plain = {}): NotebookView =>
  ({ ...Object.fromEntries(sections.map((section) => [section, {}])), ...change }) as unknown as NotebookView;

/** What a page does with changes. */
function put(before: Plain, changes: readonly Change[]): Plain {
  const after = structuredClone(before);
  for (const change of changes) {
    const section = (after[change.section] ??= {});
    if (change.type === "set") section[change.key] = change.value;
    else if (change.type === "append") section[change.key] = `${section[change.key] as string}${change.text}`;
    else delete section[change.key];
  }
  return after;
}

const entries = fc.dictionary(fc.constantFrom("a", "b", "c"), fc.oneof(fc.string(), fc.integer()));
const anyView = fc.record({
  cells: entries,
  results: entries,
  streams: fc.dictionary(fc.constantFrom("x", "y"), fc.string()),
});

test("changes put into what was there give what is there, whatever both are", () => {
  fc.assert(
    fc.property(fc.array(anyView, { minLength: 1, maxLength: 6 }), (views) => {
      const sent: SentView = new Map();
      let page: Plain = view() as unknown as Plain;
      for (const next of views) page = put(page, viewChanges(view(next as Plain), sent));
      expect(page).toEqual(view(views.at(-1) as Plain));
    }),
  );
});

test("what stays the same is not told again", () => {
  const sent: SentView = new Map();
  viewChanges(view({ cells: { a: 1, b: 2 } }), sent);
  expect(viewChanges(view({ cells: { a: 1, b: 3 } }), sent)).toEqual([
    { type: "set", section: "cells", key: "b", value: 3 },
  ]);
  expect(viewChanges(view({ cells: { a: 1, b: 3 } }), sent)).toEqual([]);
});

test("an answer that grows is told by what came", () => {
  const sent: SentView = new Map();
  viewChanges(view({ streams: { topic: "card" } }), sent);
  expect(viewChanges(view({ streams: { topic: "card_arrival" } }), sent)).toEqual([
    { type: "append", section: "streams", key: "topic", text: "_arrival" },
  ]);
});

test("integers beyond 2^53 are compared and do not break it", () => {
  const sent: SentView = new Map();
  viewChanges(view({ results: { a: 2n ** 60n } }), sent);
  expect(viewChanges(view({ results: { a: 2n ** 60n + 1n } }), sent)).toHaveLength(1);
});
