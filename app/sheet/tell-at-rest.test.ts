import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { tellAtRest } from "./tell-at-rest.ts";

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

test("what comes alone is told at once, and of what comes one after another the first and the last", async () => {
  const told: number[] = [];
  let close = (): void => {};
  const tell = tellAtRest<number>(
    (one) => told.push(one),
    (own) => (close = own),
  );
  tell(0);
  expect(told).toEqual([0]);
  for (let number = 1; number <= 50; number += 1) {
    await vi.advanceTimersByTimeAsync(33);
    tell(number);
  }
  expect(told).toEqual([0]);
  await vi.advanceTimersByTimeAsync(200);
  expect(told).toEqual([0, 50]);
  await vi.advanceTimersByTimeAsync(200);
  tell(51);
  tell(52);
  close();
  await vi.advanceTimersByTimeAsync(500);
  expect(told).toEqual([0, 50, 51]);
});
