import { expect, test } from "vitest";
import { takeTurns } from "./take-turns.ts";

test("one thing is done at a time, in the order in which they were given", async () => {
  const inTurn = takeTurns();
  const told: string[] = [];
  const first = Promise.withResolvers<void>();
  const work = (name: string, until: Promise<void>) => async (): Promise<string> => {
    told.push(`${name} begins`);
    await until;
    told.push(`${name} ends`);
    return name;
  };
  const both = Promise.all([inTurn(work("first", first.promise)), inTurn(work("second", Promise.resolve()))]);
  await new Promise(setImmediate);
  expect(told).toEqual(["first begins"]);
  first.resolve();
  expect(await both).toEqual(["first", "second"]);
  expect(told).toEqual(["first begins", "first ends", "second begins", "second ends"]);
});

test("what fails is told to who asked for it, and keeps nobody from their turn", async () => {
  const inTurn = takeTurns();
  const failed = inTurn(async () => {
    throw new Error("broken");
  });
  const next = inTurn(async () => "next");
  await expect(failed).rejects.toThrow("broken");
  expect(await next).toBe("next");
});
