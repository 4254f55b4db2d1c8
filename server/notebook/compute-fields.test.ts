import { describe, expect, test } from "vitest";
import { Fault, hostFunction, scopeOf } from "#server/language/index.ts";
import { computeFields } from "./compute-fields.ts";
import type { Datum, Position } from "./value.ts";

const scope = scopeOf({ message: "Hi", list: [1, 2] });
const nowhere = (): undefined => undefined;

function failure(value: Datum, placeOf: (path: string) => Position | undefined = nowhere): unknown {
  try {
    return computeFields(value, scope, placeOf);
  } catch (thrown) {
    return thrown;
  }
}

describe("a configuration", () => {
  test("has what its `=` values come to, at any depth, and everything else as it is", () => {
    expect(
      computeFields(
        { query: "=message ~ '!'", deep: [{ k: "=list" }, "= 1 + 1"], text: "a = b", number: 2, no: null, yes: true },
        scope,
        nowhere,
      ),
    ).toEqual({ query: "Hi!", deep: [{ k: [1, 2] }, 2], text: "a = b", number: 2, no: null, yes: true });
  });

  test("has the mappings that are written in an expression", () => {
    const fields = { a: '={"a": 1}', b: '=[{"a": {"b": list}}]', c: "=dict(a=1)" };
    expect(computeFields(fields, scope, nowhere)).toEqual({ a: { a: 1 }, b: [{ a: { b: [1, 2] } }], c: { a: 1 } });
  });

  test("has a text that begins with `=` behind a backslash", () => {
    expect(computeFields(["\\=a", "\\\\=a", "\\a"], scope, nowhere)).toEqual(["=a", "\\=a", "\\a"]);
  });
});

describe("a field that cannot be computed", () => {
  const position = { line: 5, column: 7, offset: 40, length: 6 };

  test("is an error of the expression that names the field", () => {
    expect(failure({ with: [{ a: "=mesage" }] })).toMatchObject({
      code: "language.undefined",
      message: expect.stringMatching(/^in `with\.0\.a`: `mesage` is not defined/),
    });
    expect(failure("=mesage")).toMatchObject({ message: expect.stringMatching(/^in ``: `mesage`/) });
  });

  test("keeps what the error says to do", () => {
    const scope = scopeOf({
      message: hostFunction("message", () => {
        throw new Fault("cell.example", "it is no use", "Do something else.");
      }),
    });
    expect(() => computeFields({ a: "=message()" }, scope, nowhere)).toThrow(
      expect.objectContaining({ code: "cell.example", message: "in `a`: it is no use", cure: "Do something else." }),
    );
  });

  test("stands at the expression, or else at its field", () => {
    const at = (known: string) => failure({ a: { b: "=mesage" } }, (path) => (path === known ? position : undefined));
    expect(at("expression:a.b")).toMatchObject({ position });
    expect(at("a.b")).toMatchObject({ position });
    expect(at("a")).toMatchObject({ position: undefined });
  });

  test("is an error where what it comes to is no data", () => {
    let thrown: unknown;
    try {
      computeFields({ a: "=message" }, { get: () => (() => 1) as never }, nowhere);
    } catch (error) {
      thrown = error;
    }
    expect(thrown).toMatchObject({
      code: "cell.field",
      message: "in `a`: function is no value of a field",
      cure: undefined,
    });
    expect((thrown as Error).cause).toBeInstanceOf(TypeError);
  });
});
