import * as fc from "fast-check";
import { afterAll, describe, expect, test } from "vitest";
import type { Diagnostic } from "#server/notebook/notebook.ts";
import { javascriptReferences } from "#server/notebook/references/javascript-references.ts";
import type { Column, Datum, Table, Value } from "#server/notebook/value.ts";
import { toValue } from "#server/notebook/value.ts";
import type { SheafError } from "#server/notebook/sheaf-error.ts";
import { openSandbox } from "./sandbox.ts";

const reads: { offset: number; limit: number }[] = [];
const sandbox = openSandbox({
  processes: 2,
  limits: { deadline: 3000 },
  rows: async (table, offset, limit) => {
    reads.push({ offset, limit });
    if (table.hash === "broken") throw new Error("the file is gone");
    const width = { wide: 40_000, widest: 3_000_000 }[table.hash] ?? 5;
    return Array.from({ length: Math.min(limit, table.rowCount - offset) }, (_, row) => [
      offset + row,
      "x".repeat(width),
    ]);
  },
});
afterAll(() => sandbox.close());

const run = (source: string, inputs: { readonly [name: string]: Value } = {}): Promise<Datum> =>
  sandbox.javascript({ source, inputs });

const column = (name: string): Column => ({ name, type: "json", sql: "JSON" });

function table(rowCount: number, hash = ""): Value & { type: "table" } {
  return { type: "table", value: { columns: [column("id"), column("text")], rowCount, hash } };
}

function inline(columns: readonly string[], rows: Table["rows"] & object): Value {
  return { type: "table", value: { columns: columns.map(column), rowCount: rows.length, hash: "", rows } };
}

describe("the source is the body of a function", () => {
  test("whose variables are the cells it names and whose return is the value", async () => {
    expect(await run("return `${greeting}, ${name}`", { greeting: toValue("Hello"), name: toValue("you") })).toBe(
      "Hello, you",
    );
    expect(await run("const unused = 1")).toBeNull();
  });

  test("in TypeScript too, with its types removed", async () => {
    const source = "type Point = { x: number };\nconst p = { x: 2 } satisfies Point;\nreturn (p as Point).x + one!";
    expect(await run(source, { one: toValue(1) })).toBe(3);
  });

  test("and JavaScript that TypeScript would read otherwise stays JavaScript", async () => {
    expect(await run("const f = (...all) => all, a = 1, b = 2, c = 0;\nreturn f(a < b, c > (0))")).toEqual([
      true,
      false,
    ]);
  });

  test("that may await what it settles itself", async () => {
    expect(await run("return await Promise.all([1, Promise.resolve(2)])")).toEqual([1, 2]);
    await expect(run("await new Promise(() => {})")).rejects.toMatchObject({ code: "js.pending" });
  });

  test("whose value is there once it returned, whatever it left running", async () => {
    const begun = performance.now();
    expect(await run("(async () => { for (;;) await null; })(); return 1")).toBe(1);
    expect(performance.now() - begun).toBeLessThan(2500);
  });

  test("in which a cell named like a word of the language is no variable", async () => {
    expect(await run("return ok", { class: toValue(1), ok: toValue(2) })).toBe(2);
  });

  test("in which a name with a dot is a member", async () => {
    const inputs = {
      "triage.correct": inline(["score"], [[1], [0]]),
      triage: inline(["id"], [["a"]]),
      "a.b.c": toValue(5),
    };
    expect(await run("return [[...triage].length, [...triage.correct].length, a.b.c]", inputs)).toEqual([1, 2, 5]);
  });

  test("in which nothing but the language is there, and console says nothing", async () => {
    const names =
      "['process', 'require', 'fetch', 'setTimeout', 'WebAssembly', 'std', 'os', 'scriptArgs'].filter((n) => n in globalThis)";
    expect(await run(`console.log('hi'); return ${names}`)).toEqual([]);
  });

  test("whose local time is UTC, whatever the machine's", async () => {
    expect(await run("return new Date(0).getTimezoneOffset()")).toBe(0);
  });

  test("in which at a moment the clock stands still and random numbers begin from a seed", async () => {
    const source = `class Day extends Date {}
      const dates = [new Date(), Date.now(), new Day(), new (new Date(0).constructor)(), Reflect.construct(Date, [])];
      return { dates: dates.map(Number), text: Date(), is: [new Date() instanceof Date, new Day() instanceof Day, Date.UTC(1970, 0, 2)],
        numbers: [Math.random(), Math.random()] }`;
    const at = (clock: number, seed: number): Promise<Datum> =>
      sandbox.javascript({ source, inputs: {}, moment: { clock, seed } });
    const day = 86_400_000;
    const once = await at(day, 7);
    expect(once).toMatchObject({
      dates: [day, day, day, day, day],
      is: [true, true, day],
      text: expect.stringContaining("Jan 02 1970") as string,
    });
    expect(await at(day, 7)).toEqual(once);
    expect((await at(day, 8)) as object).not.toMatchObject({ numbers: (once as { numbers: Datum }).numbers });
    expect(await run("return Date.now()")).toBeGreaterThan(Date.UTC(2026, 0));
  });

  test("in which random numbers from a seed are spread evenly", async () => {
    const source = `const tenths = new Array(10).fill(0);
      for (let count = 0; count < 1e5; count += 1) tenths[Math.floor(Math.random() * 10)] += 1;
      return tenths`;
    for (const seed of [0, 1, 2 ** 32 - 1])
      for (const count of (await sandbox.javascript({ source, inputs: {}, moment: { clock: 0, seed } })) as number[])
        expect(Math.abs(count - 1e4)).toBeLessThan(500);
  });
});

describe("values cross both ways as they are", () => {
  test("integers beyond 2^53, strings with any character, nothing and its absence", async () => {
    expect(await run("return [big * 2n, typeof big]", { big: toValue(2n ** 60n) })).toEqual([2n ** 61n, "bigint"]);
    expect(await run("return { a: undefined, b: null, c: [undefined] }")).toEqual({ b: null, c: [null] });
  });

  test("any datum comes back equal", async () => {
    const datum = fc.letrec<{ any: Datum; leaf: Datum }>((tie) => ({
      leaf: fc.oneof(
        fc.constant(null),
        fc.boolean(),
        fc.bigInt(),
        fc.string({ unit: "binary" }),
        fc.constantFrom("\u0000", "\u0000n1", "\\u0000"),
        fc.double({ noNaN: true, noDefaultInfinity: true }).map((number) => (Object.is(number, -0) ? 0 : number)),
      ),
      any: fc.oneof(
        { depthSize: "small" },
        tie("leaf"),
        fc.array(tie("any"), { maxLength: 5 }),
        fc.dictionary(fc.string(), tie("any"), { maxKeys: 5, noNullPrototype: true }),
      ),
    })).any;
    await fc.assert(
      fc.asyncProperty(fc.array(datum, { minLength: 1, maxLength: 20 }), async (value) => {
        expect(await run("return value", { value: { type: "json", value } })).toStrictEqual(value);
      }),
      { numRuns: 60 },
    );
  });

  test("dates as text, sets, maps and iterators as what they hold", async () => {
    const source = "return [new Date(0), new Set([1, 2]), new Map([['a', 1]]), [1, 2].values(), new Uint8Array(2)]";
    expect(await run(source)).toEqual(["1970-01-01T00:00:00.000Z", [1, 2], { a: 1 }, [1, 2], [0, 0]]);
  });

  test.each([
    ["return { a: [1, 0 / 0] }", "at .a[1] is NaN"],
    ["return { f() {} }", "a function at .f"],
    ["return Symbol('x')", "a symbol"],
    ["const a = {}; a.a = a; return a", "at .a contains itself"],
    ["return [Promise.resolve(1)]", "await it"],
    ["let a = []; for (let i = 0; i < 1000; i++) a = [a]; return a", "nested more than"],
    ["return 'x'.repeat(9e6)", "at most 8388608 can leave"],
  ])("what is no value says so and where: %s", async (source, message) => {
    await expect(run(source)).rejects.toMatchObject({ code: "js.result", message: expect.stringContaining(message) });
  });

  test("too big an input or source is told before anything runs", async () => {
    await expect(run("return 1", { big: toValue("x".repeat(9e6)) })).rejects.toMatchObject({ code: "js.input" });
    await expect(run(" ".repeat(2e6))).rejects.toMatchObject({ code: "js.source" });
  });

  test("messages, scores and files are objects", async () => {
    const inputs: { [name: string]: Value } = {
      history: { type: "messages", value: [{ role: "user", content: "hi" }] },
      verdict: { type: "score", value: { score: 1, pass: true, reason: "equal" } },
    };
    expect(await run("return [history[0].content, verdict.reason]", inputs)).toEqual(["hi", "equal"]);
  });
});

describe("a table is an iterator of row objects", () => {
  test("as often as it is asked, with an iterator's methods", async () => {
    const rows = inline(
      ["name", "__proto__"],
      [
        ["a", 1n],
        ["b", "\u0000n7"],
      ],
    );
    expect(
      await run("return [[...rows], rows.map((row) => row.name).toArray(), rows.take(1).toArray()]", { rows }),
    ).toEqual([
      [JSON.parse('{"name":"a","__proto__":0}'), JSON.parse('{"name":"b","__proto__":"x"}')].map((row, index) =>
        Object.defineProperty(row, "__proto__", { value: [1n, "\u0000n7"][index] }),
      ),
      ["a", "b"],
      [Object.defineProperty(JSON.parse('{"name":"a","__proto__":0}'), "__proto__", { value: 1n })],
    ]);
    expect(
      await run("const { value } = rows.next(); return [value.name, rows.next().value.name, rows.next().done]", {
        rows,
      }),
    ).toEqual(["a", "b", true]);
  });

  test("and no list: its rows have no places, and it no length, which is said with what has them", async () => {
    const rows = inline(["name"], [["a"], ["b"]]);
    const needs = async (source: string): Promise<unknown> =>
      run(source, { rows }).catch(({ message, position }: SheafError) => [message, position?.line]);
    expect(await needs("const one = 1\nreturn rows[one].name")).toEqual([
      "TypeError: a table is an iterator of rows and has no `[1]`: take `[...table][1]`",
      2,
    ]);
    expect(await needs("return rows.length > 0")).toEqual([
      "TypeError: a table is an iterator of rows and has no `length`: take `[...table].length`",
      1,
    ]);
    expect(
      await needs(
        "return [[...rows][0].name, [...rows].length, rows.nothing ?? null, `${rows}`, Array.from(rows).length]",
      ),
    ).toEqual(["a", 2, null, "[object Object]", 2]);
  });

  test("whose rows are read by pages that grow, and only as far as they are used", async () => {
    reads.length = 0;
    expect(await run("for (const row of rows) if (row.id === 150) return row", { rows: table(1_000_000) })).toEqual({
      id: 150,
      text: "xxxxx",
    });
    expect(reads).toEqual([
      { offset: 0, limit: 10 },
      { offset: 10, limit: 40 },
      { offset: 50, limit: 160 },
    ]);
    reads.length = 0;
    expect(await run("let sum = 0; for (const row of rows) sum += row.id; return sum", { rows: table(50_000) })).toBe(
      1_249_975_000,
    );
    expect(reads.length).toBeLessThan(12);
  });

  test("whose wide rows come in small pages", async () => {
    reads.length = 0;
    expect(await run("return rows.reduce((sum, row) => sum + row.text.length, 0)", { rows: table(300, "wide") })).toBe(
      12_000_000,
    );
    expect(Math.min(...reads.map((read) => read.limit))).toBeLessThan(30);
  });

  test("whose widest rows, of megabytes, come one by one", async () => {
    const source = "let sum = 0; for (const row of rows) { sum += row.text.length; if (row.id === 2) return sum; }";
    expect(await run(source, { rows: table(300, "widest") })).toBe(9_000_000);
  });

  test("whose rows that cannot be read are an error of the cell, with the reader's words", async () => {
    await expect(run("try { [...rows] } catch {} return 1", { rows: table(10, "broken") })).rejects.toThrow(
      "the file is gone",
    );
    expect(await run("return 1")).toBe(1);
  });
});

describe("what the code throws has its place in the source", () => {
  test.each([
    ["const x = 1;\nreturn x.a.b", "TypeError", 2, 11],
    ["throw new Error('no')", "Error: no", 1, 16],
    ["const f = () => {\n  null.x;\n};\nreturn [1].map(f)", "TypeError", 2, 7],
    ["const '😀' = = 1", "", 1, 7],
    ["/* 😀 */ null.x", "TypeError", 1, 14],
    ["const n: number = 1;\nnull.x", "TypeError", 2, 5],
  ])("%s", async (source, message, line, column) => {
    const error = await run(source).catch((error: unknown) => error);
    expect(error).toMatchObject({ message: expect.stringContaining(message), position: { line, column } });
  });

  test.each([
    ["return (", "js.syntax", 2],
    ["const x: number = 1;\nlet y = = 2", "js.syntax", 2],
    ["let y = 1;\nlet z = = 2", "js.syntax", 2],
    ["let y = 1;\nenum Kind { A }", "js.typescript", 2],
    ["import x from 'y'", "js.syntax", 1],
  ])("a syntax error too: %s", async (source, code, line) => {
    await expect(run(source)).rejects.toMatchObject({
      code,
      position: { line: Math.min(line, source.split("\n").length) },
    });
  });

  test.each([
    "return {",
    "return a +",
    "let x = 1;\nlet x = 2;",
    "return `abc",
    "for (const a of b",
    "import x from 'y'",
  ])("a syntax error has the words and the place that reading the code gives it: %s", async (source) => {
    const [{ message, position, cure }] = javascriptReferences(source).problems as [Diagnostic];
    await expect(run(source)).rejects.toMatchObject({ code: "js.syntax", message, position, cure });
  });

  test.each(["GPU out of memory", "that BigInt is too large for the column"])(
    "an error that speaks of memory is its own: %s",
    async (message) => {
      await expect(run(`throw new Error("${message}")`)).rejects.toMatchObject({
        code: "js.error",
        message: `Error: ${message}`,
      });
    },
  );

  test.each(["throw new Error('x'.repeat(5e6))", "throw 'x'.repeat(5e6)"])(
    "an error of megabytes is its beginning: %s",
    async (source) => {
      await expect(run(source)).rejects.toMatchObject({
        code: "js.error",
        message: expect.stringMatching(/^(Error|thrown): x{9000,10000}…$/),
      });
    },
  );

  test("what is thrown and no error is shown", async () => {
    await expect(run("throw { status: 3 }")).rejects.toMatchObject({
      code: "js.error",
      message: 'thrown: {"status":3}',
    });
  });
});

describe("calls stand apart", () => {
  test("nothing of one is left for the next", async () => {
    const source =
      "const seen = globalThis.left ?? [].left ?? null; globalThis.left = Array.prototype.left = 1; JSON.parse = null; return seen";
    const alone = openSandbox({ processes: 1 });
    try {
      for (let time = 0; time < 3; time += 1) expect(await alone.javascript({ source, inputs: {} })).toBeNull();
    } finally {
      await alone.close();
    }
  });

  test("more calls than processes wait for their turn, and waiting is no part of their deadline", async () => {
    const hurried = openSandbox({ processes: 2, limits: { deadline: 1500 } });
    try {
      const slow = "const end = Date.now() + 400; while (Date.now() < end); return n";
      const answers = Array.from({ length: 8 }, (_, n) =>
        hurried.javascript({ source: slow, inputs: { n: toValue(n) } }),
      );
      expect(await Promise.all(answers)).toEqual([0, 1, 2, 3, 4, 5, 6, 7]);
    } finally {
      await hurried.close();
    }
  });

  test.each([
    ["its time ends", "[...rows]", false],
    ["it is cancelled", "[...rows]", true],
    ["its process is killed", "try { rows.next() } catch {} new Array(2e9).join('xx')", false],
  ])("rows that come for one after %s never reach the next", async (_when, source, cancels) => {
    let come!: () => void;
    const late = new Promise<void>((resolve) => (come = resolve));
    const abort = new AbortController();
    const asked: string[] = [];
    const alone = openSandbox({
      processes: 1,
      limits: { deadline: 500 },
      rows: async ({ hash, rowCount }) => {
        asked.push(hash);
        // The rows of the first are there once the second waits for its own.
        if (hash === "first") {
          if (cancels) abort.abort(new Error("enough"));
          await late;
        } else if (asked.filter((each) => each === hash).length === 1) {
          come();
          await new Promise((resolve) => setTimeout(resolve, 100));
        }
        return Array.from({ length: rowCount }, (_, row) => [`${hash} ${row}`, ""]);
      },
    });
    try {
      await alone.javascript({ source: "return 1", inputs: {} });
      const first = alone.javascript({ source, inputs: { rows: table(3, "first") }, signal: abort.signal });
      await expect(first).rejects.toThrow();
      expect(asked).toEqual(["first"]);
      const next = { source: "return [...rows].map((row) => row.id)", inputs: { rows: table(3, "second") } };
      for (let time = 0; time < 2; time += 1)
        expect(await alone.javascript(next)).toEqual(["second 0", "second 1", "second 2"]);
    } finally {
      await alone.close();
    }
  });

  test("a cancelled one ends at once and leaves its process to the next", async () => {
    const alone = openSandbox({ processes: 1, limits: { deadline: 3000 } });
    try {
      await alone.javascript({ source: "return 1", inputs: {} });
      const abort = new AbortController();
      const endless = alone.javascript({ source: "for (;;);", inputs: {}, signal: abort.signal });
      const queued = alone.javascript({ source: "return 1", inputs: {}, signal: abort.signal });
      setTimeout(() => abort.abort(new Error("enough")), 50);
      await expect(endless).rejects.toThrow("enough");
      await expect(queued).rejects.toThrow("enough");
      const begun = performance.now();
      expect(await alone.javascript({ source: "return 2", inputs: {} })).toBe(2);
      expect(performance.now() - begun).toBeLessThan(1000);
    } finally {
      await alone.close();
    }
  });
});
