import { expect, test } from "vitest";
import type { SheetCell } from "#server/runner/sheet-rows.ts";
import { scoreOf } from "./score-of.ts";

const cell = (model: string, shots: string, value: SheetCell["value"]): SheetCell =>
  ({ at: { model, shots }, value }) as unknown as SheetCell;
const variants = ["a", "b"].flatMap((model) => ["0", "5"].map((shots) => ({ model, shots })));
const answers = variants.map(({ model, shots }) => cell(model, shots, { type: "string", value: shots }));
const scores = ["0", "5"].flatMap((shots) =>
  ["a", "b"].map((model) =>
    cell(model, shots, { type: "score", value: { score: 1, pass: model === "a", reason: `${model} ${shots}` } }),
  ),
);
const column = { cell: "answer", score: "right" };

test("a score is that of the same variant, in whichever order the two cells have their axes", () => {
  const row = { cells: { answer: answers, right: scores } };
  expect(answers.map((_, place) => scoreOf(row, column, place)?.at)).toEqual(variants);
});

test("there is none where the result is not there, has not been scored, or is judged by nothing", () => {
  expect(scoreOf({ cells: { answer: [null], right: scores } }, column, 0)).toBeNull();
  expect(scoreOf({ cells: { answer: answers, right: [null, null, null, scores[3]!] } }, column, 0)).toBeNull();
  expect(scoreOf({ cells: { answer: answers } }, column, 0)).toBeNull();
  expect(scoreOf({ cells: { answer: answers, right: scores } }, { ...column, score: null }, 0)).toBeNull();
});
