import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { merged } from "./__fixtures__/merged.ts";
import { appendNotes, currentCases, currentNotes, parseNotes, type Note, type ResultNote } from "./notes.ts";

const time = (minute: number): string => `2026-02-03T10:${String(minute).padStart(2, "0")}:00.000Z`;
const at = (address: string, minute: number) => ({ address, time: time(minute) });
const text = (...notes: readonly Note[]): string => appendNotes("", notes);
const string = (value: string) => ({ type: "string", value }) as const;

const words: readonly ResultNote[] = [
  { ...at("topic", 1), type: "edited", value: string("a") },
  { ...at("topic", 2), type: "locked", value: { type: "number", value: 12345678901234567890n } },
  { ...at("topic{model=small}", 3), author: "Ada", type: "label", value: { right: true } },
  { ...at("topic", 4), type: "score", name: "tone", score: 0.5, reason: "dry" },
  { ...at("topic", 5), type: "comment", text: "line\nbreak" },
  { ...at("topic", 6), type: "chosen", answer: "key" },
];

const anyNote: fc.Arbitrary<ResultNote> = fc
  .record({
    address: fc.constantFrom("a", "b{row=1}"),
    minute: fc.nat({ max: 5 }),
    word: fc.constantFrom<ResultNote>(
      ...words,
      { ...at("a", 0), type: "restored" },
      { ...at("a", 0), type: "unlocked" },
      { ...at("a", 0), type: "label", value: null },
      { ...at("a", 0), type: "score", name: "tone", score: null },
      { ...at("a", 0), type: "chosen", answer: null },
    ),
  })
  .map(({ address, minute, word }) => ({ ...word, address, time: time(minute) }));

describe("notes", () => {
  test("come back as they were written, one a line", () => {
    expect(parseNotes(text(...words))).toEqual({ notes: words, problems: [] });
    expect(text(words[0]!)).toBe(
      '{"address":"topic","time":"2026-02-03T10:01:00.000Z","type":"edited","value":{"type":"string","value":"a"}}\n',
    );
    fc.assert(
      fc.property(fc.array(anyNote), (notes) => {
        expect(parseNotes(text(...notes)).notes).toEqual(notes);
      }),
      { numRuns: 200 },
    );
  });

  test("are appended behind what there is, which stays byte for byte", () => {
    for (const before of ["", "x", "x\n", "<<<<<<< HEAD\r\n"]) {
      const after = appendNotes(before, [words[0]!]);
      expect(after.startsWith(before)).toBe(true);
      expect(after.slice(before.length)).toBe((before === "x" ? "\n" : "") + text(words[0]!));
    }
  });

  test("say at each address what was said last", () => {
    const current = currentNotes([
      ...words,
      { ...at("topic", 9), type: "edited", value: string("later") },
      { ...at("topic", 8), type: "edited", value: string("earlier") },
      { ...at("topic", 9), author: "Bo", type: "comment", text: "second" },
      { ...at("topic", 9), type: "score", name: "length", score: 1 },
    ]);
    expect(current).toEqual(
      new Map([
        [
          "topic",
          {
            edited: string("later"),
            locked: { type: "number", value: 12345678901234567890n },
            scores: { tone: { score: 0.5, reason: "dry" }, length: { score: 1 } },
            comments: [
              { text: "line\nbreak", time: time(5) },
              { text: "second", time: time(9), author: "Bo" },
            ],
            chosen: "key",
          },
        ],
        ["topic{model=small}", { label: { right: true }, scores: {}, comments: [] }],
      ]),
    );
  });

  test("take back what was said", () => {
    const taken: readonly Note[] = [
      { ...at("topic", 11), type: "restored" },
      { ...at("topic", 12), type: "unlocked" },
      { ...at("topic{model=small}", 13), type: "label", value: null },
      { ...at("topic", 14), type: "score", name: "tone", score: null },
      { ...at("topic", 16), type: "chosen", answer: null },
    ];
    expect(currentNotes([...words, ...taken])).toEqual(
      new Map([
        ["topic", { scores: {}, comments: [{ text: "line\nbreak", time: time(5) }] }],
        ["topic{model=small}", { scores: {}, comments: [] }],
      ]),
    );
  });

  test("keep inputs under a name until it is taken away, in the order in which they came, and say nothing of results", () => {
    const kept = (name: string, minute: number, values: { readonly message: string } | null): Note => ({
      type: "case",
      name,
      time: time(minute),
      values,
    });
    const notes = [
      kept("late card", 1, { message: "Where is my card" }),
      kept("bad rate", 2, { message: "The rate is bad" }),
      kept("stolen", 3, { message: "It was stolen" }),
      kept("bad rate", 5, null),
      kept("late card", 4, { message: "My card is late" }),
    ];
    expect(parseNotes(text(...notes))).toEqual({ notes, problems: [] });
    expect([...currentCases(notes)]).toEqual([
      ["late card", { message: "My card is late" }],
      ["stolen", { message: "It was stolen" }],
    ]);
    expect(currentNotes(notes).size).toBe(0);
    expect(currentCases(words).size).toBe(0);
  });

  test("of two branches may be merged in any order, and a line may come twice", () => {
    fc.assert(
      fc.property(merged(anyNote), ([notes, all]) => {
        expect([...currentNotes(all)].sort()).toEqual([...currentNotes(notes)].sort());
      }),
      { numRuns: 300 },
    );
  });

  test("compare times and not their spelling", () => {
    const notes: readonly Note[] = [
      { address: "a", time: "2026-02-03T10:00:00.500Z", type: "chosen", answer: "later" },
      { address: "a", time: "2026-02-03T10:00:00Z", type: "chosen", answer: "earlier" },
    ];
    expect(currentNotes(notes).get("a")).toEqual({ scores: {}, comments: [], chosen: "later" });
  });

  test.each([
    ["of a type that is not known", { type: "later", value: 1 }, "value.type"],
    ["without what is in it", { type: "string" }, "value.value"],
    ["of another type than it says", { type: "number", value: "1" }, "value.value"],
    [
      "that is a table of no hash",
      { type: "table", value: { columns: [], rowCount: 0, hash: "abc" } },
      "value.value.hash",
    ],
    [
      "that is a table of other rows",
      { type: "table", value: { columns: [], rowCount: 2, hash: "a".repeat(64), rows: [[]] } },
      "value.value.rows",
    ],
    ["that is half a chart", { type: "chart", value: { kind: "bar" } }, "value.value.table"],
    ["that is no error", { type: "error" }, "value.value"],
  ])("with a value %s are none, and reported with their place", (_, value, path) => {
    const written = text({ ...at("topic", 1), type: "locked", value } as never, words[0]!);
    const { notes, problems } = parseNotes(written);
    expect(notes).toEqual([words[0]]);
    expect(problems).toMatchObject([
      {
        code: "notes.line",
        message: `this line is no note: \`${path}\` is missing or of another type`,
        position: { line: 1, column: 1 },
      },
    ]);
  });

  test("that are none are reported with their place, and the others are read", () => {
    const lines = [
      "\uFEFF" + text(words[0]!).trim(),
      "<<<<<<< HEAD",
      "",
      "3",
      '{"type":"later","address":"a","time":"2026-02-03T10:00:00Z"}',
      '{"type":"chosen","address":"a","time":"yesterday","answer":null}',
      '{"type":"label","address":"a","time":"2026-02-03T10:00:00Z"}',
      '{"type":"score","address":"","time":"2026-02-03T10:00:00Z","name":"x","score":2}',
      text(words[1]!).trim(),
      '{"type":"unlocked","address":"triage.topic{triage=50%}","time":"2026-02-03T10:00:00Z"}',
    ];
    const { notes, problems } = parseNotes(lines.join("\r\n"));
    expect(notes).toEqual([words[0], words[1]]);
    expect(
      problems.map(
        ({ severity, code, message, position }) =>
          `${position.line}:${position.column}+${position.length} ${severity} ${code} ${message}`,
      ),
    ).toEqual([
      "2:1+12 warning notes.line this line is no note: it is no JSON",
      "4:1+1 warning notes.line this line is no note: it is not an object of a known type",
      "5:1+60 warning notes.line this line is no note: `type` is missing or of another type",
      "6:1+64 warning notes.line this line is no note: `time` is missing or of another type",
      "7:1+60 warning notes.line this line is no note: `value` is missing or of another type",
      "8:1+80 warning notes.line this line is no note: `address` is missing or of another type",
      "10:1+86 warning notes.line this line is no note: `triage.topic{triage=50%}` is no address",
    ]);
    expect(problems[0]!.cure).toBe("Remove it if a merge left it; a note of a newer release is kept for that.");
    expect(problems[0]!.position.offset).toBe(lines[0]!.length + 2);
  });
});
