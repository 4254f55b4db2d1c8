import { describe, expect, test } from "vitest";
import { tried, type Report } from "./tried.ts";

/** A report of changes of one file, each named by its replacement. */
const report = (statuses: { readonly [replacement: string]: string }): Report => ({
  files: {
    "a.ts": {
      mutants: Object.entries(statuses).map(([replacement, status]) => ({
        mutatorName: "StringLiteral",
        replacement,
        location: { start: { line: 1, column: 1 } },
        status,
      })),
    },
  },
});

describe("the changes that were tried", () => {
  test("are noticed where a test fails or does not end, and are none where they cannot run", () => {
    const one = report({ a: "Killed", b: "Timeout", c: "Survived", d: "NoCoverage", e: "RuntimeError" });
    expect(tried([one])).toEqual({ changes: 4, noticed: 2, untried: 0 });
  });

  test("are those of all reports, each of which leaves out what another tried", () => {
    const calls = report({ a: "Killed", b: "Ignored", c: "Ignored", d: "Survived" });
    const loading = report({ a: "Ignored", b: "Killed", c: "Ignored", d: "Ignored" });
    expect(tried([calls, loading])).toEqual({ changes: 4, noticed: 2, untried: 1 });
    expect(tried([loading, calls])).toEqual({ changes: 4, noticed: 2, untried: 1 });
  });
});
