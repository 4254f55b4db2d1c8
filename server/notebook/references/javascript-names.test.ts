import { describe, expect, test } from "vitest";
import { freeNames } from "./javascript-names.ts";
import { javascriptReferences } from "./javascript-references.ts";

/** Free names as `name.member@offset`; `=` where a name is only assigned to, `{}` where it is a key as well. */
const free = (source: string): readonly string[] =>
  freeNames(source).map(
    ({ name, start, end, isRead, isShorthand, members }) =>
      `${[name, ...members.map((member) => member.name)].join(".")}@${start}-${end}${isRead ? "" : " ="}${isShorthand ? " {}" : ""}`,
  );

describe("a name is free", () => {
  test("where nothing in the text declares it, in the order of the text", () => {
    expect(
      free("const x = b; function f(c) { return c + d + a }\nlet { e, g: [h = i] } = j; class K {}; new K(f, x, e, h)"),
    ).toEqual(["b@10-11", "d@40-41", "a@44-45", "i@65-66", "j@72-73"]);
    expect(free("try { a } catch (b) { b } for (const c of d) c; label: for (;;) break label")).toEqual([
      "a@6-7",
      "d@42-43",
    ]);
    expect(free("if (a) { var b = 1 } return b + arguments.length")).toEqual(["a@4-5"]);
  });

  test("inside what TypeScript wraps around an expression, and in no type", () => {
    expect(free("return a as B")).toEqual(["a@7-8"]);
    expect(free("return a satisfies B")).toEqual(["a@7-8"]);
    expect(free("return a!.b")).toEqual(["a@7-8"]);
    expect(free("return <B>a")).toEqual(["a@10-11"]);
    expect(free("const f = a<B>; return f")).toEqual(["a@10-11"]);
    expect(free("type A = B; interface C { d: E } const x: A = f; return x")).toEqual(["f@46-47"]);
    expect(free("enum A { b = 1 } return A.b + c")).toEqual(["c@30-31"]);
  });

  test("once at a place, and read where one of its uses there reads it", () => {
    expect(free("({ a = 1 } = b)")).toEqual(["a@3-4 = {}", "b@13-14"]);
    expect(free("a += b; c = d; e++")).toEqual(["a@0-1", "b@5-6", "c@8-9 =", "d@12-13", "e@15-16"]);
  });

  test("and a key as well where it is written short", () => {
    expect(free("return { a, b: c, [d]: 1 }")).toEqual(["a@9-10 {}", "c@15-16", "d@19-20"]);
    expect(free("({ a: b } = c)")).toEqual(["b@6-7 =", "c@12-13"]);
  });
});

describe("the fixed attributes behind a name", () => {
  test("end at a computed one, at a call and where another expression begins", () => {
    expect(free("return a.b.c + d[e].f + g.h() + i.j.k(l) + m().n + o?.p")).toEqual([
      "a.b.c@7-8",
      "d@15-16",
      "e@17-18",
      "g@24-25",
      "i.j@32-33",
      "l@38-39",
      "m@43-44",
      "o.p@51-52",
    ]);
    expect(free("x[a.b]; f(c.d); e.f(g.h)")).toEqual([
      "x@0-1",
      "a.b@2-3",
      "f@8-9",
      "c.d@10-11",
      "e@16-17",
      "g.h@20-21",
    ]);
  });

  test("may be written as texts in brackets", () => {
    expect(free("return row['a b'].c + d[`e`] + f[0].g + h['map'](i)")).toEqual([
      "row.a b.c@7-10",
      "d@22-23",
      "f@31-32",
      "h@40-41",
      "i@49-50",
    ]);
    const source = "return triage['correct']";
    const { start, end } = freeNames(source)[0]!.members[0]!;
    expect(source.slice(start, end)).toBe("correct");
  });

  test("have their places", () => {
    const [name] = freeNames("return topic.text.size");
    expect(name!.members).toEqual([
      { name: "text", start: 13, end: 17 },
      { name: "size", start: 18, end: 22 },
    ]);
  });
});

test("a name that is declared around a place would be taken for it", () => {
  const [name] = freeNames("const x = 1; const f = (y) => { let z; return a + y }; return f(x)");
  expect(["x", "f", "y", "z", "a", "b"].map((other) => name!.isDeclaredAround(other))).toEqual([
    true,
    true,
    true,
    true,
    false,
    false,
  ]);
});

test("what is neither JavaScript nor TypeScript is an error with its place, without the parser's own count", () => {
  expect(() => freeNames("const a = 1;\n\n\n\n\n\n\n\n\n\n              return (")).toThrow(
    expect.objectContaining({
      code: "javascript.syntax",
      message: "Unexpected token",
      cure: "Correct the code here: it is the body of a function, in JavaScript or TypeScript.",
      position: { line: 11, column: 23, offset: 44, length: 0 },
    }),
  );
});

test("names that are only assigned to, or that JavaScript gives, are no references", () => {
  const { references, problems } = javascriptReferences("a = Math.max(b.c, undefined); return Object.keys(console)");
  expect(references.map(({ name, path, field }) => [name, path, field])).toEqual([["b", ["c"], null]]);
  expect(problems).toEqual([]);
  expect(javascriptReferences("(").references).toEqual([]);
});
