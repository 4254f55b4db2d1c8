import { attach } from "./command-line/attach.ts";
import { baseline } from "./command-line/baseline.ts";
import { cache } from "./command-line/cache.ts";
import { fmt } from "./command-line/fmt.ts";
import { models } from "./command-line/models.ts";
import { run } from "./command-line/run.ts";
import { serve } from "./command-line/serve.ts";
import { test } from "./command-line/test.ts";
import { endProcess } from "./command-line/end-process.ts";
import { showError } from "./command-line/show-error.ts";
import type { Command } from "./command-line/command.ts";
import { nodeTerminal, type Terminal } from "./command-line/terminal.ts";

const commands: readonly Command[] = [serve(runCommand), run, test, baseline, fmt, models, cache];

/** The command line of this process: runs `sheaf COMMAND …` and ends the process with its exit code. */
export async function main(words: readonly string[]): Promise<void> {
  const terminal = nodeTerminal();
  endProcess((await attach(words, terminal)) ?? (await runCommand(words, terminal)));
}

/** Runs `COMMAND …` and gives its exit code. Results go to standard output, everything else to standard error. */
export async function runCommand(words: readonly string[], terminal: Terminal): Promise<number> {
  const [name, ...rest] = words;
  const command = commands.find((each) => each.name === name);
  const usage = `${commands.map((each) => each.usage).join("\n")}\nsheaf COMMAND --help\n`;
  if (command === undefined) {
    const isHelp = name === "help" || name === "--help" || name === "-h";
    if (isHelp) terminal.out(usage);
    else terminal.error(`${name === undefined ? "" : `sheaf: there is no command ${name}\n`}${usage}`);
    return isHelp ? 0 : 2;
  }
  if (rest.includes("--help") || rest.includes("-h")) {
    terminal.out(`${command.usage}\n\n${command.help}\n`);
    return 0;
  }
  try {
    return await command.run(rest, terminal);
  } catch (thrown) {
    showError(thrown, terminal);
    return 2;
  }
}
