import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { command } from "../../tests/helpers/run-command.ts";
import { temporaryFolder } from "../../tests/helpers/temporary-folder.ts";

const fence = (info: string, ...lines: string[]): string => [`\`\`\`${info}`, ...lines, "```"].join("\n");

test("a sheet's columns with axes are shown at the chosen labels, under a name of the row's too", async () => {
  await using folder = await temporaryFolder();
  await writeFile(
    join(folder.path, "notebook.md"),
    [
      "---\nsheaf: 1\nchoose: { times: 10 }\n---",
      fence("data rows", "id,total", "1,3", "2,4"),
      "````sheet read\n---\nrows: rows\n---",
      fence(
        "js fields",
        "---\nvary: { times: [2, 10] }\n---",
        "if (row.id === 2) throw new Error('two');",
        "return { total: row.total * vary.times, unit: 'EUR' }",
      ),
      fence("score total", "---\noutput: =fields.total\nexpected: 30\n---", "- equals"),
      "````",
    ].join("\n"),
  );
  const { stdout } = await command(
    "run",
    join(folder.path, "notebook.md"),
    "--workspace",
    folder.path,
    "--cell",
    "read",
  );
  expect(stdout.split("\n").slice(1, 5)).toEqual([
    "id  total  fields.total · 10  fields.unit · 10  total · 10",
    "──  ─────  ─────────────────  ────────────────  ──────────",
    " 1      3                 30  EUR                      1 ✓",
    " 2      4",
  ]);
});
