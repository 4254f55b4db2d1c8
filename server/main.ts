import { fmt } from "./command-line/fmt.ts";
import { models } from "./command-line/models.ts";
import { run } from "./command-line/run.ts";
import { test } from "./command-line/test.ts";
import { endProcess } from "./command-line/end-process.ts";
import { showError } from "./command-line/show-error.ts";
import type { Command } from "./command-line/command.ts";
import { nodeTerminal } from "./command-line/terminal.ts";

const commands: readonly Command[] = [run, test, fmt, models];

/** The command line: `sheaf COMMAND …`. Results go to standard output, everything else to standard error. */
export async function main(words: readonly string[]): Promise<void> {
  const terminal = nodeTerminal();
  const [name, ...rest] = words;
  const command = commands.find((each) => each.name === name);
  if (command === undefined) {
    const asked = name === undefined || name === "help" || name === "--help" || name === "-h";
    const usage = `${commands.map((each) => each.usage).join("\n")}\n`;
    if (asked && name !== undefined) terminal.out(usage);
    else terminal.error(`${name === undefined ? "" : `sheaf: there is no command ${name}\n`}${usage}`);
    return endProcess(asked && name !== undefined ? 0 : 2);
  }
  try {
    endProcess(await command.run(rest, terminal));
  } catch (thrown) {
    showError(thrown, terminal);
    endProcess(2);
  }
}
