import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { command } from "./helpers/run-command.ts";
import { temporaryFolder } from "./helpers/temporary-folder.ts";

const notebook = `---
sheaf: 1
---
\`\`\`data wide
---
file: wide.csv
---
\`\`\`
\`\`\`sql every
from 'wide.csv'
\`\`\`
\`\`\`js total
let total = 0;
for (const row of wide) total += row.c999;
return total;
\`\`\`
\`\`\`\`sheet marked
---
rows: wide
---
\`\`\`template ends
{{ row.c0 }} to {{ row.c999 }}
\`\`\`
\`\`\`formula sum
c0 + c999
\`\`\`
\`\`\`template lacking
{{ row.elsewhere }}
\`\`\`
\`\`\`\`
`;

test(
  "a table of 1,000 columns is read by SQL, code and sheets, and shown within the terminal's width",
  { timeout: 60_000 },
  async () => {
    await using folder = await temporaryFolder();
    await mkdir(join(folder.path, "datasets"));
    const names = Array.from({ length: 1000 }, (_, index) => `c${index}`);
    const lines = Array.from({ length: 60 }, (_, row) => names.map((_, column) => row + column).join(","));
    await writeFile(join(folder.path, "datasets", "wide.csv"), [names.join(","), ...lines, ""].join("\n"));
    const file = join(folder.path, "wide.md");
    await writeFile(file, notebook);

    const shown = await command("run", file);
    expect(shown.stderr).toContain("marked.lacking: the rows of `marked` have no column `elsewhere`");
    expect(shown.stderr).toContain("They have: c0, c1, c2, c3, c4, c5, c6, c7, c8, c9, c10, c11 and 988 more.");
    expect(shown.stdout).toContain("── sql every · 60 rows");
    expect(shown.stdout).toMatch(/^not shown for want of width: c\d+(, c\d+){11} and 9\d\d more$/m);
    for (const line of shown.stdout.split("\n")) expect(line.length, line).toBeLessThanOrEqual(160);

    const { cells } = JSON.parse((await command("run", file, "--json")).stdout);
    expect(cells.every.value.columns).toHaveLength(1000);
    expect(cells.total.value).toBe(61_710);
    expect(cells.marked.value.rows[3]).toMatchObject({ c0: 3, c999: 1002, ends: "3 to 1002", sum: 1005 });
  },
);
