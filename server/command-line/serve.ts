import { rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { buildApp } from "#server/serve/build-app.ts";
import { openServer } from "#server/serve/open-server.ts";
import { openPublishing } from "#server/publish/publishing.ts";
import { openRuntime } from "#server/runner/runtime.ts";
import { reportText, type Report } from "#server/runner/report.ts";
import { firstExample } from "#server/workbench/first-example.ts";
import { openWorkspaceNotebooks } from "#server/workbench/workspace-notebooks.ts";
import type { ServerNote } from "./attached-frames.ts";
import type { Command } from "./command.ts";
import { parseOptions } from "./options.ts";
import { SheafError, toCellError } from "#server/notebook/sheaf-error.ts";
import { serveCommand } from "./serve-command.ts";
import type { Terminal } from "./terminal.ts";
import { workspaceFolder } from "./workspace-folder.ts";

const usage = "sheaf serve [--port N] [--workspace DIR] [--no-build]";
const root = fileURLToPath(new URL("../..", import.meta.url)).replace(/[/\\]$/, "");
const usualPort = 3210;

/** Serves the workbench on this machine until it is told to stop. `run` does a command that another command line gave to it. */
export const serve = (run: (words: readonly string[], terminal: Terminal) => Promise<number>): Command => ({
  name: "serve",
  usage,
  help: `Serves the workbench for a browser on this machine, and prints its address. Ctrl-C ends it.

  --port N          the port; by default ${usualPort}, or the next free one
  --workspace DIR   the workspace; by default the nearest folder upwards with a folder .sheaf or datasets, or the current one
  --no-build        serve the app as it was built last

Exit code 0: it was stopped; 2: it could not start.`,
  async run(words, terminal) {
    const { values } = parseOptions(
      words,
      { port: { type: "string" }, workspace: { type: "string" }, "no-build": { type: "boolean" } },
      usage,
    );
    const app =
      values["no-build"] === true ? `${root}/dist/client` : await buildApp(root, (line) => terminal.error(`${line}\n`));
    const runtime = await openRuntime({
      folder: workspaceFolder(values.workspace, terminal.folder, terminal.folder),
      environment: process.env,
      served: true,
    });
    const examples = `${root}/public/examples`;
    // Numbers of events go on from one start to the next, so that a page that was away knows its own are of another.
    const report: Report = (doing, error) => terminal.error(`${reportText(doing, error)}\n`);
    const notebooks = await openWorkspaceNotebooks({ runtime, examples, firstSequence: Date.now(), report });
    const publishing = openPublishing({ runtime, report });
    const stopRemoving = runtime.retention.start((thrown) =>
      report("removing what is kept no longer", toCellError(thrown)),
    );
    const close = async (): Promise<void> => {
      await stopRemoving();
      await publishing.close();
      await notebooks.close();
      await runtime.close();
    };
    try {
      if ((await notebooks.list()).length === 0) await notebooks.takeExample(firstExample);
      await publishing.start();
      const server = await open(portOf(values.port), {
        context: { runtime, notebooks, publishing, examples },
        app,
        onCommand: (socket) => serveCommand(socket, runtime, run, () => void notebooks.reload()),
      });
      const note = join(runtime.workspace.folder, ".sheaf", "server.json");
      await writeFile(note, JSON.stringify({ address: server.address, pid: process.pid } satisfies ServerNote));
      terminal.out(`Sheaf is at ${server.address}\n`);
      const stopped = Promise.withResolvers<void>();
      const release = terminal.onStop(() => stopped.resolve());
      await stopped.promise;
      await server.close();
      await rm(note, { force: true });
      await close();
      release();
      return 0;
    } catch (thrown) {
      await close();
      throw thrown;
    }
  },
});

function portOf(text: string | undefined): number | null {
  if (text === undefined) return null;
  const port = Number(text);
  if (!/^\d+$/.test(text) || port > 65_535)
    throw new SheafError("command.usage", `--port is ${text}`, { cure: "Give a number from 0 to 65535." });
  return port;
}

/** Listens on the port asked for, or where none was on the first free one from the usual one on. */
async function open(port: number | null, settings: Omit<Parameters<typeof openServer>[0], "port">) {
  if (port !== null) return openServer({ ...settings, port });
  for (let candidate = usualPort; ; candidate += 1) {
    try {
      return await openServer({ ...settings, port: candidate });
    } catch (thrown) {
      if (candidate >= usualPort + 20 || !(thrown instanceof SheafError) || thrown.code !== "serve.port") throw thrown;
    }
  }
}
