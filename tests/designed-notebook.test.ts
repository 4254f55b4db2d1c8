import { readFileSync } from "node:fs";
import { copyFile, symlink } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { cellForms } from "#server/cells/index.ts";
import { parseNotebook } from "#server/notebook/format.ts";
import { command } from "./helpers/run-command.ts";
import { temporaryFolder } from "./helpers/temporary-folder.ts";

interface Cells {
  readonly [name: string]: {
    readonly outcome: string;
    readonly value: { readonly columns: readonly { readonly name: string }[]; readonly rowCount: number };
    readonly cells?: { readonly [name: string]: { readonly rows: readonly unknown[] } };
  };
}

// The notebook with which the design describes the format: it changes with the design alone.
const designed = fileURLToPath(new URL("./helpers/designed-notebook.md", import.meta.url));

test("the notebook of the design is one, with nothing wrong", () => {
  const { isNotebook, diagnostics, cells } = parseNotebook(readFileSync(designed, "utf8"), cellForms);
  expect({ isNotebook, diagnostics }).toEqual({ isNotebook: true, diagnostics: [] });
  expect(cells.map(({ kind, name }) => `${kind} ${name}`)).toEqual([
    "sql known",
    "retrieve examples",
    "prompt topic",
    "sql tickets",
    "sheet triage",
    "test gate",
  ]);
});

test("the cells of the design's notebook that need no language model run", { timeout: 60_000 }, async () => {
  await using folder = await temporaryFolder();
  await symlink(fileURLToPath(new URL("../datasets", import.meta.url)), join(folder.path, "datasets"));
  const file = join(folder.path, "designed.md");
  await copyFile(designed, file);
  const run = async (cell: string): Promise<Cells> => {
    const { code, stdout, stderr } = await command("run", file, "--cell", cell, "--json");
    expect({ code, problems: stderr.match(/^.*designed\.md:.*$/gm) }).toEqual({ code: 0, problems: null });
    return (JSON.parse(stdout) as { readonly cells: Cells }).cells;
  };
  const { known, examples } = await run("examples");
  expect(known).toMatchObject({ outcome: "ok", value: { columns: [{ name: "text" }, { name: "category" }] } });
  expect(examples!.value.rowCount).toBe(5);
  const { tickets } = await run("tickets");
  expect(tickets!.value.rowCount).toBe(80);
  const { triage } = await run("triage.examples");
  expect(triage!.cells!["examples"]!.rows).toHaveLength(80);
});
