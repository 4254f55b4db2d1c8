import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { canListProcesses, isRunning, waitUntilGone } from "./process-tree.ts";
import { runProcess } from "./run-process.ts";
import { temporaryFolder } from "./temporary-folder.ts";

const family = new URL("./scripts/family.ts", import.meta.url);

describe("a process under test", () => {
  test("runs TypeScript, and its end tells its code and all it wrote", async () => {
    await using folder = await temporaryFolder();
    const script = join(folder.path, "script.ts");
    await writeFile(
      script,
      `const code: number = 3; console.log(process.argv[2]); console.error("no"); process.exitCode = code;`,
    );
    await using child = runProcess(script, { arguments: ["yes"] });
    expect(await child.ended).toEqual({ code: 3, signal: null, stdout: "yes\n", stderr: "no\n" });
  });

  test("is waited for by what it writes, hears what is written to it, and ends by a signal", async () => {
    await using child = runProcess(family, { arguments: ["0"] });
    expect((await child.waitFor(/is here: (\d+)/))[1]).toBe(String(child.pid));
    await child.waitFor(/says so/, "stderr");
    child.write("hello\n");
    await child.waitFor(/heard hello/);
    child.kill("SIGTERM");
    expect(await child.ended).toMatchObject({ code: null, signal: "SIGTERM" });
    expect(child.output().stdout).toContain("heard hello");
  });

  test("fails a wait for what it never writes, with its output", async () => {
    await using child = runProcess(family, { arguments: ["0"] });
    await child.waitFor(/is here/);
    const waiting = child.waitFor(/never said/);
    child.kill("SIGKILL");
    await expect(waiting).rejects.toThrow(/ended without \/never said\/[^]*is here/);
  });

  test("is killed at its deadline", async () => {
    await using child = runProcess(family, { arguments: ["0"], deadline: 50 });
    expect((await child.ended).signal).toBe("SIGKILL");
  });

  test.skipIf(!canListProcesses)("shows its descendants, and leaves none behind", async () => {
    await using child = runProcess(family, { arguments: ["2"] });
    await child.waitFor(/generation 0/);
    const seen = child.descendants();
    expect(seen).toHaveLength(2);
    expect(seen.every(isRunning)).toBe(true);
    expect(await waitUntilGone(seen, 30)).toEqual(seen);
    await child[Symbol.asyncDispose]();
    expect(seen.some(isRunning)).toBe(false);
    expect(await waitUntilGone(seen, 30)).toEqual([]);
  });
});
