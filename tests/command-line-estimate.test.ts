import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { command } from "./helpers/run-command.ts";
import { standingFolder } from "./helpers/standing-folder.ts";

const fence = (info: string, ...lines: string[]): string => [`\`\`\`${info}`, ...lines, "```", ""].join("\n");

test("before calls, of free models too, one line says how many go out, which are equal, and what the journal has", async () => {
  await using folder = await standingFolder();
  await mkdir(join(folder.path, "datasets"));
  const text = (...prompts: string[]): string =>
    [
      "---\nsheaf: 1\n---",
      ...prompts.map((body, index) => fence(`prompt p${index}`, "---\nmodel: echo/text\n---", body)),
    ].join("\n");
  const run = async (...prompts: string[]): Promise<readonly string[]> => {
    await writeFile(join(folder.path, "a.md"), text(...prompts));
    return (await command("run", "a.md")).stderr.split("\n");
  };
  const first = await run("four", "four", "five words are here now");
  expect(first[0]).toMatch(/^2 calls, \$0, about \d+ tokens in; 1 more is equal to one of these\.$/);
  const second = await run("four", "four", "four", "six", "then {{ p3 }}");
  expect(second[0]).toMatch(
    /^At least 1 call, \$0, about \d+ tokens in, \d+ out, less than 1 s; 1 more is in the journal; up to 1 more hang on answers to come\.$/,
  );
  const third = await run("four", "four", "four", "six", "then {{ p3 }}");
  expect(third[0]).toMatch(/^Nothing to compute/);
});
