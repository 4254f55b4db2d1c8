import { defineConfig } from "vitest/config";
import { BaseSequencer, type TestSpecification } from "vitest/node";

/** Files whose tests take seconds: a mutant that others kill need not wait for them. */
const slow = /(?:limits|fuzz|oracles|apply-operation|format-notebook|top-level-fences)\.test\.ts$/;

class SlowLast extends BaseSequencer {
  override sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    return Promise.resolve(files.toSorted((left, right) => rank(left) - rank(right)));
  }
}

function rank({ moduleId }: TestSpecification): number {
  return slow.test(moduleId) ? 1 : 0;
}

/** The tests of the layers that are mutated, and no others. */
export default defineConfig({
  test: {
    include: ["server/language/**/*.test.ts", "server/notebook/**/*.test.ts"],
    setupFiles: ["mutation/setup.ts"],
    testTimeout: 20_000,
    sequence: { sequencer: SlowLast },
  },
});
