import { expect, test } from "vitest";
import { mostNotes } from "#server/notebook/most-notes.ts";
import type { Operation } from "#server/notebook/operation.ts";
import { createEditHistory } from "./edit-history.ts";

const edit = (text: string): Operation => ({ type: "replace", start: 0, end: 0, text });
const step = (text: string) => ({ title: text, cell: "topic", operations: [edit(text)] });

test("edits of one text that follow each other are one step, taken back last first", () => {
  const history = createEditHistory();
  history.add(step("one"), 0, "source topic");
  history.add(step("two"), 1_000, "source topic");
  expect(history.takeUndo()?.operations).toEqual([edit("two"), edit("one")]);
  expect(history.takeUndo()).toBeNull();
});

test("a pause, another cell and another kind of edit begin a new step", () => {
  const history = createEditHistory();
  history.add(step("one"), 0, "source topic");
  history.add(step("two"), 5_000, "source topic");
  history.add(step("three"), 5_100, "source vote");
  history.add(step("four"), 5_200, null);
  history.add(step("five"), 5_300, null);
  const titles = [];
  for (let one = history.takeUndo(); one !== null; one = history.takeUndo()) titles.push(one.title);
  expect(titles).toEqual(["five", "four", "three", "two", "one"]);
});

test("of notes by the hundred thousand the oldest steps are given up, never the last", () => {
  const history = createEditHistory();
  const notes = Array.from({ length: mostNotes }, () => ({ address: "s.a{s=1}", type: "restored" }) as const);
  for (const title of ["one", "two", "three"]) history.add({ title, cell: null, operations: [], notes }, 0, null);
  expect(history.takeUndo()?.title).toBe("three");
  expect(history.takeUndo()?.title).toBe("two");
  expect(history.takeUndo()).toBeNull();
});

test("a new edit leaves nothing to do again", () => {
  const history = createEditHistory();
  history.add(step("one"), 0, null);
  history.putRedo(history.takeUndo()!);
  expect(history.redo?.title).toBe("one");
  history.add(step("two"), 1, null);
  expect(history.redo).toBeNull();
});
