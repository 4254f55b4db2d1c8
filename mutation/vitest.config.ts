import { defineConfig } from "vitest/config";

/** The tests of the layers that are mutated, and no others. */
export default defineConfig({
  test: {
    include: ["server/language/**/*.test.ts", "server/notebook/**/*.test.ts"],
    setupFiles: ["mutation/setup.ts"],
    testTimeout: 20_000,
  },
});
