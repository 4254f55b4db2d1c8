import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    include: ["server/**/*.test.ts", "evals/**/*.test.ts", "app/**/*.test.ts", "tests/**/*.test.ts"],
    globalSetup: ["tests/helpers/build-app.ts"],
    testTimeout: 20_000,
    hookTimeout: 30_000,
    // A machine that does other things too is slow; what does not come at all is told later for it.
    expect: { poll: { timeout: 30_000 } },
    // Two cores: children (DuckDB, models) share them with the workers.
    maxWorkers: 2,
    pool: "forks",
  },
});
