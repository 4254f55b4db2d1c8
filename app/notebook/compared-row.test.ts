import { expect, test } from "vitest";
import { comparedRows } from "./compared-row";

const compared = { node: "all.inner", sheet: "all", row: "b" };
const cells = (...cells: readonly string[]) => ({ type: "cells", cells }) as const;

test("where a prompt of a sheet is compared, running it goes over its row alone, and over none while that is not known", () => {
  expect(comparedRows(cells("all.inner"), compared)).toEqual({ rows: { all: { type: "rows", rows: ["b"] } } });
  expect(comparedRows(cells("all.inner"), { ...compared, row: null })).toEqual({
    rows: { all: { type: "rows", rows: [] } },
  });
});

test("anything else that is run, and what is run elsewhere, goes over all that is asked for", () => {
  expect(comparedRows(cells("all.inner"), null)).toEqual({});
  expect(comparedRows(cells("all.inner", "all.other"), compared)).toEqual({});
  expect(comparedRows({ type: "stale" }, compared)).toEqual({});
});
