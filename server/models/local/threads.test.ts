import { describe, expect, test } from "vitest";
import { embeddingWorkers, languageThreads, modelMemory } from "./threads.ts";

describe("threads and memory", () => {
  test("of a language model are one less than the cores, at least one", () => {
    expect([1, 2, 8].map((cores) => languageThreads(cores, undefined))).toEqual([1, 1, 7]);
  });

  test("that embed are the cores, four at most", () => {
    expect([1, 2, 8].map((cores) => embeddingWorkers(cores, undefined))).toEqual([1, 2, 4]);
  });

  test("are what SHEAF_THREADS says, where it is a whole number over 0", () => {
    expect(languageThreads(8, "3")).toBe(3);
    expect(embeddingWorkers(8, "2")).toBe(2);
    for (const nonsense of ["", "0", "-1", "many", "1.5"]) expect(languageThreads(8, nonsense)).toBe(7);
  });

  test("share a quarter of the machine's memory, at least 1 GiB, or the megabytes SHEAF_MODEL_MEMORY says", () => {
    expect(modelMemory(16 * 2 ** 30, undefined)).toBe(4 * 2 ** 30);
    expect(modelMemory(2 ** 30, "lots")).toBe(2 ** 30);
    expect(modelMemory(2 ** 30, "300")).toBe(300e6);
  });
});
