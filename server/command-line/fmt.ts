import { realpath } from "node:fs/promises";
import { cellForms } from "#server/cells/index.ts";
import { formatNotebook } from "#server/notebook/format-notebook.ts";
import { SheafError } from "#server/notebook/sheaf-error.ts";
import { writeText } from "#server/workbench/saved-file.ts";
import type { Command } from "./command.ts";
import { readNotebook } from "./open-notebook.ts";
import { parseOptions } from "./options.ts";
import { showError } from "./show-error.ts";
import type { Terminal } from "./terminal.ts";

const usage = "sheaf fmt [--check] FILE …";

/** Brings notebooks into the spelling Sheaf itself writes; `--check` only says which are not. */
export const fmt: Command = {
  name: "fmt",
  usage,
  help: `Writes notebooks as Sheaf itself spells them.

  --check   change nothing, say which are spelled otherwise

Exit code 0: done, or all are in Sheaf's spelling; 1: one is not, with --check; 2: a file cannot be read or written; the others are.`,
  async run(words, terminal) {
    const { values, positionals } = parseOptions(words, { check: { type: "boolean" } }, usage);
    if (positionals.length === 0) throw new SheafError("command.usage", "fmt needs a file", { cure: usage });
    const isCheck = values.check === true;
    let different = 0;
    let failed = 0;
    for (const name of positionals) {
      try {
        if (await respell(name, isCheck, terminal)) different += 1;
      } catch (thrown) {
        // The other files are written nevertheless.
        failed += 1;
        showError(thrown, terminal);
      }
    }
    if (failed > 0) return 2;
    return isCheck && different > 0 ? 1 : 0;
  },
};

/** Writes a notebook as Sheaf spells it, or only says that it is not; false where it is spelled so already. */
async function respell(name: string, isCheck: boolean, terminal: Terminal): Promise<boolean> {
  const { file, text } = await readNotebook(name, terminal.folder);
  const formatted = formatNotebook(text, cellForms);
  if (formatted === text) return false;
  if (isCheck) {
    terminal.error(`${name} is not in Sheaf's spelling\n  Run \`sheaf fmt ${name}\`.\n`);
    return true;
  }
  // A link to a notebook stays one.
  await writeText(await realpath(file), formatted).catch((thrown: Error) => {
    throw new SheafError("fmt.unwritable", `${name} cannot be written (${thrown.message})`, {
      cure: "Give this user the right to write it and its folder.",
      cause: thrown,
    });
  });
  terminal.error(`${name} rewritten\n`);
  return true;
}
