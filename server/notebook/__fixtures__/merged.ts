import fc from "fast-check";

/** Lines with what a merge of two branches may make of them: each comes once or twice, in any order. */
export function merged<Line>(line: fc.Arbitrary<Line>): fc.Arbitrary<[readonly Line[], readonly Line[]]> {
  return fc
    .array(line)
    .chain((lines) =>
      fc.tuple(fc.constant(lines), fc.shuffledSubarray([...lines, ...lines], { minLength: lines.length * 2 })),
    );
}
