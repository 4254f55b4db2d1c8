import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { closeToast, shownToasts, toasts } from "./toasts";

const texts = (): readonly string[] => shownToasts().map(({ text }) => text);
const problem = (message: string): void => toasts.problem({ code: "test", message });

function closeAll(): void {
  for (const { id } of shownToasts()) closeToast(id);
}

beforeEach(() => {
  // There is one page's toasts, of all tests.
  closeAll();
  vi.useFakeTimers();
});
afterEach(() => {
  closeAll();
  vi.useRealTimers();
});

describe("toasts", () => {
  test("go after a while, and those that can be taken back later; what went wrong stays until it is closed", () => {
    toasts.say("Saved.");
    toasts.say("Deleted one.", { label: "Undo", run: () => {} });
    problem("the disk is full");
    vi.advanceTimersByTime(4_000);
    expect(texts()).toEqual(["Deleted one.", "the disk is full"]);
    vi.advanceTimersByTime(60_000);
    expect(texts()).toEqual(["the disk is full"]);
    closeToast(shownToasts()[0]!.id);
    expect(texts()).toEqual([]);
  });

  test("are four at most, before which a problem that nobody has read yet does not go", () => {
    problem("the disk is full");
    for (const number of [1, 2, 3, 4, 5]) toasts.say(`Done ${number}.`);
    expect(texts()).toEqual(["the disk is full", "Done 2.", "Done 3.", "Done 4.", "Done 5."]);
  });

  test("that say the same problem again are one, the newest", () => {
    problem("the disk is full");
    problem("there is no network");
    problem("the disk is full");
    expect(texts()).toEqual(["there is no network", "the disk is full"]);
  });

  test("of many problems are the newest eight", () => {
    for (let number = 1; number <= 10; number += 1) problem(`problem ${number}`);
    expect(texts()).toHaveLength(8);
    expect(texts().at(-1)).toBe("problem 10");
  });
});
