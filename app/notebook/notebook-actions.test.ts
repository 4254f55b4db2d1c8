import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { slowServer } from "./__fixtures__/notebook-pages";

beforeEach(() => void vi.useFakeTimers());
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

test("an input is given its values in turn, and no other waits for it", async () => {
  const server = slowServer("---\nsheaf: 1\n---\n", 300);
  const { actions } = server.open();
  const first = actions.setInput("rows", "big.csv");
  await vi.advanceTimersByTimeAsync(50);
  server.latency = 10;
  const rest = [actions.setInput("rows", "small.csv"), actions.setInput("name", "Ada")];
  await vi.advanceTimersByTimeAsync(1_000);
  expect(await Promise.all([first, ...rest])).toEqual([true, true, true]);
  expect(server.inputs).toEqual([{ name: "Ada" }, { rows: "big.csv" }, { rows: "small.csv" }]);
});
