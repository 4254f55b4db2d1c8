import { dirname, relative } from "node:path";
import { exactAmount } from "#server/notebook/amount-text.ts";
import { isPart } from "#server/notebook/part-of-cell.ts";
import { SheafError } from "#server/notebook/sheaf-error.ts";
import type { RowScope, Scope } from "#server/notebook/plan.ts";
import { cellForms } from "#server/cells/index.ts";
import { parseNotebook } from "#server/notebook/format.ts";
import { confirmAbove } from "#server/runner/confirm-run.ts";
import { notesPath, openNotesFile } from "#server/runner/notes-file.ts";
import { openRuntime, type Runtime } from "#server/runner/runtime.ts";
import { openSession, type Session } from "#server/runner/session.ts";
import { readNotebook } from "./open-notebook.ts";
import { setInputs } from "./set-inputs.ts";
import { countOption, moneyOption, parseOptions } from "./options.ts";
import type { Terminal } from "./terminal.ts";
import { errorText } from "./show-error.ts";
import { showModelFile } from "./show-model-file.ts";
import { workspaceFolder } from "./workspace-folder.ts";

/** What `run` and `test` take. */
const sessionOptions = {
  set: { type: "string", multiple: true },
  cell: { type: "string" },
  rows: { type: "string" },
  json: { type: "boolean" },
  workspace: { type: "string" },
  budget: { type: "string" },
  yes: { type: "boolean" },
  batch: { type: "boolean" },
  "cancel-batch": { type: "boolean" },
  agree: { type: "boolean" },
  baseline: { type: "boolean" },
} as const;

type SessionOption = keyof typeof sessionOptions;

/** What the options of `run` and `test` mean, for `--help`. */
export const sessionHelp = `  --set name=value  give an input another value; may be repeated. --set name=@FILE gives it what a file holds, found from where
                    you stand: a text, the data of JSON or YAML, the rows of a table, a file, an image, as the input's type
                    is. A value that begins with @ is written with two
  --cell NAME       only this cell, or SHEET.COLUMN, with what it needs
  --rows N          only the first N rows of every sheet
  --json            print one JSON object instead of text
  --workspace DIR   the folder of datasets and results; by default the nearest folder at or above FILE that has a folder
                    .sheaf or datasets, or the current one
  --budget USD      stop before calls of models cost more than that
  --yes             do not ask before calls that may cost more than ${exactAmount(confirmAbove)}
  --batch           go on with what batches answered, and leave other calls of OpenAI's and Anthropic's models to one: at
                    half the price, within a day, when this is run again
  --cancel-batch    cancel the batches that are waited for, and run nothing: what was answered by then is kept, and paid for
  --agree           agree to the terms of the models that are fetched`;

/** A notebook opened for a command, with what is to be run of it. */
export interface OpenedSession {
  readonly runtime: Runtime;
  readonly session: Session;
  /** The notebook's file as it was named, and where it is. */
  readonly file: string;
  readonly found: string;
  /** The command's name. */
  readonly command: string;
  readonly scope: Scope;
  readonly rows: RowScope | undefined;
  /** The one cell asked for. */
  readonly cell: string | undefined;
  readonly budget: number | undefined;
  readonly json: boolean;
  readonly yes: boolean;
  readonly batch: boolean;
  readonly cancelBatch: boolean;
  readonly agree: boolean;
  /** Whether its baseline was asked for. */
  readonly baseline: boolean;
}

/** Opens what a command's words name. `known` are the options it has; those it has not are as if they were not given. */
export async function openForCommand(
  words: readonly string[],
  usage: string,
  terminal: Terminal,
  known: readonly SessionOption[] = Object.keys(sessionOptions) as SessionOption[],
): Promise<OpenedSession> {
  const own = Object.fromEntries(known.map((name) => [name, sessionOptions[name]])) as typeof sessionOptions;
  const { values, positionals } = parseOptions(words, own, usage);
  const [file, ...more] = positionals;
  if (file === undefined || more.length > 0)
    throw new SheafError("command.usage", "name one notebook", { cure: usage });
  const rows = countOption("rows", values.rows);
  const budget = moneyOption("budget", values.budget);
  const { text, file: found } = await readNotebook(file, terminal.folder);
  const folder = workspaceFolder(values.workspace, dirname(found), terminal.folder);
  // Its path below the workspace is the notebook's name in the stores.
  const path = relative(folder, found);
  const notebook = parseNotebook(text, cellForms);
  if (!notebook.isNotebook) {
    const tooLarge = notebook.diagnostics.find(({ code }) => code === "notebook.too-large");
    if (tooLarge !== undefined) throw new SheafError(tooLarge.code, `${file}: ${tooLarge.message}`, tooLarge);
    for (const diagnostic of notebook.diagnostics) terminal.error(errorText(diagnostic, file));
    throw new SheafError("notebook.not-a-notebook", `${file} is no notebook`, {
      cure: "A notebook is Markdown whose front matter has `sheaf: 1`.",
    });
  }
  const runtime =
    terminal.opened?.folder === folder
      ? lent(terminal.opened.runtime)
      : await openRuntime({ folder, environment: process.env, onModelFile: showModelFile(terminal) });
  try {
    const given = await setInputs(values.set ?? [], notebook.front.inputs, terminal.folder, runtime);
    const notes = openNotesFile(notesPath(found));
    const session = await openSession(runtime, { path, text, ...given, notes });
    if (values.cell !== undefined && !session.state.graph.nodes.has(values.cell)) {
      throw new SheafError("command.unknown-cell", `there is no cell ${values.cell}`, {
        cure: `There are: ${[...session.state.graph.nodes.keys()].filter((id) => !isPart(id)).join(", ")}.`,
      });
    }
    return {
      runtime,
      session,
      file,
      found,
      command: usage.split(" ")[1]!,
      scope: values.cell === undefined ? { type: "stale" } : { type: "cells", cells: [values.cell] },
      rows: rows === undefined ? undefined : { type: "first", count: rows },
      cell: values.cell,
      budget,
      json: values.json === true,
      yes: values.yes === true,
      batch: values.batch === true,
      cancelBatch: values["cancel-batch"] === true,
      agree: values.agree === true,
      baseline: values.baseline === true,
    };
  } catch (thrown) {
    await runtime.close();
    throw thrown;
  }
}

/** A runtime that is somebody else's to close. */
function lent(runtime: Runtime): Runtime {
  return { ...runtime, close: async () => {} };
}
