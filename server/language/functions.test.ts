import { describe, expect, test } from "vitest";
import { fault, text, value } from "./__fixtures__/evaluated.ts";
import { hostFunction, hostValue, skipped, type HostValue } from "./index.ts";

describe("aggregates", () => {
  const aggregates = ["mean", "sum", "min", "max", "count", "median", "stdev"];
  const over = (list: string, values = {}) => aggregates.map((name) => value(`${name}(${list})`, values));

  test("leave null out", () => {
    expect(over("[4, none, 1, 3]")).toEqual([8 / 3, 8, 1, 4, 3, 3, Math.sqrt(7 / 3)]);
    expect(over("[2, 4]")).toEqual([3, 6, 2, 4, 2, 3, Math.SQRT2]);
    expect(over("[5]")).toEqual([5, 5, 5, 5, 1, 5, null]);
    expect(over("[true, false, true, true]")).toEqual([0.75, 3, false, true, 4, 1, 0.5]);
  });

  test("of nothing are null, but sum and count", () => {
    expect(over("[]")).toEqual([null, 0, null, null, 0, null, null]);
    expect(over("[none]")).toEqual([null, 0, null, null, 0, null, null]);
  });

  test("take several arguments as the list", () => {
    expect(over("3, 1, none, 2")).toEqual([2, 6, 1, 3, 3, 2, 1]);
    expect(value("max('b', 'a')")).toBe("b");
  });

  test("are exact for large integers and steady for numbers far from zero", () => {
    expect(value("sum([9007199254740991, 2])")).toBe(9007199254740993n);
    expect(value("median([2 ** 70, 1, 2 ** 71])")).toBe(2n ** 70n);
    expect(value("stdev([1000000001, 1000000002, 1000000003])")).toBe(1);
    expect(value("mean([2 ** 70])")).toBe(2 ** 70);
  });

  test("say what they need", () => {
    expect(fault("mean()")).toBe("type 1:1+6 `mean` needs a list");
    expect(fault("mean(5)")).toBe("type 1:1+7 `mean` needs a list and got a number");
    expect(fault("count('abc')")).toBe("type 1:1+12 `count` needs a list and got a text");
    expect(fault("mean(none)")).toBe(
      "type 1:1+10 null has no elements → `… or []` takes an empty list instead of null.",
    );
    expect(fault("mean([1, 'a'])")).toBe("type 1:1+14 `mean` needs numbers and got a text");
    expect(fault("sum(list=[1])")).toBe("type 1:1+13 `sum` has no argument `list`");
    expect(fault("mean(xs)", { xs: [1, skipped] })).toContain("skipped 1:1+8 this was skipped");
    expect(fault("count(xs)", { xs: [1, skipped] })).toContain("skipped 1:1+9 this was skipped");
  });

  test("are numbers that can be computed with", () => {
    const beyond = "the result is no number that can be computed with";
    expect(fault("mean([1e308, 1e308])")).toBe(`value 1:1+20 ${beyond}`);
    expect(fault("median([1e308, 1e308])")).toBe(`value 1:1+22 ${beyond}`);
    expect(fault("stdev([-1e308, 1e308])")).toBe(`value 1:1+22 ${beyond}`);
    expect(fault("sum([1e308, 1e308])")).toBe(`value 1:1+19 ${beyond}`);
  });

  test("are left to a host value that has them", () => {
    const asked: string[] = [];
    const results: HostValue = {
      [hostValue]: true,
      kind: "results",
      aggregate: (name) => {
        asked.push(name);
        return 0.5;
      },
    };
    expect(over("results", { results })).toEqual(Array(7).fill(0.5));
    expect(asked).toEqual(aggregates);
    const rows: HostValue = { [hostValue]: true, kind: "table", iterate: () => [1, 2, 3] };
    expect(value("mean(rows) + (rows | sum)", { rows })).toBe(8);
    expect(value("results | sum", { results })).toBe(0.5);
  });
});

describe("first, range, dict and namespace", () => {
  test("first takes the first argument that is there", () => {
    expect(value("first(missing, a.b.c, none, gone, 0, 5)", { a: {}, gone: skipped })).toBe(0);
    expect(value("first(missing)")).toBe(null);
    expect(value("first()")).toBe(null);
    expect(fault("first(missing | upper, 1)")).toBe("undefined 1:7+7 `missing` is not defined");
    expect(fault("first(a=1)")).toBe("type 1:1+10 `first` has no argument `a`");
  });

  test("range counts", () => {
    expect(value("range(3)")).toEqual([0, 1, 2]);
    expect(value("range(1, 4)")).toEqual([1, 2, 3]);
    expect(value("range(5, 0, -2)")).toEqual([5, 3, 1]);
    expect(value("range(0, 5, step=2)")).toEqual([0, 2, 4]);
    expect(value("range(3, 1)")).toEqual([]);
    expect(value("range(-1)")).toEqual([]);
    expect(fault("range(0, 1, 0)")).toBe("value 1:1+14 `range` cannot go in steps of 0");
    expect(fault("range(5, none)")).toBe("type 1:1+14 `stop` must be a whole number, not null");
    expect(fault("range('a')")).toBe("type 1:1+10 `stop` must be a whole number, not a text");
    expect(fault("range()")).toBe("type 1:1+7 `range` needs its argument `start`");
    expect(fault("range(1, 2, 3, 4)")).toBe("type 1:1+17 `range` takes at most 3, not 4");
  });

  test("dict and namespace take named arguments", () => {
    expect(value("dict(a=1, b=[2])")).toEqual({ a: 1, b: [2] });
    expect(fault("dict([1])")).toBe('type 1:1+9 `dict` takes named arguments only → Write `{"a": 1}`.');
    expect(fault("namespace(1)")).toBe("type 1:1+12 `namespace` takes named arguments only");
    expect(value("namespace(a=1).a")).toBe(1);
  });

  test("a function is meant only where a name is called, so a cell can have its name", () => {
    expect(value("count + count([1, 1])", { count: 40 })).toBe(42);
    expect(text("{% macro range(n) %}r{{ n }}{% endmacro %}{{ range(2) }}")).toBe("r2");
  });
});

describe("functions of the host", () => {
  test("get their arguments by place and by name, and give a value", () => {
    const pair = hostFunction("pair", (positional, named) => [...positional, named["level"] ?? null]);
    expect(value("pair(1, 'a', level=0.9)", { pair })).toEqual([1, "a", 0.9]);
    expect(value("1 + tools.pair(2)[0]", { tools: { pair } })).toBe(3);
    expect(value("pair is callable", { pair })).toBe(true);
  });

  test("may give nothing or fail, at their place", () => {
    const nothing = hostFunction("nothing", () => undefined);
    expect(fault("1 + nothing(2)", { nothing })).toBe("undefined 1:5+10 `nothing(2)` gives nothing");
    expect(value("nothing(2) | default('d')", { nothing })).toBe("d");
    const failing = hostFunction("failing", () => {
      throw Object.assign(new Error("no such table"), { code: "sql.missing", cure: "Import it." });
    });
    expect(fault("1 + failing()", { failing })).toBe("sql.missing 1:5+9 no such table → Import it.");
    const defect = hostFunction("defect", () => {
      throw new TypeError("a defect");
    });
    expect(() => value("defect()", { defect })).toThrow(new TypeError("a defect"));
  });

  test("are the only values that can be called", () => {
    expect(fault("x(1)", { x: 5 })).toBe("type 1:1+4 `x` is a number and cannot be called");
    expect(fault("'a'(1)")).toBe("type 1:1+6 `'a'` is a text and cannot be called");
    expect(fault("f ~ ''", { f: hostFunction("f", () => 1) })).toBe(
      "type 1:1+6 a function has no text → Print one of its members, or a count of them.",
    );
  });
});

describe("meta", () => {
  test("gives the facts of a name without reading it", () => {
    const meta = hostFunction("meta", ([path], at) => ({ path: path!, at: { ...at }, cost: 2 }));
    expect(value("meta(topic).cost", { meta })).toBe(2);
    expect(value("meta(triage.correct).path", { meta })).toBe("triage.correct");
    expect(value("meta(triage.correct.at(model='big', shots=0.50)).at", { meta })).toEqual({
      model: "big",
      shots: "0.50",
    });
    expect(
      value("meta(topic).cost + meta(triage.correct).cost", {
        meta: { topic: { cost: 1 }, "triage.correct": { cost: 2 } },
      }),
    ).toBe(3);
    expect(fault("meta(topic.at(model='big')).cost", { meta: { topic: { cost: 1 } } })).toBe(
      "type 1:1+27 the facts of results are not known by their labels here → Leave `.at(…)` out.",
    );
    expect(fault("meta(topic).cst", { meta: { topic: { cost: 1 } } })).toBe(
      "undefined 1:13+3 `meta(topic)` has no `cst`; did you mean `cost`?",
    );
    expect(fault("meta(other).cost", { meta: {} })).toBe("undefined 1:1+11 `meta(other)` gives nothing");
  });

  test("takes a name and nothing else", () => {
    const cure = "`meta` takes the name of a cell → Write `meta(topic).cost`.";
    expect(fault("meta('a')")).toBe(`syntax 1:1+9 ${cure}`);
    expect(fault("meta(a[0])")).toBe(`syntax 1:1+10 ${cure}`);
    expect(fault("meta(a, b)")).toBe(`syntax 1:1+10 ${cure}`);
    expect(fault("meta(name=a)")).toBe(`syntax 1:1+12 ${cure}`);
    expect(fault("meta(a.upper())")).toBe(`syntax 1:1+15 ${cure}`);
    expect(text("{% macro meta(x) %}{{ x }}{% endmacro %}{{ meta(1) }}")).toBe("1");
  });
});
