import type { IRawProperty, Parameters } from "fast-check";
import { vi } from "vitest";

/**
 * Properties find the same in every run, so that no mutant lives or dies by luck, and stop after 300 examples: they are run
 * once a mutant. What only more examples would find counts as survived.
 */
vi.mock("fast-check", async (importOriginal) => {
  const original = await importOriginal<typeof import("fast-check")>();
  const assert = <Values>(property: IRawProperty<Values>, parameters?: Parameters<Values>) =>
    original.assert(property, { ...parameters, seed: 1, numRuns: Math.min(300, parameters?.numRuns ?? 100) });
  return { ...original, default: { ...original.default, assert } };
});

// Code that counts its mutants is slower: the bounds on time in the tests are ten times as wide.
const now = performance.now.bind(performance);
performance.now = () => now() / 10;
