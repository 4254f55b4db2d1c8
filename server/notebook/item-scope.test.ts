import { describe, expect, test } from "vitest";
import { evaluate, parseExpression, renderTemplate, parseTemplate } from "#server/language/index.ts";
import type { Item, ResultSummary } from "./cell-kind.ts";
import { itemScope } from "./item-scope.ts";
import { isResultsValue, resultsValue, summaryOf, type Paired } from "./results-value.ts";

function itemOf(more: Partial<Item<null>>): Item<unknown> {
  return {
    address: { cell: "answer", at: {} },
    configuration: null,
    inputs: {},
    skipped: [],
    row: null,
    vary: {},
    meta: {},
    results: {},
    covered: {},
    model: null,
    repeat: 0,
    ...more,
  };
}

const paired: Paired = (left, right) => ({ left: left.values.length, right: right.values.length });

function summary(numbers: readonly number[], more: Partial<ResultSummary> = {}): ResultSummary {
  return {
    cell: "topic",
    at: {},
    dimensions: [],
    total: 9,
    settled: numbers.length + 1,
    errors: 0,
    skipped: 0,
    unscored: 1,
    present: numbers.length + 1,
    values: numbers.map((value, index) => ({ row: String(index), at: {}, value, calls: null })),
    ...more,
  };
}

/** What an expression comes to for an item; the first line of its error where it is one. */
function value(source: string, more: Partial<Item<null>>): unknown {
  try {
    return evaluate(parseExpression(source), itemScope(itemOf(more), paired));
  } catch (thrown) {
    return (thrown as Error).message;
  }
}

describe("a name in an expression", () => {
  test("is what is read under it", () => {
    expect(value("message ~ 1", { inputs: { message: { type: "string", value: "Hi" } } })).toBe("Hi1");
    expect(value("triage", { inputs: { triage: { type: "number", value: 3 } } })).toBe(3);
  });

  test("is what the kind itself gives, before all else", () => {
    const scope = itemScope(itemOf({ inputs: { output: { type: "string", value: "read" } } }), paired, {
      output: "given",
    });
    expect(evaluate(parseExpression("output"), scope)).toBe("given");
    expect(() => evaluate(parseExpression("toString"), scope)).toThrow("toString");
  });

  test("is the row in a sheet, and nothing outside", () => {
    expect(value("row.text", { row: { text: "Hi" } })).toBe("Hi");
    expect(value("row.text", {})).toMatch(/`row` is not defined/);
    expect(value("row is defined", {})).toBe(false);
  });

  test("is the value of a label", () => {
    expect(value("vary.shots + 1", { vary: { shots: 5 } })).toBe(6);
  });

  test("is skipped where what it names was", () => {
    expect(value("topic is skipped", { skipped: ["topic"] })).toBe(true);
    expect(value("topic is defined", { skipped: ["other"] })).toBe(false);
    expect(value("topic or 'none'", { skipped: ["topic"] })).toBe("none");
  });
});

describe("`.at`", () => {
  const inputs = {
    topic: { type: "string", value: "plain" },
    "topic{model=big}": { type: "string", value: "big" },
    "topic{model=big,shots=5}": { type: "string", value: "big at five" },
    "topic{shots=0.10}": { type: "number", value: 10 },
    "topic{tone=a%2Cb}": { type: "string", value: "escaped" },
    "topical{model=small}": { type: "string", value: "another" },
  } as const;

  test("gives the value at those labels, in any order", () => {
    expect(value('topic.at(model="big")', { inputs })).toBe("big");
    expect(value('topic.at(shots="5", model="big")', { inputs })).toBe("big at five");
    expect(value('topic.at(tone="a,b")', { inputs })).toBe("escaped");
  });

  test("finds a number's label as it is spelled where it is declared", () => {
    expect(value("topic.at(shots=0.10)", { inputs })).toBe(10);
    expect(value("topic.at(shots=0.1)", { inputs })).toBe("a text has no method `at`");
    expect(value('topic.at(shots=5, model="big")', { inputs })).toBe("big at five");
  });

  test("finds only all of the labels, and only of that name", () => {
    for (const source of ['topic.at(model="small")', 'topic.at(shots="5")', 'topic.at(tone="x")', "topic.at()"])
      expect(value(source, { inputs: { ...inputs, "topic{a=1}": inputs.topic } })).not.toBe("another");
    expect(value('topic.at(model="small")', { inputs })).toBe("a text has no method `at`");
    expect(value('topic.of(model="big") is defined', { inputs })).not.toBe(true);
  });

  test("leaves the name itself the value at this address", () => {
    const scope = itemScope(itemOf({ inputs }), paired);
    expect(renderTemplate(parseTemplate('{{ topic }}, {{ topic.at(model="big") }}'), scope)).toBe("plain, big");
  });
});

describe("meta", () => {
  const meta = { topic: { cost: 0.5 }, "topic{model=big}": { cost: 2 }, "triage.topic": { cost: 3 } };
  const inputs = { topic: { type: "string", value: "x" } } as const;

  test("gives the facts of a result, also at labels", () => {
    expect(value("meta(topic).cost", { meta, inputs })).toBe(0.5);
    expect(value('meta(topic.at(model="big")).cost', { meta, inputs })).toBe(2);
    expect(value("meta(other) is defined", { meta, inputs })).toBe(false);
  });
});

describe("results", () => {
  const results = {
    triage: summary([1]),
    "triage.correct": summary([1, 0, 1, 1]),
    "triage.correct{model=big}": summary([0.5, 0.25]),
    empty: summary([]),
    "other{model=big}": summary([7]),
  };

  test("have the aggregates of the numbers there are", () => {
    const of = (numbers: readonly number[]) =>
      ["count", "sum", "mean", "min", "max", "median", "stdev"].map((name) =>
        value(`${name}(topic)`, { results: { topic: summary(numbers) } }),
      );
    expect(of([4, 1, 10])).toEqual([4, 15, 5, 1, 10, 4, Math.sqrt(21)]);
    expect(of([4, 1, 10, 5])).toEqual([5, 20, 5, 1, 10, 4.5, Math.sqrt(14)]);
    expect(of([1, 3])).toEqual([3, 4, 2, 1, 3, 2, Math.SQRT2]);
    expect(of([2])).toEqual([2, 2, 2, 2, 2, 2, null]);
    expect(of([])).toEqual([1, 0, null, null, null, null, null]);
  });

  test("of a column are its sheet's member, and at labels those results", () => {
    expect(value("mean(triage.correct)", { results })).toBe(0.75);
    expect(value('mean(triage.correct.at(model="big"))', { results })).toBe(0.375);
    expect(value("mean(triage)", { results })).toBe(1);
    expect(value('sum(other.at(model="big"))', { results })).toBe(7);
    expect(value('triage.correct.at(model="small") is defined', { results })).toBe(false);
    expect(value('triage.correct.of(model="big") is defined', { results })).not.toBe(true);
  });

  test("of a name stand in an aggregate, and its value at this address everywhere else", () => {
    const inputs = { topic: { type: "number", value: 2 } } as const;
    const read = {
      inputs,
      results: { topic: summary([1, 5]), topical: summary([9]), "other{model=big}": summary([7]) },
    };
    expect(value("mean(topic) - topic", read)).toBe(1);
    expect(value("mean(topic)", { inputs, results: { topical: summary([9]) } })).toMatch(/^`mean`/);
    const given = itemScope(itemOf(read), paired, { topic: [10, 20] });
    expect(evaluate(parseExpression("mean(topic)"), given)).toBe(15);
  });

  test("of a sheet are a table too, where its rows are read", () => {
    const table = {
      columns: [{ name: "text", type: "string", sql: "VARCHAR" }],
      rowCount: 2,
      hash: "t",
      rows: [["a"], ["b"]],
    } as const;
    const read = {
      inputs: { triage: { type: "table", value: table } },
      results: { "triage.correct": summary([1, 0]) },
    } as const;
    expect(value("triage | length", read)).toBe(2);
    expect(value("triage[1].text", read)).toBe("b");
    expect(value("triage.columns", read)).toEqual(["text"]);
    expect(value("mean(triage.correct)", read)).toBe(0.5);
    expect(value("triage.correct is defined", read)).toBe(true);
    expect(value("triage.columns is defined", { results: read.results })).toBe(false);
  });

  test("are compared in pairs, by what the item is given for that", () => {
    expect(value('paired(triage.correct, triage.correct.at(model="big"))', { results })).toEqual({ left: 4, right: 2 });
    expect(value("paired(triage.correct, 1)", { results })).toBe("`paired` compares the results of two columns");
  });

  test("of what is not read are not there", () => {
    for (const name of ["tri", "triage.corr", "nobody"])
      expect(resultsValue(itemOf({ results }), name, paired)).toBeUndefined();
    expect(value("correct is defined", { results })).toBe(false);
  });

  test("carry what they stand for", () => {
    const found = resultsValue(itemOf({ results }), "empty", paired);
    expect(isResultsValue(found) && found[summaryOf]).toBe(results.empty);
    expect([null, 1, {}, resultsValue(itemOf({ results }), "other", paired)].map(isResultsValue)).toEqual([
      false,
      false,
      false,
      false,
    ]);
  });

  test("have no other aggregates, and are no value themselves", () => {
    expect(() => resultsValue(itemOf({ results }), "empty", paired)!.aggregate!("mode")).not.toThrow();
    expect(() => resultsValue(itemOf({ results }), "triage", paired)!.aggregate!("mode")).toThrow("no aggregate mode");
  });
});
