import { SheafError } from "#server/notebook/sheaf-error.ts";
import { hubFileOf } from "#server/models/files/hub-file.ts";
import { openRuntime } from "#server/runner/runtime.ts";
import type { Command } from "./command.ts";
import { parseOptions } from "./options.ts";
import { showModelFile } from "./show-model-file.ts";
import { tableText } from "./table-text.ts";
import { workspaceFolder } from "./workspace-folder.ts";

const usage = "sheaf models [list | pull NAME …] [--agree] [--workspace DIR]";

/** Lists the models there are, and fetches local ones. */
export const models: Command = {
  name: "models",
  usage,
  help: `Lists the models there are (list), or fetches local ones (pull): by their names,
or as OWNER/REPOSITORY/FILE.gguf any GGUF file of Hugging Face, into the workspace's folder models.

  --agree           agree to the terms of the models that are fetched
  --workspace DIR   the workspace; by default the nearest folder upwards with a folder .sheaf or datasets, or the current one

Exit code 0: done; 1: terms were not agreed to; 2: it could not be done.`,
  async run(words, terminal) {
    const { values, positionals } = parseOptions(
      words,
      { agree: { type: "boolean" }, workspace: { type: "string" } },
      usage,
    );
    const [what = "list", ...names] = positionals;
    const runtime = await openRuntime({
      folder: workspaceFolder(values.workspace, terminal.folder, terminal.folder),
      environment: process.env,
      onModelFile: showModelFile(terminal),
    });
    try {
      if (what === "list") {
        const files = await runtime.modelFiles.list();
        const local = files.map(({ model, state }) => ({
          model: model.name,
          state,
          megabytes: Math.round(model.bytes / 1e6),
          licence: model.licence.title,
        }));
        terminal.out(`${tableText(["model", "state", "megabytes", "licence"], local, terminal.width)}\n\n`);
        const { problem } = runtime.ownEndpoints.read();
        for (const { message, cure = "" } of [...runtime.modelFiles.problems, ...(problem === null ? [] : [problem])])
          terminal.error(`${message}\n${cure}\n\n`);
        const others = runtime.models.list().filter(({ name }) => name !== "local");
        const rows = others.map(({ name, title, keyVariable, usable }) => ({
          models: `${name}/…`,
          provider: title,
          key: keyVariable === null ? "none needed" : `${keyVariable} ${usable ? "is set" : "is not set"}`,
        }));
        terminal.out(`${tableText(["models", "provider", "key"], rows, terminal.width)}\n`);
        return 0;
      }
      if (what !== "pull" || names.length === 0)
        throw new SheafError("command.usage", "say what to do with models", { cure: usage });
      for (const name of names) {
        if (hubFileOf(name) !== null) {
          const fetched = await runtime.modelFiles.pull(name);
          terminal.out(`${fetched.name}: ${fetched.path}\n`);
          continue;
        }
        const file = runtime.modelFiles.model(name);
        const { agreement, title, url } = file.licence;
        if (agreement !== undefined && !(await runtime.store.consents.has(file.name))) {
          terminal.error(`${file.title} comes under the ${title}, ${url}\n${agreement}\n\n`);
          if (values.agree !== true && !(await terminal.ask("Do you agree to these terms?"))) {
            terminal.error("Not fetched. Add --agree to agree.\n");
            return 1;
          }
          await runtime.store.consents.give(file.name, agreement, runtime.now());
        }
        terminal.out(`${file.name}: ${await runtime.modelFiles.ensure(file.name)}\n`);
      }
      return 0;
    } finally {
      await runtime.close();
    }
  },
};
