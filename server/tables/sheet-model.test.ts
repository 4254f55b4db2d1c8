import fc from "fast-check";
import { afterAll, beforeAll, expect, test } from "vitest";
import { coordinatesText, type Coordinates } from "#server/notebook/address.ts";
import { toValue } from "#server/notebook/value.ts";
import { column, nodeOf, overrideOf, reads, resultOf } from "./__fixtures__/compute-column.ts";
import { temporaryTables, type TemporaryTables } from "./__fixtures__/temporary-tables.ts";
import type { NodeSpec, Outcome, RowFreshness, RowState, SheetStore, StoredResult } from "./sheet-store.ts";

let workspace: TemporaryTables;
beforeAll(async () => {
  workspace = await temporaryTables();
});
afterAll(() => workspace[Symbol.asyncDispose]());

// The same rules once more, naively: every address on its own, inputs compared whole, nothing hashed and nothing kept twice.

type Row = { readonly id: number; readonly text: string | null; readonly more: string };
type Made = "one" | "two" | "error" | "skipped";

interface Kept {
  readonly key: string;
  readonly input: string | null;
  readonly outcome: Outcome;
  readonly seen: string;
}

const m = ["x", "y"].map((label) => ({ m: label }));
const shape = [
  nodeOf("a", [column("text")], { variants: m }),
  nodeOf("b", [reads("a", ["m"]), column("more"), reads("a", ["m"], m[1])], {
    variants: m.flatMap((at) => ["0", "1"].map((s) => ({ ...at, s }))),
  }),
  nodeOf("c", [column("text"), reads("b", ["m", "s"], { m: "y", s: "0" }), reads("a", ["m"], m[0])]),
];

class Model {
  rows: readonly Row[] = [];
  keys = new Map<string, string | null>(shape.map(({ node }) => [node, "key 1"]));
  results = new Map<string, Kept>();
  overrides = new Map<string, { readonly type: "locked" | "edited"; readonly seen: string }>();

  nodes(): readonly NodeSpec[] {
    return shape.map((spec) => ({
      ...spec,
      variants: spec.variants.map(({ at }) => ({ at, key: this.keys.get(spec.node)! })),
    }));
  }

  place(node: string, row: Row, at: Coordinates): string {
    return `${node} ${row.id} ${coordinatesText(at)}`;
  }

  upstream(node: string, at: Coordinates): readonly { readonly node: string; readonly at: Coordinates }[] {
    return shape
      .find((spec) => spec.node === node)!
      .inputs.flatMap((input) =>
        input.type === "node"
          ? [
              {
                node: input.node,
                at: Object.fromEntries(input.axes.map((axis) => [axis, { ...at, ...input.at }[axis]!])),
              },
            ]
          : [],
      );
  }

  seen(node: string, row: Row, at: Coordinates): string | null {
    const place = this.place(node, row, at);
    const { freshness } = this.state(node, row, at);
    if (!["current", "locked", "edited"].includes(freshness)) return null;
    return (this.overrides.get(place) ?? this.results.get(place)!).seen;
  }

  input(node: string, row: Row, at: Coordinates): string | null {
    const upstream = this.upstream(node, at).map((there) => this.seen(there.node, row, there.at));
    if (upstream.includes(null)) return null;
    return JSON.stringify([node === "b" ? row.more : row.text, upstream]);
  }

  state(
    node: string,
    row: Row,
    at: Coordinates,
  ): Pick<RowState, "freshness" | "outcome"> & { because: readonly string[] } {
    const place = this.place(node, row, at);
    const override = this.overrides.get(place);
    const kept = this.results.get(place);
    const outcome = override === undefined ? (kept?.outcome ?? null) : "ok";
    const state = (freshness: RowFreshness, because: readonly string[] = []) => ({ freshness, outcome, because });
    const key = this.keys.get(node)!;
    if (override !== undefined) return state(override.type);
    if (kept === undefined) return state("never");
    const unsettled = this.upstream(node, at).filter((there) => this.seen(there.node, row, there.at) === null);
    const because = [...new Set(unsettled.map((there) => there.node))];
    if (key === null) return state("stale-upstream", because);
    if (kept.key !== key) return state("stale-key");
    if (because.length > 0) return state("stale-upstream", because);
    return state(kept.input === this.input(node, row, at) ? "current" : "stale-input");
  }
}

interface Real {
  readonly sheets: SheetStore;
  readonly sheet: string;
  frame: string;
}

type Step = (model: Model, real: Real) => Promise<void>;

const texts = fc.constantFrom("p", "q", "", null);
const rows = fc.uniqueArray(
  fc.record({ id: fc.integer({ min: 0, max: 5 }), text: texts, more: fc.constantFrom("r", "s") }),
  { selector: ({ id }) => id, minLength: 1, maxLength: 6 },
);
const node = fc.constantFrom("a", "b", "c");

const open = rows.map((of): Step & { toString(): string } =>
  named(`open ${JSON.stringify(of)}`, async (model, real) => {
    model.rows = of;
    const columns = [
      { name: "id", type: "number", sql: "BIGINT" },
      { name: "text", type: "string", sql: "VARCHAR" },
      { name: "more", type: "string", sql: "VARCHAR" },
    ] as const;
    const table = await workspace.tables.fromRows(of, columns);
    ({ frame: real.frame } = await real.sheets.openFrame({ sheet: real.sheet, table, key: "id", identity: [] }));
  }),
);

const edit = fc.tuple(node, fc.constantFrom("key 1", "key 2", "key 1", "key 2", null)).map(([name, key]) =>
  named(`edit ${name} ${key}`, async (model) => {
    model.keys.set(name, key);
  }),
);

/** Computes columns one after another, as a run does: also what is current, and with an unknown input as well as a known one. */
const compute = fc
  .tuple(
    fc.constantFrom(["a"], ["b"], ["c"], ["a", "b"], ["a", "b", "c"]),
    fc.array(fc.constantFrom<Made | undefined>("one", "one", "two", "error", "skipped", undefined), {
      minLength: 1,
      maxLength: 5,
    }),
  )
  .map(([of, made]) =>
    named(`compute ${of.join(" ")} ${JSON.stringify(made)}`, async (model, real) => {
      for (const name of of) await computeNode(model, real, name, made);
    }),
  );

async function computeNode(model: Model, real: Real, name: string, made: readonly (Made | undefined)[]): Promise<void> {
  const key = model.keys.get(name) ?? "key 1";
  const range = { from: 0, to: model.rows.length };
  const work = await real.sheets.work({ frame: real.frame, nodes: model.nodes(), node: name, ...range });
  const results: StoredResult[] = [];
  const kept = new Map<string, Kept>();
  for (const [index, item] of work.entries()) {
    const row = model.rows[item.ordinal]!;
    const input = model.input(name, row, item.at);
    expect(item.input === null).toBe(input === null);
    const value = made[index % made.length];
    if (value === undefined) continue;
    const outcome = value === "error" || value === "skipped" ? value : "ok";
    const result = outcome === "ok" ? toValue(value) : outcome === "error" ? new Error("no") : null;
    results.push(resultOf(item, key, result));
    kept.set(model.place(name, row, item.at), { key, input, outcome, seen: value });
  }
  for (const [place, one] of kept) model.results.set(place, one);
  await real.sheets.put({ sheet: real.sheet, node: name, results });
}

const override = fc
  .tuple(
    node,
    fc.array(
      fc.tuple(
        fc.integer({ min: 0, max: 5 }),
        fc.nat(3),
        fc.constantFrom("locked", "edited"),
        fc.constantFrom("one", "two"),
      ),
      {
        maxLength: 4,
      },
    ),
  )
  .map(([name, of]) =>
    named(`override ${name} ${JSON.stringify(of)}`, async (model, real) => {
      const { variants } = shape.find((spec) => spec.node === name)!;
      for (const place of model.overrides.keys()) if (place.startsWith(`${name} `)) model.overrides.delete(place);
      const overrides = of.map(([id, variant, type, value]) => {
        const { at } = variants[variant % variants.length]!;
        model.overrides.set(model.place(name, { id, text: null, more: "" }, at), { type, seen: value });
        return overrideOf(String(id), type, value, at);
      });
      await real.sheets.setOverrides({ sheet: real.sheet, node: name, overrides });
    }),
  );

function named(name: string, step: Step): Step & { toString(): string } {
  return Object.assign(step, { toString: () => name });
}

test(
  "freshness is that of a naive model, whatever was put, edited, opened and overridden",
  { timeout: 60_000 },
  async () => {
    let sheet = 0;
    const steps = fc.array(
      fc.oneof({ weight: 2, arbitrary: open }, edit, { weight: 4, arbitrary: compute }, override),
      {
        minLength: 3,
        maxLength: 14,
      },
    );
    await fc.assert(
      fc.asyncProperty(open, steps, async (first, more) => {
        const model = new Model();
        const real: Real = { sheets: workspace.tables.sheets, sheet: `model ${sheet++}`, frame: "" };
        for (const step of [first, ...more]) await step(model, real);
        const nodes = model.nodes();
        for (const { node: name, variants } of nodes) {
          const call = { frame: real.frame, nodes, node: name };
          const expected = model.rows.flatMap((row) =>
            variants.map(({ at }) => ({ row: String(row.id), at, ...model.state(name, row, at) })),
          );
          const states = await real.sheets.states({ ...call, from: 0, to: model.rows.length });
          expect(
            states.map(({ storedKey: _storedKey, because, ...state }) => ({
              ...state,
              because: state.freshness === "stale-input" ? [] : [...because].sort(),
            })),
          ).toEqual(expected.map(({ because, ...state }) => ({ ...state, because: [...because].sort() })));
          expect(await real.sheets.freshness({ ...call, exact: true })).toEqual(
            variants.map(({ at }) => ({
              at,
              counts: count(expected.flatMap((state) => (state.at === at ? [state.freshness] : []))),
              settled: count(
                expected.flatMap(({ at: own, freshness, outcome }) =>
                  own === at && outcome !== null && ["current", "locked", "edited"].includes(freshness)
                    ? [outcome]
                    : [],
                ),
              ),
              // Nothing here is blocked.
              failed: 0,
              outcomes: count(
                expected.flatMap((state) => (state.at === at && state.outcome !== null ? [state.outcome] : [])),
              ),
            })),
          );
        }
      }),
      { numRuns: 20 },
    );
  },
);

function count(words: readonly string[]): { readonly [word: string]: number } {
  const counts: { [word: string]: number } = {};
  for (const word of words) counts[word] = (counts[word] ?? 0) + 1;
  return counts;
}
