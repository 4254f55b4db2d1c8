import type { Terminal } from "#server/command-line/terminal.ts";
import { standingFolder } from "#server/command-line/workspace-folder.ts";
import { runCommand } from "#server/main.ts";

export interface CommandEnd {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** A command of the command line in this process, on a terminal nobody sits at. */
export function command(...words: string[]): Promise<CommandEnd> {
  return commandAt({}, ...words);
}

/** The same on a terminal that is another in what `seat` says: whether somebody sits there, what they answer, what they see. */
export async function commandAt(seat: Partial<Terminal>, ...words: string[]): Promise<CommandEnd> {
  const written = { stdout: "", stderr: "" };
  const code = await runCommand(words, {
    isInteractive: false,
    folder: standingFolder(),
    onStop: () => () => {},
    width: 100,
    out: (text) => void (written.stdout += text),
    data: (text) => void (written.stdout += text),
    error: (text) => void (written.stderr += text),
    status: () => {},
    ask: async () => false,
    ...seat,
  });
  return { code, ...written };
}
