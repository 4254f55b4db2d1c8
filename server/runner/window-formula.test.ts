import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { wholeSheet } from "#server/notebook/sheet-view.ts";
import type { Session } from "./session.ts";
import { fence, notebookText, testWorkspace, type TestWorkspace } from "./__fixtures__/test-workspace.ts";

let workspace: TestWorkspace;
beforeAll(async () => void (workspace = await testWorkspace()));
afterAll(() => workspace[Symbol.asyncDispose]());

/** A sheet `s` over keyed rows with a number `x` each. */
const sheetOf = (numbers: readonly number[], ...cells: readonly string[]): string =>
  notebookText(
    "",
    fence("data d", ["---\nkey: id\n---\nid,x", ...numbers.map((x, index) => `${index + 1},${x}`)].join("\n")),
    fence("sheet s", ["---\nrows: d\n---", ...cells].join("\n")),
  );
const share = fence("formula f", "x / sum(x) over ()");

/** What a column says row by row, a list a variant. */
async function shown(session: Session, variant = 0): Promise<readonly unknown[]> {
  const { rows } = (await session.sheetRows("s", wholeSheet, { from: 0, to: 9 }))!;
  return rows.map(({ cells }) => (cells["f"]![variant]?.value as { readonly value?: unknown } | null)?.value ?? null);
}

/** How many results of the column are in which state. */
async function states(session: Session): Promise<unknown> {
  return (await session.sheetFreshness("s", { exact: true }))!.columns["f"]![0]!.counts;
}

async function ran(text: string, first?: number): Promise<Session> {
  const session = await workspace.open(text, { trusted: true });
  await run(session, first);
  return session;
}

const run = (session: Session, first?: number): Promise<unknown> =>
  session.run({ type: "stale" }, first === undefined ? {} : { everySheet: { type: "first", count: first } }).done;

/** Takes another text, and reads its rows. */
async function changed(session: Session, text: string): Promise<void> {
  await session.setText(text);
  await session.run({ type: "cells", cells: ["d"] }).done;
}

describe("a formula with a window function is one statement over all rows", () => {
  test.each([
    ["a row is changed", [1, 2, 5], [1 / 8, 2 / 8, 5 / 8]],
    ["a row is added", [1, 2, 1, 4], [1 / 8, 2 / 8, 1 / 8, 4 / 8]],
    ["a row is gone", [1, 3], [1 / 4, 3 / 4]],
  ])("and all of them are computed again when %s", async (_what, numbers, expected) => {
    const session = await ran(sheetOf([1, 2, 1], share));
    expect(await shown(session)).toEqual([1 / 4, 2 / 4, 1 / 4]);
    expect(await states(session)).toEqual({ current: 3 });
    await changed(session, sheetOf(numbers, share));
    expect(await states(session)).not.toHaveProperty("current");
    await run(session);
    expect(await shown(session)).toEqual(expected);
    expect(await states(session)).toEqual({ current: expected.length });
  });

  test("and computed whole where only the first rows are run, or one alone", async () => {
    const session = await ran(sheetOf([1, 2, 1], share), 1);
    expect(await shown(session)).toEqual([1 / 4, 2 / 4, 1 / 4]);
    await session.run({ type: "address", address: { cell: "s.f", at: { s: "2" } } }).done;
    expect(await shown(session)).toEqual([1 / 4, 2 / 4, 1 / 4]);
    expect(await states(session)).toEqual({ current: 3 });
  });

  test("and has the row in it where a person has given another value", async () => {
    const session = await workspace.open(sheetOf([1, 2, 1], share), { trusted: true });
    await session.note({ type: "edited", address: "s.f{s=2}", value: { type: "number", value: 7 } });
    await run(session);
    expect(await shown(session)).toEqual([1 / 4, 7, 1 / 4]);
  });

  test("and sees those of each variant apart", async () => {
    const own = fence("template own", "---\nvary: { part: [1, 3] }\n---\n{{ vary.part * row.x }}");
    const session = await ran(sheetOf([1, 3], own, fence("formula f", "sum(own::int) over ()")));
    expect([await shown(session, 0), await shown(session, 1)]).toEqual([
      [4, 4],
      [12, 12],
    ]);
  });

  test("and is not held for settled until all rows have what it reads", async () => {
    const own = fence("template own", "{{ row.x }}");
    const text = sheetOf([1, 2, 1], own, fence("formula f", "sum(own::int) over ()"));
    const session = await ran(text, 2);
    expect(await states(session)).not.toHaveProperty("current");
    await run(session);
    expect(await shown(session)).toEqual([4, 4, 4]);
    expect(await states(session)).toEqual({ current: 3 });
  });

  test("but goes row by row where the window is in a subquery", async () => {
    const nested = fence("formula f", "(select max(n + x) over () from (select 1 as n))");
    const session = await ran(sheetOf([1, 2], nested));
    await changed(session, sheetOf([1, 5], nested));
    expect(await states(session)).toEqual({ current: 1, "stale-input": 1 });
  });
});
