import { expect, test } from "vitest";
import {
  arranged,
  orderOf,
  plainSettings,
  putBefore,
  readSettings,
  writeSettings,
  type SettingsStorage,
} from "./settings.ts";

function storage(kept: { [key: string]: string } = {}): SettingsStorage {
  return { getItem: (key) => kept[key] ?? null, setItem: (key, value) => void (kept[key] = value) };
}

test("what was arranged is remembered for its notebook and sheet", () => {
  const here = storage();
  const settings = { ...plainSettings, hidden: ["row text"], widths: { "row amount": 90 } };
  writeSettings(here, "notebooks/a.md", "triage", settings);
  expect(readSettings(here, "notebooks/a.md", "triage")).toEqual(settings);
  expect(readSettings(here, "notebooks/a.md", "other")).toEqual(plainSettings);
  expect(readSettings(here, "notebooks/b.md", "triage")).toEqual(plainSettings);
});

test("settings of an earlier release, and none at all, are plain ones with what is known", () => {
  const key = "sheet a triage";
  expect(readSettings(storage({ [key]: '{"wrap":true}' }), "a", "triage")).toEqual({ ...plainSettings, wrap: true });
  expect(readSettings(storage({ [key]: "no JSON" }), "a", "triage")).toEqual(plainSettings);
  expect(readSettings(storage({ [key]: "7" }), "a", "triage")).toEqual(plainSettings);
});

test("a storage that is full stops nothing", () => {
  const full: SettingsStorage = {
    getItem: () => null,
    setItem() {
      throw new Error("QuotaExceededError");
    },
  };
  expect(() => writeSettings(full, "a", "triage", plainSettings)).not.toThrow();
});

test("columns stand in the order they were put, pinned ones first, new ones last, hidden ones not at all", () => {
  const columns = ["a", "b", "c", "d", "e"].map((id) => ({ id }));
  const shown = arranged(columns, { order: ["d", "a", "b"], pinned: ["b"], hidden: ["a"] });
  expect(shown.map(({ id }) => id)).toEqual(["b", "d", "c", "e"]);
});

test("a column that is put elsewhere leaves hidden ones where they are", () => {
  const columns = ["a", "b", "c", "d"].map((id) => ({ id }));
  const settings = { ...plainSettings, hidden: ["b"] };
  const order = putBefore(orderOf(columns, settings), ["d"], "a");
  expect(arranged(columns, { ...settings, order, hidden: [] }).map(({ id }) => id)).toEqual(["d", "a", "b", "c"]);
});

test("a column is put before another, or at the end", () => {
  expect(putBefore(["a", "b", "c"], ["c"], "a")).toEqual(["c", "a", "b"]);
  expect(putBefore(["a", "b", "c"], ["a"], null)).toEqual(["b", "c", "a"]);
  expect(putBefore(["a", "b", "c", "d"], ["b", "d"], "a")).toEqual(["b", "d", "a", "c"]);
  expect(putBefore(["a", "b", "c"], ["a"], "x")).toEqual(["a", "b", "c"]);
});
