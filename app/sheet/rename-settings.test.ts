import { expect, test } from "vitest";
import { moveSettings, renameSettings, type NamedStorage } from "./rename-settings.ts";
import { plainSettings, readSettings, writeSettings, type SheetSettings } from "./settings.ts";

function storage(): NamedStorage {
  const kept = new Map<string, string>();
  return {
    getItem: (key) => kept.get(key) ?? null,
    setItem: (key, value) => void kept.set(key, value),
    removeItem: (key) => void kept.delete(key),
    key: (index) => [...kept.keys()][index] ?? null,
    get length() {
      return kept.size;
    },
  };
}

/** Settings that name a cell in every place that can. */
function about(cell: string): SheetSettings {
  const column = { type: "cell", cell, at: { model: "small" } } as const;
  const id = `cell ${cell}[["model","small"]]`;
  const looked = {
    filters: [
      { type: "state", column, state: "failed" },
      { type: "is", column: { type: "row", column: "topic" }, value: 1 },
    ],
    sort: [{ column, descending: true }],
  } as const;
  return {
    ...plainSettings,
    ...looked,
    widths: { [id]: 90, "row topic": 50, [`cell topical[]`]: 70 },
    hidden: [`${id}.vendor`],
    pinned: [id],
    order: ["row topic", id],
    open: { [cell]: ["[]"] },
    views: { mine: { ...looked, down: ["model"] } },
  };
}

test("widths, places, filters and views follow a cell that has another name, in every sheet that shows it", () => {
  const here = storage();
  for (const sheet of ["triage", "other"]) writeSettings(here, "a.md", sheet, about("topic"));
  writeSettings(here, "b.md", "triage", about("topic"));
  renameSettings(here, "a.md", "topic", "subject");
  for (const sheet of ["triage", "other"]) expect(readSettings(here, "a.md", sheet)).toEqual(about("subject"));
  expect(readSettings(here, "b.md", "triage")).toEqual(about("topic"));
});

test("a cell of one sheet is another than one of the same name elsewhere", () => {
  const here = storage();
  for (const sheet of ["triage", "other"]) writeSettings(here, "a.md", sheet, about("topic"));
  renameSettings(here, "a.md", "triage.topic", "triage.subject");
  expect(readSettings(here, "a.md", "triage")).toEqual(about("subject"));
  expect(readSettings(here, "a.md", "other")).toEqual(about("topic"));
});

test("a sheet that has another name keeps all that was arranged, and leaves nothing under the old one", () => {
  const here = storage();
  writeSettings(here, "a.md", "triage", about("topic"));
  writeSettings(here, "a.md", "triages", about("other"));
  renameSettings(here, "a.md", "triage", "sorted");
  expect(readSettings(here, "a.md", "sorted")).toEqual(about("topic"));
  expect(readSettings(here, "a.md", "triage")).toEqual(plainSettings);
  expect(readSettings(here, "a.md", "triages")).toEqual(about("other"));
});

test("a notebook whose file has another name takes along what was arranged of its sheets", () => {
  const here = storage();
  writeSettings(here, "notes.md", "triage", about("topic"));
  writeSettings(here, "notes.md two.md", "triage", about("other"));
  moveSettings(here, "notes.md", "moved.md");
  expect(readSettings(here, "moved.md", "triage")).toEqual(about("topic"));
  expect(readSettings(here, "notes.md two.md", "triage")).toEqual(about("other"));
  expect(here.length).toBe(2);
});
