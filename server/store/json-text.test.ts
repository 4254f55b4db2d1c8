import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { fromJsonText, toJsonText } from "./json-text.ts";

const datum = fc.letrec((tie) => ({
  datum: fc.oneof(
    fc.constant(null),
    fc.boolean(),
    fc.string({ unit: "binary" }),
    fc.double({ noNaN: true, noDefaultInfinity: true }).filter((number) => Number.isInteger(number) === false),
    fc.maxSafeInteger(),
    fc.bigInt().filter((big) => big > 2n ** 53n || big < -(2n ** 53n)),
    fc.array(tie("datum"), { maxLength: 4 }),
    fc.dictionary(fc.string(), tie("datum"), { maxKeys: 4, noNullPrototype: true }),
  ),
})).datum;

describe("a column's JSON text", () => {
  test("gives back any value that was written", () => {
    fc.assert(
      fc.property(datum, (value) => {
        expect(fromJsonText(toJsonText(value))).toEqual(value);
      }),
    );
  });

  test("is JSON that any database reads", () => {
    fc.assert(fc.property(datum, (value) => void JSON.parse(toJsonText(value))));
  });

  test("keeps the order of members, and leaves out those that are undefined", () => {
    expect(toJsonText({ z: 1, a: undefined, b: 2n ** 64n })).toBe(' {"z":1,"b":18446744073709551616}');
    expect(Object.keys(fromJsonText<object>(' {"z":1,"b":18446744073709551616}'))).toEqual(["z", "b"]);
  });

  test("does not make a bigint of a number, however large", () => {
    expect(fromJsonText(toJsonText(1e20))).toBe(1e20);
    expect(fromJsonText(toJsonText([2n ** 60n, 0.5, "12345678901234567890"]))).toEqual([
      2n ** 60n,
      0.5,
      "12345678901234567890",
    ]);
  });

  test("is refused for what is no data", () => {
    const circle: unknown[] = [];
    circle.push(circle);
    expect(() => toJsonText(circle)).toThrow(TypeError);
  });
});
