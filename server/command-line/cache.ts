import { createReadStream } from "node:fs";
import { rename, rm, stat, writeFile } from "node:fs/promises";
import { relative, resolve } from "node:path";
import { createInterface } from "node:readline";
import { SheafError } from "#server/notebook/sheaf-error.ts";
import { openRuntime, type Runtime } from "#server/runner/runtime.ts";
import { answerLines, importAnswers } from "#server/store/answer-file.ts";
import type { Command } from "./command.ts";
import { parseOptions } from "./options.ts";
import { workspaceFolder } from "./workspace-folder.ts";

const usage = "sheaf cache export | import FILE [--notebook FILE] [--workspace DIR]";

/** Carries answers of models from one workspace to another: what was paid for here answers the same calls there. */
export const cache: Command = {
  name: "cache",
  usage,
  help: `Writes the answers of models that this workspace has into a file (export), or puts those of a file into it (import):
the same calls are answered there as they were here, free and without a key, as on a machine that tests notebooks.

  --notebook FILE   of the calls of this notebook alone
  --workspace DIR   the workspace; by default the nearest folder upwards with a folder .sheaf or datasets, or the current one

The file has what models answered, and not what was sent. Exit code 0: done; 2: it could not be done.`,
  async run(words, terminal) {
    const options = { notebook: { type: "string" }, workspace: { type: "string" } } as const;
    const { values, positionals } = parseOptions(words, options, usage);
    const [what, name, ...more] = positionals;
    if ((what !== "export" && what !== "import") || name === undefined || more.length > 0)
      throw new SheafError("command.usage", "say what to do with which file", { cure: usage });
    const file = resolve(terminal.folder, name);
    const folder = workspaceFolder(values.workspace, terminal.folder, terminal.folder);
    const runtime = await openRuntime({ folder, environment: process.env });
    try {
      const notebook =
        values.notebook === undefined ? undefined : relative(folder, resolve(terminal.folder, values.notebook));
      terminal.error(what === "export" ? await exported(file, notebook, runtime) : await imported(file, name, runtime));
      return 0;
    } finally {
      await runtime.close();
    }
  },
};

async function exported(file: string, notebook: string | undefined, { journal }: Runtime): Promise<string> {
  let count = -1;
  async function* lines(): AsyncGenerator<string> {
    for await (const line of answerLines(journal, notebook)) {
      count += 1;
      yield `${line}\n`;
    }
  }
  const part = `${file}.part`;
  try {
    await writeFile(part, lines());
    await rename(part, file);
  } catch (thrown) {
    await rm(part, { force: true });
    throw thrown;
  }
  return `${answers(count)} exported\n`;
}

async function imported(file: string, name: string, { journal, now }: Runtime): Promise<string> {
  if ((await stat(file).catch(() => null))?.isFile() !== true)
    throw new SheafError("answers.file", `there is no file ${name}`, {
      cure: "Name one that `sheaf cache export` wrote.",
    });
  const lines = () => createInterface({ input: createReadStream(file, "utf8"), crlfDelay: Number.POSITIVE_INFINITY });
  const { imported, known } = await importAnswers(lines, journal, now);
  return `${answers(imported)} imported${known === 0 ? "" : `, ${known.toLocaleString("en")} were there already`}\n`;
}

function answers(count: number): string {
  return `${count.toLocaleString("en")} ${count === 1 ? "answer" : "answers"}`;
}
