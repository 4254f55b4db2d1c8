import { expect, test } from "vitest";
import type { FreeAnswers } from "#server/store/journal.ts";
import { createFreeAnswerCounter } from "./free-answers.ts";

const answer = { at: 5, run: "r", notebook: "n.md", cell: "topic", model: "a/b", cost: 0.5, input: 10, output: 2 };

test("answers of one run, cell and model are one sum; others have their own", async () => {
  const written: (readonly FreeAnswers[])[] = [];
  const counter = createFreeAnswerCounter(async (answers) => void written.push(answers));
  for (let index = 0; index < 1_000; index += 1) counter.add({ ...answer, at: index });
  counter.add({ ...answer, cost: null });
  counter.add({ ...answer, cell: "other" });
  await counter.flush();
  await counter.flush();
  expect(written).toEqual([
    [
      { ...answer, at: 0, answers: 1_001, cost: 500, unpriced: 1, input: 10_010, output: 2_002 },
      { ...answer, cell: "other", answers: 1, unpriced: 0 },
    ],
  ]);
});

test("what could not be written is written with what comes after", async () => {
  const written: FreeAnswers[] = [];
  let broken = true;
  const counter = createFreeAnswerCounter(async (answers) => {
    if (broken) throw new Error("the disk is full");
    written.push(...answers);
  });
  counter.add(answer);
  await expect(counter.flush()).rejects.toThrow("the disk is full");
  broken = false;
  counter.add(answer);
  await counter.flush();
  expect(written.map(({ answers, cost }) => [answers, cost])).toEqual([[2, 1]]);
});

test("sums are written by themselves", async () => {
  const { promise, resolve } = Promise.withResolvers<readonly FreeAnswers[]>();
  createFreeAnswerCounter(async (answers) => resolve(answers)).add(answer);
  // The counter's own timer keeps nothing alive.
  const alive = setInterval(() => {}, 1_000);
  expect(await promise).toHaveLength(1);
  clearInterval(alive);
});
