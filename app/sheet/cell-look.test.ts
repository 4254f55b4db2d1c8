import { describe, expect, test } from "vitest";
import type { SheetCell } from "#server/runner/sheet-rows.ts";
import type { Value } from "#server/notebook/value.ts";
import { atRest, cellLook, cellText } from "./cell-look.ts";

const text = (value: string): Value => ({ type: "string", value });
const score = (pass: boolean | null): Value => ({
  type: "score",
  value: { score: pass === null ? null : Number(pass), pass, reason: "" },
});

function cell(value: Value | null, more: Partial<SheetCell> = {}): SheetCell {
  return {
    at: {},
    freshness: { state: "current" },
    outcome: "ok",
    value,
    length: null,
    error: null,
    override: null,
    cost: 0,
    input: null,
    output: null,
    latency: null,
    cached: false,
    ...more,
  };
}

const stale = { freshness: { state: "stale", reasons: ["model"] } } as const;

test("a picture is shown, with its name where it has one", () => {
  const file = { hash: "a".repeat(64), name: "cat.png", mediaType: "image/png", bytes: 3 };
  const address = `/api/files/${file.hash}`;
  const inText = "data:image/png;base64,AAAA";
  const look = (value: Value, field: string | null = null) => cellLook([cell(value)], atRest, field);
  expect(look({ type: "image", value: file })).toMatchObject({ text: "cat.png", picture: address });
  expect(look(text(inText))).toMatchObject({ text: "picture", picture: inText });
  expect(look({ type: "json", value: { photo: { ...file } } }, "photo").picture).toBe(address);
  expect(look(text("https://evil.example/a.png")).picture).toBeUndefined();
});

describe("a state has a mark and a word", () => {
  test.each([
    ["nothing", null, { text: "", mark: null, word: "" }],
    ["current", cell(text("a")), { text: "a", tone: "plain", mark: null, word: "" }],
    ["stale", cell(text("a"), stale), { text: "a", tone: "quiet", mark: "stale", word: "stale: its model" }],
    ["from cache", cell(text("a"), { cached: true }), { text: "a", mark: "cached", word: "from cache" }],
    ["cut off", cell(text("half"), { cutOff: true, cached: true }), { text: "half", mark: "partial", word: "cut off" }],
    ["stale, before cut off", cell(text("a"), { ...stale, cutOff: true }), { mark: "stale" }],
    ["locked", cell(text("a"), { freshness: { state: "locked" } }), { text: "a", mark: "locked", word: "locked" }],
    ["edited", cell(text("a"), { freshness: { state: "edited" } }), { mark: "edited", word: "edited by hand" }],
    [
      "error",
      cell(null, { outcome: "error", error: { code: "model.rate", message: "too many requests" } }),
      { text: "too many requests", tone: "bad", mark: "error", word: "error" },
    ],
    ["skipped", cell(null, { outcome: "skipped" }), { text: "skipped", tone: "quiet", mark: "skipped" }],
    ["partial", cell(text("half"), { outcome: "partial" }), { text: "half", mark: "partial" }],
  ])("%s", (_, result, look) => {
    expect(cellLook([result], atRest)).toMatchObject(look);
  });
});

describe("while a run is on", () => {
  const queued = { queued: true, stream: null };

  test("what has its turn is queued, and what is settled is shown", () => {
    expect(cellLook([null], queued)).toMatchObject({ text: "queued", tone: "busy", mark: "queued" });
    expect(cellLook([cell(text("a"), stale)], queued)).toMatchObject({ mark: "queued" });
    expect(cellLook([cell(text("a"))], queued)).toMatchObject({ text: "a", mark: null });
  });

  test("a text is shown as it comes", () => {
    expect(cellLook([cell(text("old"))], { queued: true, stream: "card_" })).toMatchObject({
      text: "card_",
      mark: "running",
    });
  });
});

test("of a long object, of which there is only the beginning, a field is shown all the same", () => {
  const long = cell(text('{"summary":"long '), { length: 9_000, fields: { summary: "long long", total: 7 } });
  const shown = (field: string | null) => cellLook([long], atRest, field).text;
  expect([shown("total"), shown("summary"), shown("other"), shown(null)]).toEqual([
    "7",
    "long long",
    "",
    '{"summary":"long ',
  ]);
});

describe("verdicts", () => {
  test("of an answer are those of the score that judges it", () => {
    expect(cellLook([cell(text("a"))], atRest, null, [cell(score(true))]).verdict).toBe("pass");
    expect(cellLook([cell(text("a"))], atRest, null, [cell(score(false))]).verdict).toBe("fail");
    expect(cellLook([cell(text("a"))], atRest, null, [cell(score(null))]).verdict).toBe("open");
    expect(cellLook([cell(text("a"))], atRest, null, [null]).verdict).toBeNull();
  });

  test("that are stale say nothing", () => {
    expect(cellLook([cell(text("a"))], atRest, null, [cell(score(true), stale)]).verdict).toBeNull();
  });

  test("of a score are its own", () => {
    expect(cellLook([cell(score(false))], atRest)).toMatchObject({ text: "0", verdict: "fail" });
    expect(cellLook([cell(score(null))], atRest)).toMatchObject({ text: "unscored", verdict: "open" });
  });
});

describe("repeats", () => {
  const answers = ["b", "a", "a"].map((answer) => cell(text(answer)));

  test("are one text, the most frequent answer first", () => {
    expect(cellLook(answers, atRest).text).toBe("a × 2, b × 1");
  });

  test("pass where all pass", () => {
    expect(
      cellLook(
        answers,
        atRest,
        null,
        [true, true, true].map((pass) => cell(score(pass))),
      ).verdict,
    ).toBe("pass");
    expect(
      cellLook(
        answers,
        atRest,
        null,
        [true, false, true].map((pass) => cell(score(pass))),
      ).verdict,
    ).toBe("fail");
  });

  test("show what is wrong with one of them", () => {
    const failed = cell(null, { outcome: "error", error: { code: "x", message: "no answer" } });
    expect(cellLook([answers[0]!, failed], atRest)).toMatchObject({ mark: "error", text: "b × 1, no answer × 1" });
  });

  test("that are still to come are counted", () => {
    expect(cellLook([answers[0]!, null], { queued: true, stream: null })).toMatchObject({
      text: "1 of 2",
      mark: "queued",
    });
  });
});

describe("values in one line", () => {
  test.each<[Value, string]>([
    [text("one\n  two"), "one ⏎ two"],
    [{ type: "number", value: 0.123456789 }, "0.123457"],
    [{ type: "number", value: 12345678901 }, "12345678901"],
    [{ type: "number", value: 1234567.891 }, "1234567.89"],
    [{ type: "number", value: 250000.75 }, "250000.75"],
    [{ type: "boolean", value: true }, "yes"],
    [{ type: "json", value: { a: [1] } }, '{"a":[1]}'],
    [{ type: "table", value: { columns: [], rowCount: 1, hash: "" } }, "1 row"],
    [{ type: "null" }, ""],
  ])("%j is %s", (value, line) => {
    expect(cellText(value)).toBe(line);
  });

  test("of an object one field can be shown", () => {
    const invoice: Value = { type: "json", value: { vendor: "Acme", total: 12.5, paid: false } };
    expect(["vendor", "total", "paid", "other"].map((field) => cellText(invoice, field))).toEqual([
      "Acme",
      "12.5",
      "no",
      "",
    ]);
  });
});
