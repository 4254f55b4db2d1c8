import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { merged } from "./__fixtures__/merged.ts";
import { followRenames } from "./follow-renames.ts";
import { appendNotes, parseNotes, type CaseNote, type Note, type RenameNote, type ResultNote } from "./notes.ts";

const time = (minute: number): string => `2026-02-03T10:${String(minute).padStart(2, "0")}:00.000Z`;
const comment = (address: string, minute = 1): ResultNote => ({
  type: "comment",
  address,
  time: time(minute),
  text: `at ${address}`,
});
const rename = (from: string, to: string, minute: number): RenameNote => ({
  type: "renamed",
  from,
  to,
  time: time(minute),
});
const kept = (values: CaseNote["values"], minute = 1): CaseNote => ({
  type: "case",
  name: "late",
  time: time(minute),
  values,
});
const addresses = (...notes: readonly Note[]): readonly unknown[] =>
  followRenames(notes).map((note) => (note.type === "case" ? note.values : note.address));

const name = fc.constantFrom("a", "b", "c", "d");
const anyNote: fc.Arbitrary<Note> = fc.oneof(
  fc
    .tuple(fc.constantFrom("a", "b", "a.b{a=1}", "b.a{b=1,model=x}", "c.c#each{c=1,repeat=2}"), fc.nat({ max: 9 }))
    .map(([address, minute]) => comment(address, minute)),
  fc.tuple(name, name, fc.nat({ max: 9 })).map(([from, to, minute]) => rename(from, to, minute)),
  fc.tuple(name, fc.nat({ max: 9 })).map(([input, minute]) => kept({ [input]: 1, z: 2 }, minute)),
);

describe("notes after a rename", () => {
  test.each([
    ["topic", "answer"],
    ["topic{model=small,topic=a%2Cb}", "answer{model=small,topic=a%2Cb}"],
    ["topic#each{repeat=2}", "answer#each{repeat=2}"],
    ["triage.topic{triage=topic}", "triage.answer{triage=topic}"],
    ["topics", "topics"],
    ["topics.each{topics=1}", "topics.each{topics=1}"],
    ["topic.right{model=small,topic=1,zoom=%zz}", "answer.right{answer=1,model=small,zoom=%zz}"],
  ])("on %s are on %s", (before, after) => {
    expect(addresses(comment(before), rename("topic", "answer", 2))).toEqual([after]);
  });

  test("that were said after it stay where they are", () => {
    expect(addresses(comment("topic", 3), rename("topic", "answer", 2), comment("topic", 1))).toEqual([
      "answer",
      "topic",
    ]);
  });

  test("of an input have it in the sets of inputs, whose other inputs stay in their order", () => {
    const values = { first: 1, message: "Hi", last: null };
    expect(addresses(kept(values), kept(null), rename("message", "text", 2))).toContainEqual({
      first: 1,
      text: "Hi",
      last: null,
    });
  });

  test("cover what stood under the new name, until that is given up", () => {
    const there = [comment("topic"), comment("answer"), rename("topic", "answer", 2)];
    expect(followRenames(there)).toMatchObject([{ address: "answer", text: "at topic" }]);
    expect(addresses(...there, rename("answer", "topic", 3)).toSorted()).toEqual(["answer", "topic"]);
    expect(addresses(...there, rename("answer", "third", 3)).toSorted()).toEqual(["answer", "third"]);
    expect(addresses(comment("answer"), rename("topic", "answer", 2))).toEqual([]);
    expect(addresses(kept({ text: 1 }), rename("message", "text", 2))).toEqual([{}]);
  });

  test("that is taken back are as they were before it", () => {
    fc.assert(
      fc.property(fc.array(anyNote), name, name, (notes, from, to) => {
        fc.pre(from !== to);
        expect(followRenames([...notes, rename(from, to, 20), rename(to, from, 21)])).toEqual(followRenames(notes));
      }),
      { numRuns: 500 },
    );
  });

  test("come back as they were written, and may be merged in any order", () => {
    const text = appendNotes("", [rename("topic", "answer", 2)]);
    expect(text).toBe('{"from":"topic","time":"2026-02-03T10:02:00.000Z","to":"answer","type":"renamed"}\n');
    expect(parseNotes(text)).toEqual({ notes: [rename("topic", "answer", 2)], problems: [] });
    fc.assert(
      fc.property(merged(anyNote), ([notes, all]) => {
        expect(followRenames(all)).toEqual(followRenames(notes));
      }),
      { numRuns: 300 },
    );
  });
});
