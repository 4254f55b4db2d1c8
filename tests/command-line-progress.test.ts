import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test, vi } from "vitest";
import { startModelServer } from "./helpers/model-server.ts";
import { commandAt } from "./helpers/run-command.ts";
import { temporaryFolder } from "./helpers/temporary-folder.ts";

test("`run` shows in one line, which changes with every answer, how far a step is and what it has cost", async () => {
  await using folder = await temporaryFolder();
  const usage = { prompt: 4, completion: 50_000 };
  await using server = await startModelServer(() => ({ text: "yes", hold: true, usage }));
  vi.stubEnv("OPENAI_BASE_URL", server.baseUrl);
  vi.stubEnv("OPENAI_API_KEY", "some key");
  const text = [
    "---\nsheaf: 1\n---",
    "```data lines\nid,text\n1,one\n2,two\n3,three\n```",
    "````sheet all_lines\n---\nrows: lines\n---",
    "```prompt answer\n---\nmodel: openai/gpt-5-mini\n---\n{{ row.text }}\n```",
    "````",
  ];
  await writeFile(join(folder.path, "a.md"), text.join("\n"));
  const shown: string[] = [];
  const status = (line: string): void => void shown.push(line);
  const ended = commandAt({ isInteractive: true, folder: folder.path, status }, "run", "a.md", "--yes");
  const release = (calls: number): number => server.release(({ number }) => number === calls - 1);
  for (const [calls, money] of [
    [1, "1 call, $0.10"],
    [2, "2 calls, $0.20"],
  ] as const) {
    await expect.poll(() => release(calls)).toBe(1);
    await expect.poll(() => shown.at(-1)).toBe(`all_lines.answer ${calls}/3 · ${money}`);
  }
  await expect.poll(() => release(3)).toBe(1);
  const { code, stderr } = await ended;
  expect(code).toBe(0);
  expect(stderr).toMatch(/\n4 computed in [\d.]+ s · 3 calls, \$0\.30\n/);
  expect(shown.at(-1)).toBe("3 calls, $0.30");
  vi.unstubAllEnvs();
});
