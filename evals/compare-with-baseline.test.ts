import { describe, expect, test } from "vitest";
import type { BaselineLine } from "#server/notebook/baseline.ts";
import { compareWithBaseline, type BaselineComparison } from "./compare-with-baseline.ts";
import { pairedResults } from "./paired-results.ts";

const header = { notebook: "aa", inputs: {}, data: {}, models: {}, answered: [], prices: "1" };

interface Now {
  readonly lines?: readonly BaselineLine[];
  readonly open?: readonly string[];
  readonly closed?: readonly string[];
  readonly added?: { readonly [cell: string]: number };
  readonly header?: Partial<typeof header>;
}

function compare(
  then: readonly BaselineLine[],
  { lines = [], open = [], closed = [], added = {}, ...now }: Now,
): BaselineComparison {
  return compareWithBaseline(
    { header, lines: then },
    {
      header: { ...header, ...now.header },
      lines: new Map(lines.map((line) => [line.address, line])),
      open: new Set(open),
      closed: new Set(closed),
      added: new Map(Object.entries(added)),
    },
  );
}

const line = (address: string, more: Partial<BaselineLine> = {}): BaselineLine => ({
  address,
  key: "k",
  value: "v",
  outcome: "ok",
  ...more,
});
/** The scores of a sheet's rows, each of a call of its own. */
const scores = (numbers: readonly number[], more: Partial<BaselineLine> = {}): readonly BaselineLine[] =>
  numbers.map((score, row) =>
    line(`s.c{s=${row}}`, { score, pass: score >= 0.5, calls: `call ${row}`, value: `v${score}`, ...more }),
  );
const ones = (count: number): readonly number[] => Array.from({ length: count }, () => 1);

describe("a result beside its baseline", () => {
  const error = line("a", { outcome: "error" });
  test.each<readonly [string, BaselineLine, BaselineLine]>([
    ["same", line("a"), line("a")],
    ["same", line("a"), line("a", { key: "another" })],
    ["changed", line("a"), line("a", { value: "w" })],
    ["changed", line("a"), line("a", { outcome: "skipped" })],
    ["worse", line("a"), error],
    ["worse", line("a"), line("a", { outcome: "blocked" })],
    ["better", error, line("a")],
    ["same", error, error],
    ["worse", line("a", { pass: true }), line("a", { pass: false })],
    ["better", line("a", { pass: false }), line("a", { pass: true })],
    ["same", line("a", { pass: true }), line("a", { pass: true, value: "other figures" })],
    ["open", line("a", { pass: true }), error],
    ["worse", line("a", { score: 0.9, pass: true }), line("a", { score: 0.8, pass: true })],
    ["better", line("a", { score: 0.2, pass: false }), line("a", { score: 0.3, pass: false })],
    ["worse", line("a", { score: 0.9, pass: true }), line("a", { score: 0.95, pass: false })],
    ["same", line("a", { score: 1, pass: true }), line("a", { score: 1, pass: true, value: "another reason" })],
    ["changed", line("a", { score: 1, pass: true }), line("a", { score: null, pass: null, value: "w" })],
  ])("is %s: %o, %o", (change, then, now) => {
    expect(compare([then], { lines: [now] }).cells[0]!.counts).toMatchObject({ [change]: 1 });
  });

  test("is open where it is there and not settled, never the same; and missing where it is not there", () => {
    const { cells, changes } = compare([line("a"), line("b"), line("s.c{s=1}")], { open: ["a"], closed: ["s"] });
    expect(changes.map(({ address, change, now }) => [address, change, now])).toEqual([
      ["a", "open", null],
      ["b", "missing", null],
      ["s.c{s=1}", "open", null],
    ]);
    expect(cells.map(({ counts }) => counts.same)).toEqual([0, 0, 0]);
  });

  test("that the baseline has not is counted as new with its cell", () => {
    const { cells } = compare([line("a")], { lines: [line("a")], added: { a: 2, b: 1 } });
    expect(cells).toMatchObject([
      { cell: "a", counts: { same: 1, new: 2 } },
      { cell: "b", counts: { same: 0, new: 1 } },
    ]);
  });
});

describe("the scores", () => {
  test("are compared in pairs of one row and one label, with the interval of `paired`", () => {
    const [then, now] = [scores([1, 1, 0, 1, 0.5]), scores([0, 1, 0, 0, 0.5])];
    const { scores: found } = compare(then, { lines: now });
    const side = (lines: readonly BaselineLine[]) => ({
      cell: "s.c",
      at: {},
      values: lines.map(({ score, calls }, row) => ({ row: String(row), at: {}, value: score!, calls: calls! })),
    });
    const { n, mean, low, high } = pairedResults(side(now), side(then)) as { readonly [figure: string]: number };
    expect(found).toEqual([
      {
        cell: "s.c",
        at: {},
        n,
        of: 5,
        then: 0.7,
        now: expect.closeTo(0.3, 12),
        difference: mean,
        interval: { low, high },
        verdict: "neither",
      },
    ]);
  });

  test("are compared at each label of a sheet by themselves, its repeats together", () => {
    const at = (model: string, row: number, repeat: number, score: number) =>
      line(`s.c{model=${model},repeat=${repeat},s=${row}}`, { score });
    const all = (small: number) =>
      [0, 1].flatMap((row) => [1, 2].flatMap((repeat) => [at("big", row, repeat, 1), at("small", row, repeat, small)]));
    expect(compare(all(1), { lines: all(0) }).scores).toMatchObject([
      { at: { model: "big" }, n: 4, difference: 0 },
      { at: { model: "small" }, n: 4, difference: -1 },
    ]);
  });

  test("of rows that came of one call are one observation", () => {
    const flat = (calls: (row: number) => string) => ({
      then: scores(ones(20)).map((one, row) => ({ ...one, calls: calls(row) })),
      now: scores(ones(20).map((_, row) => (row < 12 ? 0 : 1))).map((one, row) => ({ ...one, calls: calls(row) })),
    });
    const own = flat((row) => `call ${row}`);
    const shared = flat((row) => `call ${row < 12 ? 0 : row}`);
    const width = ({ then, now }: typeof own) => {
      const { low, high } = compare(then, { lines: now }).scores[0]!.interval!;
      return high - low;
    };
    expect(width(shared)).toBeGreaterThan(1.5 * width(own));
  });

  test("outside sheets are compared over their labels, and one that has none by itself", () => {
    const at = (score: number) => [
      line("alone", { score }),
      ...["a", "b", "c"].map((tone) => line(`toned{tone=${tone}}`, { score })),
    ];
    expect(compare(at(1), { lines: at(0) }).scores).toMatchObject([
      { cell: "alone", n: 1, then: 1, now: 0, verdict: "neither" },
      { cell: "toned", at: {}, n: 3, then: 1, now: 0, verdict: "neither" },
    ]);
  });

  test("are means of the pairs alone: what has no number now is not counted as 0", () => {
    const { scores: found } = compare(scores([1, 0]), { lines: scores([1]), open: ["s.c{s=1}"] });
    expect(found).toMatchObject([{ n: 1, of: 2, then: 1, now: 1 }]);
  });
});

describe("the verdict", () => {
  const gate = (pass: boolean) => line("gate", { pass });

  test("passes where nothing is worse beyond chance", () => {
    expect(
      compare([gate(true), ...scores(ones(30))], { lines: [gate(true), ...scores([0, ...ones(29)])] }).verdict,
    ).toBe("pass");
  });

  test("fails where a test that passed fails", () => {
    expect(compare([gate(true)], { lines: [gate(false)] }).verdict).toBe("fail");
    expect(compare([gate(false)], { lines: [gate(false)] }).verdict).toBe("pass");
  });

  test.each(["error", "blocked"] as const)("fails where what had a result is an error or blocked: %s", (outcome) => {
    const lost = (then: BaselineLine) => compare([then], { lines: [line(then.address, { outcome })] }).verdict;
    expect(lost(line("a"))).toBe("fail");
    expect(lost(scores([1])[0]!)).toBe("fail");
    expect(lost(line("a", { outcome: "error" }))).toBe("pass");
    expect(compare([line("a", { outcome })], { lines: [line("a")] }).verdict).toBe("pass");
    expect(lost(gate(true))).toBe("open");
  });

  test("fails where the interval of a score's difference is below 0", () => {
    const worse = scores([...ones(15), ...ones(15).map(() => 0)]);
    expect(compare(scores(ones(30)), { lines: worse })).toMatchObject({
      verdict: "fail",
      scores: [{ verdict: "worse" }],
    });
    expect(compare(worse, { lines: scores(ones(30)) })).toMatchObject({
      verdict: "pass",
      scores: [{ verdict: "better" }],
    });
  });

  test.each([
    [5, "pass"],
    [6, "fail"],
  ])(
    "of %i rows that all went down by the same is %s: there is no interval then, and it takes six",
    (count, verdict) => {
      for (const [high, low] of [
        [1, 0],
        [0.9, 0.8],
      ] as const) {
        const then = scores(ones(count).map(() => high));
        expect(compare(then, { lines: scores(ones(count).map(() => low)) }).verdict).toBe(verdict);
      }
    },
  );

  test("is open where a result is open, and a fail goes before it", () => {
    expect(compare([line("a")], { open: ["a"] }).verdict).toBe("open");
    expect(compare([line("a"), gate(true)], { open: ["a"], lines: [gate(false)] }).verdict).toBe("fail");
  });

  test("is open where a test or a score has gone, and not where another result has", () => {
    expect(compare([line("a")], {}).verdict).toBe("pass");
    expect(compare([gate(true)], {}).verdict).toBe("open");
    expect(compare(scores([1]), {}).verdict).toBe("open");
  });

  test("is open where a score has no number any more", () => {
    const lost = scores([1]).map((one) => ({ ...one, score: null, pass: null }));
    expect(compare(scores([1]), { lines: lost }).verdict).toBe("open");
  });
});

test("what differs from then is named: the text, inputs, data, models, who answered, prices", () => {
  expect(compare([], {}).differs).toEqual([]);
  const other = {
    notebook: "bb",
    inputs: { n: "1" },
    data: { "d.csv": "1" },
    models: { "a/b": "1" },
    answered: ["a/b-1"] as never,
    prices: "2",
  };
  expect(compare([], { header: other }).differs).toEqual([
    "the notebook's text",
    "the input n",
    "data d.csv",
    "the model a/b",
    "the models that answered",
    "prices",
  ]);
});

test("what calls cost is summed over the results both have, and unknown where one has no price", () => {
  const call = (address: string, cost: number | null, tokens: readonly [number | null, number | null]) =>
    line(address, { cost, tokens, latency: 100 });
  const then = [call("a", 0.5, [10, 1]), call("b", 0.25, [5, null]), call("gone", 9, [9, 9]), line("plain")];
  const now = [call("a", 1, [10, 2]), call("b", null, [5, 2]), line("plain")];
  expect(compare(then, { lines: now }).calls).toEqual({
    then: { results: 2, cost: 0.75, input: 15, output: 1, latency: 100 },
    now: { results: 2, cost: null, input: 15, output: 4, latency: 100 },
  });
});
