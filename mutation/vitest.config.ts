import { basename } from "node:path";
import { defineConfig } from "vitest/config";
import { BaseSequencer, type TestSpecification } from "vitest/node";

/** Files whose tests take seconds. */
const slow = /(?:limits|fuzz|oracles|apply-operation|format-notebook|top-level-fences)\.test\.ts$/;

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
    setupFiles: ["mutation/setup.ts"],
    testTimeout: 20_000,
    sequence: { sequencer: LikeliestFirst },
  },
});
