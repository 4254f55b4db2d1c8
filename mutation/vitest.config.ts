import { basename } from "node:path";
import { defineConfig } from "vitest/config";
import { BaseSequencer, type TestSpecification } from "vitest/node";

/** Files whose tests take seconds: last. */
const slow = /(?:apply-operation|format-notebook|top-level-fences)\.test\.ts$/;

/**
 * What looks for the unexpected, in time, memory and beside other engines: most of the time of a change that nobody notices, and run once
 * a change that is hours. Left out, so that what they alone would notice counts as not noticed.
 */
const searches = ["**/limits.test.ts", "**/memory.test.ts", "**/fuzz.test.ts", "**/oracles.test.ts"];

/** A mutant that is killed need not wait for the rest: the tests that are called like the mutated file come first, slow ones last. */
class LikeliestFirst extends BaseSequencer {
  override sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const mutated = [this.ctx.config.related ?? []].flat().map((path) => basename(path, ".ts"));
    const rank = ({ moduleId }: TestSpecification): number => {
      const tested = basename(moduleId, ".test.ts");
      if (mutated.some((name) => name.includes(tested) || tested.includes(name))) return 0;
      return slow.test(moduleId) ? 2 : 1;
    };
    return Promise.resolve(files.toSorted((left, right) => rank(left) - rank(right)));
  }
}

/** The tests of the layer that is mutated, `LAYER`, and no others. */
export default defineConfig({
  test: {
    include: [`server/${process.env["LAYER"] ?? "*"}/**/*.test.ts`],
    exclude: searches,
    setupFiles: ["mutation/setup.ts"],
    testTimeout: 20_000,
    sequence: { sequencer: LikeliestFirst },
  },
});
