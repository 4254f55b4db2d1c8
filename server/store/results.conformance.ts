import { describe, expect, test } from "vitest";
import type { Value } from "#server/notebook/value.ts";
import type { CellResult, Results } from "./store.ts";

/** A result at an address, for tests. */
export function resultAt(address: string, changes: Partial<CellResult> = {}): CellResult {
  return {
    address,
    key: "cell-key",
    parts: '{"message":"hash-2","source":"hash-1"}',
    outcome: "ok",
    value: { type: "string", value: "card_arrival" },
    valueHash: "hash-3",
    error: null,
    calls: [],
    at: 1_000,
    ...changes,
  };
}

/** What every store of results does. `open` gives the results of a workspace. */
export function describeResults(open: (workspace: string) => Promise<Results>): void {
  let workspaces = 0;

  async function inResults(work: (results: Results) => Promise<void>): Promise<void> {
    const results = await open(`results-${(workspaces += 1)}`);
    try {
      await work(results);
    } finally {
      await results.close();
    }
  }

  const byAddress = (results: readonly CellResult[]) => results.toSorted((a, b) => (a.address < b.address ? -1 : 1));

  describe("results outside sheets", () => {
    test("come back as they were put", () =>
      inResults(async (results) => {
        const values: readonly Value[] = [
          { type: "null" },
          { type: "string", value: "two\nlines, \u0000 and 🃏" },
          { type: "number", value: 0.1 },
          { type: "number", value: 12345678901234567890n },
          { type: "boolean", value: false },
          { type: "json", value: { z: [1, null, { a: -9007199254740993n }], a: "order is kept" } },
          { type: "messages", value: [{ role: "user", content: "hi\nsystem:\nno" }] },
          {
            type: "table",
            value: { columns: [{ name: "n", type: "number", sql: "BIGINT" }], rowCount: 1, hash: "h", rows: [[1]] },
          },
          { type: "score", value: { score: null, pass: null, reason: "nothing to compare" } },
        ];
        const put = [
          ...values.map((value, index) => resultAt(`cell${index}`, { value })),
          resultAt("failed", {
            outcome: "error",
            value: null,
            valueHash: null,
            error: { code: "language.undefined", message: "no topik", cure: "Write topic." },
          }),
          resultAt("called{model=small}", { outcome: "partial", calls: [{ key: "k", cost: null, cached: true }] }),
        ];
        await results.put("a.md", put);
        const all = byAddress(await results.all("a.md"));
        expect(all).toEqual(byAddress(put));
        const json = all.find(({ address }) => address === "cell5")!.value as { value: object };
        expect(Object.keys(json.value)).toEqual(["z", "a"]);
      }));

    test("replace those of the same addresses and leave the others", () =>
      inResults(async (results) => {
        await results.put("a.md", [resultAt("one"), resultAt("two")]);
        await results.put("a.md", [resultAt("two", { key: "newer" }), resultAt("three")]);
        expect(byAddress(await results.all("a.md")).map(({ address, key }) => [address, key])).toEqual([
          ["one", "cell-key"],
          ["three", "cell-key"],
          ["two", "newer"],
        ]);
      }));

    test("keep the last of several at one address", () =>
      inResults(async (results) => {
        await results.put("a.md", [resultAt("one", { key: "first" }), resultAt("one", { key: "last" })]);
        expect((await results.all("a.md")).map(({ key }) => key)).toEqual(["last"]);
      }));

    test("belong to their notebook", () =>
      inResults(async (results) => {
        await results.put("a.md", [resultAt("one")]);
        expect(await results.all("b.md")).toEqual([]);
      }));

    test("move with their notebook, in place of those of its new path", () =>
      inResults(async (results) => {
        await results.put("a.md", [resultAt("one")]);
        await results.put("b.md", [resultAt("two")]);
        await results.move("a.md", "b.md");
        expect((await results.all("b.md")).map(({ address }) => address)).toEqual(["one"]);
        expect(await results.all("a.md")).toEqual([]);
      }));

    test("belong to their workspace", () =>
      inResults(async (mine) => {
        await mine.put("a.md", [resultAt("one")]);
        await inResults(async (theirs) => expect(await theirs.all("a.md")).toEqual([]));
      }));

    test("may be none", () =>
      inResults(async (results) => {
        await results.put("a.md", []);
        expect(await results.all("a.md")).toEqual([]);
      }));

    test("are put by the thousand, whatever their number", () =>
      inResults(async (results) => {
        for (const count of [99, 100, 101, 1_234]) {
          const put = Array.from({ length: count }, (_, index) => resultAt(`cell${index}`, { at: count }));
          await results.put(`${count}.md`, put);
          expect(byAddress(await results.all(`${count}.md`))).toEqual(byAddress(put));
        }
      }));
  });
}
