import * as fc from "fast-check";
import { afterAll, describe, expect, test } from "vitest";
import { openSandbox } from "#server/sandbox/sandbox.ts";
import type { Datum } from "#server/notebook/value.ts";
import { parseCheck, runCheck } from "../check.ts";
import { scorers } from "./index.ts";

const sandbox = openSandbox({ processes: 1, limits: { deadline: 500 } });
afterAll(() => sandbox.close());

/** A vector a text: letters' counts, so that equal texts are near and others are not. */
const embed = async (texts: readonly string[]): Promise<Float32Array[]> =>
  texts.map((text) => {
    const vector = new Float32Array(26);
    for (const letter of text) if (/[a-z]/.test(letter)) vector[letter.charCodeAt(0) - 97]! += 1;
    return vector;
  });

const effects = { embed, javascript: sandbox.javascript };

const judge = (check: unknown, output: Datum, expected?: Datum) =>
  runCheck(parseCheck(check), { output, expected, effects });

const passes = async (check: unknown, output: Datum, expected?: Datum): Promise<boolean | null> =>
  (await judge(check, output, expected)).pass;

describe("every scorer", () => {
  test.each(scorers.filter((scorer) => scorer.name !== "code").map((scorer) => scorer.name))(
    "%s gives null, not 0, where nothing is expected, negated too",
    async (name) => {
      for (const expected of [undefined, null]) {
        expect(await judge(name, "anything", expected)).toMatchObject({ score: null, pass: null });
        expect(await judge(`not-${name}`, "anything", expected)).toMatchObject({ score: null, pass: null });
      }
      expect(await judge({ [name]: null }, "anything", "anything")).toMatchObject({ score: null, pass: null });
    },
  );

  test.each(["contains", "regex", "similarity", "code"])("%s refuses options it does not know", async (name) => {
    await expect(judge({ [name]: { value: "x", colour: "red" } }, "x")).rejects.toMatchObject({
      code: "score.options",
      message: expect.stringContaining("colour"),
    });
  });

  test("refuses a value of another type", async () => {
    await expect(judge({ regex: ["a"] }, "x")).rejects.toMatchObject({ code: "score.options" });
    const said = (check: Datum): Promise<unknown> => judge(check, "x").catch(({ message }: Error) => message);
    expect(await said({ similarity: { value: "a", modle: "b" } })).toBe("similarity: has no setting `modle`");
    expect(await said({ similarity: { value: "a", model: 3 } })).toBe("similarity: `model` must be a text, not 3");
    expect(await said({ regex: ["a"] })).toMatch(/^regex: must be a text/);
  });

  test("that needs an effect says so where it is not there", async () => {
    const check = parseCheck("similarity");
    await expect(runCheck(check, { output: "a", expected: "a" })).rejects.toMatchObject({ code: "score.effect" });
  });

  test("gives a score in 0…1 and a reason with the values", async () => {
    const verdict = await judge("equals", "no", "yes");
    expect(verdict).toEqual({ score: 0, pass: false, reason: '"no" does not equal "yes"' });
  });
});

describe("equals", () => {
  test("compares texts, without the space around them", async () => {
    expect(await passes("equals", " card_arrival\n", "card_arrival")).toBe(true);
    expect(await passes("equals", "Card_arrival", "card_arrival")).toBe(false);
    expect(await passes({ equals: { exact: true } }, "yes ", "yes")).toBe(false);
    expect(await passes({ equals: { ignore_case: true } }, "YES", "yes")).toBe(true);
  });

  test("compares with what stands behind it before what is expected", async () => {
    expect(await passes({ equals: "b" }, "b", "a")).toBe(true);
    expect(await passes({ equals: { value: "B", ignore_case: true } }, "b", "a")).toBe(true);
  });

  test("compares numbers and truths as the texts they are", async () => {
    expect(await passes("equals", "5", 5)).toBe(true);
    expect(await passes("equals", 5, "5")).toBe(true);
    expect(await passes("equals", "true", true)).toBe(true);
    expect(await passes("equals", 5n, 5)).toBe(true);
    expect(await passes("equals", "", "")).toBe(true);
  });

  test("compares lists and objects as JSON", async () => {
    expect(await passes("equals", '{ "b": [2], "a": 1.0 }', { a: 1, b: [2] })).toBe(true);
    expect(await passes({ equals: { a: 1 } }, '{"a":2}')).toBe(false);
    expect(await passes("equals", "no json", [1])).toBe(false);
    expect(await passes({ equals: { value: ["A", { b: "C" }], ignore_case: true } }, '["a", {"b": "c"}]')).toBe(true);
    expect(await passes({ equals: { value: ["A"], ignore_case: true } }, '["b"]')).toBe(false);
    expect(await passes({ equals: { value: { A: 1 }, ignore_case: true } }, '{"a":1}')).toBe(false);
    expect(await passes({ equals: { value: ["A"] } }, '["a"]')).toBe(false);
  });
});

describe("contains", () => {
  test("looks for a text, each of a list, any of a list", async () => {
    expect(await passes({ contains: "refund" }, "Your refund is on its way")).toBe(true);
    expect(await passes({ contains: ["refund", "way"] }, "Your refund is on its way")).toBe(true);
    expect(await judge({ contains: ["refund", "late"] }, "Your refund")).toMatchObject({
      score: 0,
      reason: '"Your refund" does not contain "late"',
    });
    expect(await passes({ contains: { any: ["late", "refund"] } }, "Your refund")).toBe(true);
    expect(await passes({ contains: { any: ["late"], all: ["refund"] } }, "Your refund")).toBe(false);
  });

  test("minds case unless told not to", async () => {
    expect(await passes({ contains: "REFUND" }, "refund")).toBe(false);
    expect(await passes({ contains: { value: "REFUND", ignore_case: true } }, "refund")).toBe(true);
  });

  test("alone looks for the expected text, which cannot be scored where it is empty", async () => {
    expect(await passes("contains", "a b", "b")).toBe(true);
    expect(await judge("contains", "a b", "")).toMatchObject({ score: null });
    expect(await judge({ contains: ["", null] }, "a b")).toMatchObject({ score: null });
  });

  test("looks into JSON as its text, and takes no comma for a list", async () => {
    expect(await passes({ contains: '"a":1' }, { a: 1 })).toBe(true);
    expect(await passes({ contains: "cat,dog" }, "a cat and a dog")).toBe(false);
  });
});

describe("regex", () => {
  test("matches anywhere in the output", async () => {
    expect(await passes({ regex: "^[A-Z].*\\.$" }, "The cat sat.")).toBe(true);
    expect(await passes({ regex: "^[A-Z].*\\.$" }, "the cat sat")).toBe(false);
    expect(await passes({ regex: { value: "REFUND(ED)?", ignore_case: true } }, "a refund")).toBe(true);
    expect(await passes("regex", "order 123", "\\d{3}")).toBe(true);
  });

  test("takes linear time where backtracking would take for ever", async () => {
    const begun = performance.now();
    expect(await passes({ regex: "(a+)+$" }, `${"a".repeat(100_000)}b`)).toBe(false);
    expect(performance.now() - begun).toBeLessThan(2000);
  });

  test("runs look-around and back-references in the sandbox, with its time limit", async () => {
    expect(await passes({ regex: "^(?!.*sorry)" }, "fine")).toBe(true);
    expect(await passes({ regex: "^(?!.*sorry)" }, "so sorry")).toBe(false);
    expect(await passes({ regex: "(\\w)\\1" }, "book")).toBe(true);
    await expect(judge({ regex: "(?=a)(a+)+$" }, `${"a".repeat(40)}b`)).rejects.toMatchObject({ code: "js.timeout" });
  });

  test("that is none is an error, negated too, and no failed case", async () => {
    await expect(judge({ regex: "(" }, "x")).rejects.toMatchObject({
      code: "score.regex",
      message: expect.stringContaining("missing closing )"),
    });
    await expect(judge({ "not-regex": "(" }, "x")).rejects.toMatchObject({ code: "score.regex" });
    for (const pattern of ["(?=a", "a{3,2}", String.raw`(?=a)\pN`, "(?=a)[[:alpha:]]"])
      await expect(judge({ regex: pattern }, "a")).rejects.toMatchObject({ code: "score.regex" });
  });

  test("may count further than a thousand", async () => {
    expect(await passes({ regex: "^.{1,2000}$" }, "abc")).toBe(true);
    expect(await passes({ regex: "^.{1,2000}$" }, "a".repeat(2001))).toBe(false);
    expect(await passes({ regex: { value: "^A{1500}$", ignore_case: true } }, "a".repeat(1500))).toBe(true);
  });

  test.each([
    [String.raw`^\p{Lu}`, "Abc"],
    ["^.$", "😀"],
    [String.raw`a\sb`, "a\u00a0b"],
    [String.raw`a[\s,]b`, "a\u2003b"],
    [String.raw`^[\s-]+$`, "\v- \u00a0"],
    [String.raw`^[^\s-z]+$`, "abc"],
    [String.raw`^\S+$`, "a😀\u200b"],
    [String.raw`^[\S\t]+$`, "a\tb"],
    [String.raw`\\s`, "\\s"],
    [String.raw`^[:alpha:]\s$`, "a\u00a0"],
    ["(?i)abc", "ABC"],
    ["(?is)^a.c$", "A\nC"],
    [String.raw`\Aa\-b\_c\z`, "a-b_c"],
    ["(?P<first>a)", "a"],
    [String.raw`^\x{41}\x42$`, "AB"],
    [String.raw`^[\x{41}-\x{43}\x{1F600}]+$`, "B😀"],
    [String.raw`^\\x{2}$`, "\\xx"],
    [String.raw`^\x{2,}$`, "xx"],
    ["^{.*}$", "{😀}"],
  ])("means the same with look-around beside it as without: /%s/ matches %j", async (pattern, output) => {
    expect(await passes({ regex: pattern }, output)).toBe(true);
    const beside = pattern.replace(/^(\(\?[a-z]+\))?/, "$1(?!no)(?<!no)");
    expect(await passes({ regex: beside }, output)).toBe(true);
  });

  test.each([
    [String.raw`a\Sb`, "a\u00a0b"],
    [String.raw`^[^\s]+$`, "a\u3000b"],
    [String.raw`[\S]`, "\u00a0\ufeff"],
    [String.raw`a\z`, "az"],
  ])("means the same with look-around beside it as without: /%s/ does not match %j", async (pattern, output) => {
    expect(await passes({ regex: pattern }, output)).toBe(false);
    expect(await passes({ regex: `(?!no)${pattern}` }, output)).toBe(false);
  });

  test.each([
    [String.raw`^[[:alpha:]\s]+$`, "ab\u00a0cd"],
    [String.raw`^[[:digit:],\S]+$`, "1a"],
    [String.raw`^[\w[:space:]\s.-]+$`, "a b.c-"],
    [String.raw`^[^[:alpha:]\s]+\s$`, "12\u00a0"],
  ])("knows POSIX's classes, white space beside them too: /%s/ matches %j", async (pattern, output) => {
    expect(await passes({ regex: pattern }, output)).toBe(true);
  });

  test("agrees with JavaScript on patterns both know", async () => {
    const pattern = fc.stringMatching(/^\^?(?:[a-c]|\.|\[ab\]|\[\^a\]|\(a\|b\)|\\d)[*+?]?(?:[a-c1]|\\w)?\$?$/);
    await fc.assert(
      fc.asyncProperty(pattern, fc.stringMatching(/^[a-d12 \n]{0,8}$/), async (source, output) => {
        expect(await passes({ regex: source }, output)).toBe(new RegExp(source).test(output));
      }),
    );
  });
});

describe("json-equal", () => {
  test("minds values and not the order of keys or the spelling of numbers", async () => {
    expect(await passes("json-equal", '{"b": 1e1, "a": [true, null]}', '{"a":[true,null],"b":10}')).toBe(true);
    expect(await passes("json-equal", { n: 9007199254740993n }, '{"n":9007199254740993}')).toBe(true);
    expect(await passes("json-equal", '{"n":-41491130965953610}', { n: -41491130965953610 })).toBe(true);
    expect(await passes("json-equal", '{"n":9007199254740992}', '{"n":9007199254740993}')).toBe(false);
  });

  test("says where they differ", async () => {
    const verdict = await judge(
      "json-equal",
      '{"items":[{"price":3}],"x":1,"y z":2}',
      '{"items":[{"price":4},5],"w":0}',
    );
    expect(verdict).toMatchObject({
      score: 0,
      reason:
        ".items[0].price is 3 instead of 4; .items has 1 items instead of 2; .w is missing and 2 more differences",
    });
  });

  test("with subset allows more than is expected", async () => {
    expect(await passes({ "json-equal": { subset: true } }, '{"a":1,"b":2}', { a: 1 })).toBe(true);
    expect(await passes({ "json-equal": { value: { a: 1 } } }, '{"a":1,"b":2}')).toBe(false);
  });

  test("an output that is no JSON fails; an expected value that is none is an error", async () => {
    expect(await judge("json-equal", "```json\n{}\n```", "{}")).toMatchObject({
      score: 0,
      reason: expect.stringContaining("is no JSON"),
    });
    await expect(judge("json-equal", "{}", "{")).rejects.toMatchObject({ code: "score.json" });
  });

  test("holds for any JSON and itself, in another order of keys", async () => {
    const reversed = (value: unknown): unknown => {
      if (Array.isArray(value)) return value.map(reversed);
      if (typeof value !== "object" || value === null) return value;
      return Object.fromEntries(
        Object.entries(value)
          .toReversed()
          .map(([key, member]) => [key, reversed(member)]),
      );
    };
    await fc.assert(
      fc.asyncProperty(fc.jsonValue(), async (value) => {
        const output = JSON.stringify([reversed(value)]);
        expect(await judge({ "json-equal": { value: [value as Datum] } }, output)).toMatchObject({ score: 1 });
        expect(await judge({ "json-equal": { value: [value as Datum, 1] } }, output)).toMatchObject({ score: 0 });
      }),
    );
  });
});

describe("similarity", () => {
  test("is the cosine, from 0.75 on a pass", async () => {
    expect(await judge("similarity", "abc", "cab")).toMatchObject({ score: 1, pass: true });
    expect(await judge("similarity", "aaab", "aab")).toMatchObject({ pass: true });
    expect(await judge("similarity", "abc", "xyz")).toMatchObject({ score: 0, pass: false });
    const { score } = await judge("similarity", "ab", "a");
    expect(score).toBeCloseTo(Math.SQRT1_2, 6);
    expect(await passes({ similarity: null, threshold: 0.7 }, "ab", "a")).toBeNull();
    expect(await passes({ similarity: { value: "a" }, threshold: 0.7 }, "ab")).toBe(true);
  });

  test("is the nearest of several, and 0 where a text has no direction", async () => {
    expect(await judge({ similarity: ["xyz", "abc"] }, "abc")).toMatchObject({
      score: 1,
      reason: expect.stringContaining('"abc"'),
    });
    expect(await judge("similarity", "", "abc")).toMatchObject({ score: 0 });
  });

  test.each([
    ["similarity", "b"],
    ["similarity", ["b", "c"]],
    ["similarity", null],
    [{ similarity: ["b", null, "c"] }, "d"],
    [{ similarity: { model: "m" } }, ["b"]],
  ])("says before what it embeds: %j beside %j", async (written, expected) => {
    const embedded: unknown[] = [];
    const { scorer, options } = parseCheck(written);
    const example = { output: "a", expected, options };
    const vectors = async (texts: readonly string[], model: string | undefined) => {
      embedded.push({ texts, model });
      return embed(texts);
    };
    await scorer.score({ ...example, effects: { embed: vectors } });
    expect([scorer.embeds!(example)].filter((one) => one !== null)).toEqual(embedded);
  });
});

describe("code", () => {
  test("says true or false, a number, null, or all of it", async () => {
    expect(await judge({ code: "output.length < 3" }, "ab")).toMatchObject({ score: 1, pass: true });
    expect(await judge({ code: "output === expected" }, "ab", "b")).toMatchObject({ score: 0, pass: false });
    expect(await judge({ code: "0.7" }, "")).toMatchObject({ score: 0.7, pass: true });
    expect(await judge({ code: "0.7", threshold: 0.8 }, "")).toMatchObject({ score: 0.7, pass: false });
    expect(await judge({ code: "1 - 0.9", threshold: 0.1 }, "")).toMatchObject({ pass: true });
    expect(await judge({ code: "null" }, "")).toMatchObject({ score: null, pass: null });
    expect(await judge({ code: "return { score: 0.9, pass: false, reason: 'rude' }" }, "")).toEqual({
      score: 0.9,
      pass: false,
      reason: "rude",
    });
    expect(await judge({ code: "return { pass: true }" }, "")).toMatchObject({ score: 1, pass: true });
  });

  test("that says anything else is an error with a cure", async () => {
    await expect(judge({ code: "'yes'" }, "")).rejects.toMatchObject({
      code: "score.code",
      cure: expect.stringContaining("true, false"),
    });
    await expect(judge({ code: "7" }, "")).rejects.toMatchObject({ code: "score.range" });
  });

  test("without return is an expression, whatever its texts hold; statements are a syntax error", async () => {
    expect(await passes({ code: 'output.includes(";")' }, "a;b")).toBe(true);
    expect(await passes({ code: 'output.includes("return")' }, "please return it")).toBe(true);
    await expect(judge({ code: "const s = output; s === 'x'" }, "x")).rejects.toMatchObject({
      code: "js.syntax",
      cure: expect.stringContaining("return"),
      position: { line: 1 },
    });
  });

  test.each([
    ["a text", "output.includes('return')", "no return"],
    ["a comment", "output.length < 9 // or return null", "short"],
    ["a function inside", "output.split(' ').every(word => { return word.length < 9 })", "a b"],
    [
      "a function inside, in TypeScript",
      "(output as string).split(' ').every((word: string) => { return true })",
      "a b",
    ],
  ])("with `return` in %s alone is an expression still", async (_, source, output) => {
    expect(await judge({ code: source }, output)).toMatchObject({ score: 1, pass: true });
  });

  test("whose statements return nothing is a syntax error, also where a function inside returns or a text says so", async () => {
    for (const source of [
      "const s = output; s === 'return'",
      "const long = output.split(' ').filter(word => { return word.length > 9 }); long.length",
      "",
    ])
      await expect(judge({ code: source }, "x")).rejects.toMatchObject({
        code: "js.syntax",
        cure: expect.stringContaining("return"),
      });
  });

  test("that does not parse has the place of the mistake", async () => {
    await expect(judge({ code: "const x = ;\nreturn x" }, "x")).rejects.toMatchObject({
      code: "js.syntax",
      position: { line: 1, column: 11 },
    });
  });

  test("that throws has its place in the code", async () => {
    await expect(judge({ code: "output.a.b" }, "x")).rejects.toMatchObject({
      code: "js.error",
      position: { line: 1, column: 9, offset: 8 },
    });
    await expect(judge({ code: "const x = 1;\nreturn x.a.b" }, "x")).rejects.toMatchObject({
      position: { line: 2, column: 11 },
    });
  });
});
