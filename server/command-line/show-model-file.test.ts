import { expect, test } from "vitest";
import type { ModelFileProgress } from "#server/models/files/model-file.ts";
import { showModelFile } from "./show-model-file.ts";
import type { Terminal } from "./terminal.ts";

/** What is shown while a model of 200 MB is fetched, a hundredth at a time, and checked. */
function shownWhileFetched(isInteractive: boolean): {
  readonly lines: readonly string[];
  readonly status: readonly string[];
} {
  const lines: string[] = [];
  const status: string[] = [];
  const error = (text: string): void => void lines.push(text);
  const show = showModelFile({ isInteractive, error, status: (text: string) => void status.push(text) } as Terminal);
  const total = 200e6;
  const fetching = { name: "local/tiny", phase: "downloading", source: "Hugging Face", total } as const;
  const told: readonly ModelFileProgress[] = [
    ...Array.from({ length: 101 }, (_, percent) => ({ ...fetching, bytes: percent * 2e6 })),
    { ...fetching, phase: "verifying", bytes: total },
  ];
  for (const progress of told) show(progress);
  return { lines, status };
}

test("the fetching of a model is a line that changes with every piece", () => {
  const { lines, status } = shownWhileFetched(true);
  expect(lines).toEqual([]);
  expect(status).toHaveLength(102);
  expect(status[43]).toBe("local/tiny: downloading from Hugging Face, 86 of 200 MB, 43 %");
  expect(status.at(-1)).toBe("local/tiny: verifying from Hugging Face, 200 of 200 MB, 100 %");
});

test("the fetching of a model is a line every tenth where there is no terminal", () => {
  expect(shownWhileFetched(false).lines).toEqual([
    ...[0, 20, 40, 60, 80, 100, 120, 140, 160, 180, 200].map(
      (megabytes) => `local/tiny: downloading from Hugging Face, ${megabytes} of 200 MB\n`,
    ),
    "local/tiny: verifying from Hugging Face, 200 of 200 MB\n",
  ]);
});
