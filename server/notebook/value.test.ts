import { hash } from "node:crypto";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { addressText, coordinatesText, parseAddress } from "./address.ts";
import { canonicalJson } from "./canonical-json.ts";
import { hashOf, sha256, usePlatformSha256 } from "./hash.ts";
import { toCellError, SheafError } from "./sheaf-error.ts";
import { valueHash } from "./value-hash.ts";
import { decodeValue, encodeValue } from "./value-json.ts";
import { toValue, type Table, type Value } from "./value.ts";

const table: Table = {
  columns: [{ name: "a", type: "number", sql: "BIGINT" }],
  rowCount: 1,
  hash: "t1",
  rows: [[9_007_199_254_740_993n]],
};
const file = { hash: "f1", name: "a.pdf", mediaType: "application/pdf", bytes: 3 };

/** One value of each type. */
const values: readonly Value[] = [
  { type: "null" },
  { type: "string", value: "a" },
  { type: "number", value: 9_007_199_254_740_993n },
  { type: "boolean", value: true },
  { type: "json", value: { a: [1, null, "x"] } },
  { type: "table", value: table },
  { type: "messages", value: [{ role: "user", content: "Hi" }] },
  { type: "file", value: file },
  { type: "image", value: file },
  { type: "chart", value: { kind: "bar", table, x: "a", y: ["a"], title: "T" } },
  { type: "score", value: { score: 1, pass: true, reason: "equal" } },
  { type: "test", value: { verdict: "pass", lines: [{ source: "1 == 1", verdict: "pass", sides: ["1", "1"] }] } },
  { type: "error", value: { code: "a.b", message: "m" } },
];

describe("canonical JSON", () => {
  test("is JSON with sorted keys and no white space, without undefined members, with bigints as digits", () => {
    expect(canonicalJson({ b: [1, "x\n", null, true, false], a: { d: undefined, c: -0.5 }, "10": 1, é: 2n })).toBe(
      '{"10":1,"a":{"c":-0.5},"b":[1,"x\\n",null,true,false],"é":2}',
    );
    expect(canonicalJson({ a: undefined, b: 1 })).toBe('{"b":1}');
    expect([canonicalJson(undefined), canonicalJson([undefined]), canonicalJson({}), canonicalJson([])]).toEqual([
      "null",
      "[null]",
      "{}",
      "[]",
    ]);
  });

  test("is the same for equal values, and JSON.parse reads it", () => {
    fc.assert(
      fc.property(fc.jsonValue({ maxDepth: 3 }), (value) => {
        expect(JSON.parse(canonicalJson(value as never))).toEqual(JSON.parse(JSON.stringify(value)));
      }),
    );
  });

  test("refuses numbers that JSON cannot say", () => {
    for (const number of [Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY])
      expect(() => canonicalJson({ a: [number] })).toThrow(`${number} is no number that can be kept`);
  });
});

describe("hashes", () => {
  test("are SHA-256 of the UTF-8 bytes, as FIPS 180-4 has it", () => {
    expect(sha256("abc")).toBe("ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    expect(sha256("é")).toBe("4a99557e4033c3539de2eb65472017cad5f9557f7a0625a09f1c3f6e2ba69c4c");
    expect(hashOf({ b: 1, a: "x" })).toBe(sha256('{"a":"x","b":1}'));
  });

  test("are the same where the platform computes them", () => {
    const texts = ["", "abc", "é\u{1F600}\n", Uint8Array.of(0, 255, 128)];
    const own = texts.map(sha256);
    const asked: (string | Uint8Array)[] = [];
    usePlatformSha256((text) => {
      asked.push(text);
      return hash("sha256", text);
    });
    expect(texts.map(sha256)).toEqual(own);
    expect(asked).toEqual(texts);
  });
});

describe("a value's hash", () => {
  test("differs for values of different types", () => {
    expect(new Set(values.map(valueHash)).size).toBe(values.length);
  });

  test("is of what the value says: a plain one's is the hash of its JSON", () => {
    expect(valueHash({ type: "null" })).toBe(sha256("null"));
    expect(valueHash({ type: "string", value: "a" })).toBe(sha256('"a"'));
    expect(valueHash({ type: "json", value: "a" })).toBe(sha256('"a"'));
    expect(valueHash({ type: "number", value: 9_007_199_254_740_993n })).toBe(sha256("9007199254740993"));
    expect(valueHash({ type: "boolean", value: true })).toBe(sha256("true"));
    expect(valueHash({ type: "messages", value: [] })).toBe(sha256('{"messages":[]}'));
    expect(valueHash({ type: "error", value: { code: "a.b", message: "m" } })).toBe(
      sha256('{"error":{"code":"a.b","message":"m"}}'),
    );
  });

  test("of tables and files is their content's, wherever it is and whatever it is called", () => {
    const { rows: _, ...handle } = table;
    expect(valueHash({ type: "table", value: handle })).toBe(valueHash({ type: "table", value: table }));
    expect(valueHash({ type: "table", value: table })).toBe(sha256('{"table":"t1"}'));
    expect(valueHash({ type: "file", value: { ...file, name: "b.pdf" } })).toBe(sha256('{"file":"f1"}'));
    expect(valueHash({ type: "image", value: file })).toBe(sha256('{"image":"f1"}'));
    const chart = { kind: "bar", table: handle, x: "a", y: ["a"] } as const;
    expect(valueHash({ type: "chart", value: chart })).toBe(
      sha256('{"chart":{"kind":"bar","table":"t1","x":"a","y":["a"]}}'),
    );
  });
});

describe("a value in a store", () => {
  test("comes back as it was, with every digit of its integers", () => {
    for (const value of values) expect(decodeValue(encodeValue(value))).toEqual(value);
    const ordered: Value = { type: "json", value: { z: 1, a: { y: 9007199254740993n, b: [] } } };
    expect(encodeValue(ordered)).toBe('{"type":"json","value":{"z":1,"a":{"y":9007199254740993,"b":[]}}}');
    expect(JSON.stringify(decodeValue('{"type":"json","value":{"z":1,"a":2}}'))).toBe(
      '{"type":"json","value":{"z":1,"a":2}}',
    );
    expect(() => encodeValue({ type: "number", value: NaN })).toThrow("NaN is no number that can be kept");
    const numbers = [-9_007_199_254_740_993n, 9_007_199_254_740_991, 0.1, 1e300, -1];
    expect(decodeValue(encodeValue({ type: "json", value: numbers }))).toEqual({ type: "json", value: numbers });
    expect(decodeValue('{"type":"number","value":1e21}')).toEqual({ type: "number", value: 1e21 });
    expect(decodeValue('{"type":"string","value":"9007199254740993"}')).toEqual({
      type: "string",
      value: "9007199254740993",
    });
  });
});

test("plain data are values by their type, lists and objects JSON", () => {
  expect([null, undefined, "a", 1, 2n, false, [1], { a: 1 }].map(toValue)).toEqual([
    { type: "null" },
    { type: "null" },
    { type: "string", value: "a" },
    { type: "number", value: 1 },
    { type: "number", value: 2n },
    { type: "boolean", value: false },
    { type: "json", value: [1] },
    { type: "json", value: { a: 1 } },
  ]);
});

describe("an address", () => {
  test("is the cell's path and its coordinates in alphabetical order", () => {
    expect(addressText({ cell: "topic", at: { shots: "5", model: "small" } })).toBe("topic{model=small,shots=5}");
    expect(addressText({ cell: "triage.topic", at: {} })).toBe("triage.topic");
    expect(coordinatesText({})).toBe("");
    expect(parseAddress("topic")).toEqual({ cell: "topic", at: {} });
  });

  test("is refused where it is none", () => {
    for (const text of ["topic{model=50%}", "topic{model}", "topic{}", "topic{a=1,}", "topic{a=b=c}", "topic{a=1"])
      expect(() => parseAddress(text)).toThrow(
        expect.objectContaining({ code: "address.syntax", message: `\`${text}\` is no address` }),
      );
  });

  test("has the characters it is made of escaped in its labels", () => {
    expect(coordinatesText({ tone: "a,b={c}%\n\u001f é" })).toBe("{tone=a%2Cb%3D%7Bc%7D%25%0A%1F é}");
  });

  test("is read back from its text, whatever its labels are", () => {
    const label = fc.string({ unit: fc.constantFrom(..."aé \u{1F600},={}%2C\n\u0000") });
    fc.assert(
      fc.property(fc.record({ model: label, triage: label }, { requiredKeys: [] }), (at) => {
        const address = { cell: "triage.topic", at };
        expect(parseAddress(addressText(address))).toEqual(address);
      }),
    );
  });
});

describe("whatever is thrown", () => {
  const position = { line: 1, column: 2, offset: 1, length: 3 };

  test("keeps its facts where it is an error of ours", () => {
    const thrown = new SheafError("sql.syntax", "no such table", { cure: "Name another.", position, cause: "x" });
    expect(toCellError(thrown)).toEqual({
      code: "sql.syntax",
      message: "no such table",
      cure: "Name another.",
      position,
    });
    expect([thrown.name, thrown.cause]).toEqual(["SheafError", "x"]);
    expect(toCellError(new SheafError("a-b.c.d-e", "m"))).toEqual({ code: "a-b.c.d-e", message: "m" });
    expect(new SheafError("a.b", "m")).not.toHaveProperty("cause");
  });

  test("is internal otherwise", () => {
    const coded = (code: unknown): Error => Object.assign(new Error("m"), { code });
    for (const code of [undefined, 7, "ENOENT", "a", "a.", ".a", "a..b", "a.B", "x a.b", "a.b c"])
      expect(toCellError(coded(code))).toEqual({ code: "internal", message: "m" });
    expect([toCellError("a"), toCellError(undefined), toCellError({ code: "a.b", message: "m" })]).toEqual([
      { code: "internal", message: "a" },
      { code: "internal", message: "undefined" },
      { code: "internal", message: "[object Object]" },
    ]);
  });
});
