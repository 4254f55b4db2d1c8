import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { addressText } from "./address.ts";
import type { Baseline, BaselineLine } from "./baseline.ts";
import { parseBaseline } from "./parse-baseline.ts";
import { printBaseline } from "./print-baseline.ts";

const header = { notebook: "aa", inputs: {}, data: {}, models: {}, answered: [], prices: "genai-prices 1" };
const baseline = (...lines: readonly BaselineLine[]): Baseline => ({ header, lines });
const text = printBaseline(baseline({ address: "a", key: "1", value: "2", outcome: "ok" }));

const hash = fc.stringMatching(/^[0-9a-f]{12}$/);
const hashes = fc.dictionary(fc.string(), hash, { maxKeys: 3, noNullPrototype: true });
const maybe = <Value>(value: fc.Arbitrary<Value>) => fc.option(value, { nil: undefined });
const amount = fc.double({ min: 0, max: 1e9, noNaN: true, noDefaultInfinity: true }).map((number) => number + 0);
const anyLine: fc.Arbitrary<BaselineLine> = fc
  .record(
    {
      cell: fc.constantFrom("topic", "triage.correct"),
      labels: fc.dictionary(
        fc.constantFrom("model", "triage", "repeat"),
        fc.string({ minLength: 1, unit: "grapheme" }),
        {
          noNullPrototype: true,
        },
      ),
      outcome: fc.constantFrom("ok", "error", "skipped", "blocked"),
      key: maybe(hash),
      value: maybe(hash),
      override: maybe(fc.constantFrom("locked", "edited")),
      score: maybe(fc.option(amount)),
      pass: maybe(fc.option(fc.boolean())),
      calls: maybe(hash),
      cost: maybe(fc.option(amount)),
      tokens: maybe(fc.tuple(fc.option(fc.nat()), fc.option(fc.nat()))),
      latency: maybe(fc.nat()),
    },
    { noNullPrototype: true },
  )
  .map(({ cell, labels, ...rest }) => {
    const given = Object.entries(rest).filter(([, member]) => member !== undefined);
    return { address: addressText({ cell, at: labels }), ...Object.fromEntries(given) } as BaselineLine;
  });
const anyBaseline: fc.Arbitrary<Baseline> = fc.record(
  {
    header: fc
      .record({ cell: maybe(fc.constantFrom("triage")), inputs: hashes, data: hashes, models: hashes, notebook: hash })
      .map(({ cell, ...rest }) => ({
        ...header,
        ...rest,
        answered: ["a", "b"],
        ...(cell === undefined ? {} : { cell }),
      })),
    lines: fc.uniqueArray(anyLine, { selector: ({ address }) => address, maxLength: 10 }),
  },
  { noNullPrototype: true },
);

function shuffled<One>(list: readonly One[], order: readonly number[]): readonly One[] {
  return list
    .map((one, index) => [order[index] ?? 0, one] as const)
    .sort(([a], [b]) => a - b)
    .map(([, one]) => one);
}

describe("a baseline", () => {
  test("comes back as it was written, its lines in the order of their addresses", () => {
    fc.assert(
      fc.property(anyBaseline, (given) => {
        const read = parseBaseline(printBaseline(given));
        expect(read.header).toEqual(given.header);
        const sorted = given.lines.toSorted(({ address: one }, { address: other }) => (one < other ? -1 : 1));
        expect(read.lines).toEqual(sorted);
      }),
      { numRuns: 300 },
    );
  });

  test("keeps a dataset of any name", () => {
    const data = JSON.parse('{"__proto__":"1","b":"2"}') as { readonly [name: string]: string };
    const read = parseBaseline(printBaseline({ header: { ...header, data }, lines: [] }));
    expect(Object.entries(read.header.data)).toEqual(Object.entries(data));
  });

  test("is the same bytes for the same results, in whatever order they come", () => {
    fc.assert(
      fc.property(anyBaseline, fc.array(fc.nat(), { minLength: 10, maxLength: 10 }), ({ header, lines }, order) => {
        expect(printBaseline({ header, lines: shuffled(lines, order) })).toBe(printBaseline({ header, lines }));
      }),
    );
  });

  test("has a header and then a line an address, without what goes without saying", () => {
    const lines: readonly BaselineLine[] = [
      { outcome: "error", address: "b", key: "2" },
      { value: "3", pass: true, score: 1, outcome: "ok", key: "1", address: "a{model=x}" },
    ];
    expect(printBaseline({ header: { ...header, inputs: { n: "2", m: "1" }, cell: "a" }, lines })).toBe(
      '{"sheaf-baseline":1,"notebook":"aa","cell":"a","inputs":{"m":"1","n":"2"},"data":{},"models":{},"answered":[],"prices":"genai-prices 1"}\n' +
        '{"address":"a{model=x}","key":"1","value":"3","score":1,"pass":true}\n' +
        '{"address":"b","key":"2","outcome":"error"}\n',
    );
  });

  test("may have other line ends, a byte order mark and empty lines, as editors leave them", () => {
    expect(parseBaseline(`\uFEFF${text.replaceAll("\n", "\r\n\r\n")}`)).toEqual(parseBaseline(text));
  });

  test.each([
    ["a conflict that a merge left", `${text}<<<<<<< HEAD\n`, "baseline.conflict", 3],
    ["the middle of one", `${text}=======\n`, "baseline.conflict", 3],
    ["another version", text.replace('baseline":1', 'baseline":2'), "baseline.version", 1],
    ["no JSON", `${text}{"address":\n`, "baseline.line", 3],
    ["a line twice", `${text}\n${text.split("\n")[1]}\n`, "baseline.line", 4],
    ["no header", text.split("\n")[1]!, "baseline.line", 1],
    ["an address with a bad `%`", `${text}{"address":"s.c{s=%}"}\n`, "baseline.line", 3],
    ["an address whose coordinates are none", `${text}{"address":"s.c{s}"}\n`, "baseline.line", 3],
    ["an address with an empty coordinate", `${text}{"address":"s.c{s=1,}"}\n`, "baseline.line", 3],
    ["a list", `${text}[]\n`, "baseline.line", 3],
    ["a score that is a text", text.replace('"value"', '"score":"1","value"'), "baseline.line", 2],
    ["no address", text.replace('"address":"a",', ""), "baseline.line", 2],
    ["an unknown outcome", text.replace('"value"', '"outcome":"fine","value"'), "baseline.line", 2],
  ])("with %s is an error with its line and a cure", (_, broken, code, line) => {
    const fail = expect.objectContaining({ code, position: expect.objectContaining({ line }) });
    expect(() => parseBaseline(broken)).toThrow(fail);
    expect(() => parseBaseline(broken)).toThrow(
      expect.objectContaining({ cure: expect.stringContaining("sheaf baseline") }),
    );
  });

  test("that is empty is an error", () => {
    expect(() => parseBaseline("\n")).toThrow(expect.objectContaining({ code: "baseline.line" }));
  });

  test("of a later release of the same format is read for what is known of it", () => {
    const later = text.replace('"prices"', '"more":1,"prices"').replace('"value"', '"more":[],"value"');
    expect(parseBaseline(later)).toEqual(parseBaseline(text));
  });
});
