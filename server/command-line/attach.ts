import { readFile } from "node:fs/promises";
import { dirname, join, resolve } from "node:path";
import { WebSocket } from "ws";
import type { ServerNote, ToCommand, ToServer } from "./attached-frames.ts";
import type { Terminal } from "./terminal.ts";
import { workspaceFolder } from "./workspace-folder.ts";

/** Commands that work in a workspace, and so in the server that has it open. */
const attachable = new Set(["run", "test", "baseline"]);

/**
 * Has a server of the workspace do a command, where there is one, so that its pages see what comes and nothing is opened or sent twice. Null
 * where there is none: then the command does it by itself.
 */
export async function attach(words: readonly string[], terminal: Terminal): Promise<number | null> {
  const [name, ...rest] = words;
  if (name === undefined || !attachable.has(name) || rest.includes("--help") || rest.includes("-h")) return null;
  const socket = await reach(workspaceOf(rest, terminal.folder));
  if (socket === null) return null;
  const { folder, width, isInteractive } = terminal;
  const tell = (frame: ToServer): void => socket.send(JSON.stringify(frame));
  const release = terminal.onStop(() => tell({ type: "stop" }));
  try {
    return await new Promise<number>((resolve) => {
      let ended = false;
      socket.on("message", (bytes) => {
        const frame = JSON.parse(String(bytes)) as ToCommand;
        switch (frame.type) {
          case "out":
            return terminal.out(frame.text);
          case "data":
            return terminal.data(frame.text);
          case "error":
            return terminal.error(frame.text);
          case "status":
            return terminal.status(frame.text);
          case "ask":
            void terminal.ask(frame.question).then((yes) => tell({ type: "answer", yes }));
            return;
          case "end":
            ended = true;
            // What stopped it is known here: the server has an exit code of its own.
            return resolve(Number(process.exitCode ?? frame.code));
        }
      });
      socket.on("close", () => {
        if (ended) return;
        terminal.error(
          "sheaf: the server of this workspace ended meanwhile\n  What was finished is kept: run the command again.\n",
        );
        resolve(2);
      });
      tell({ type: "start", words, folder, width, isInteractive });
    });
  } finally {
    release();
    socket.close();
  }
}

/** The workspace a command means; whatever is wrong with its words it says itself. */
function workspaceOf(words: readonly string[], standing: string): string {
  const named = words.find((word, index) => words[index - 1] === "--workspace" || word.startsWith("--workspace="));
  const file = words.find((word) => word.endsWith(".md")) ?? ".";
  return workspaceFolder(named?.replace(/^--workspace=/, ""), dirname(resolve(standing, file)), standing);
}

/** A connection to the server that says it has the workspace; null where none says so or it does not answer. */
async function reach(workspace: string): Promise<WebSocket | null> {
  const note = await readFile(join(workspace, ".sheaf", "server.json"), "utf8").catch(() => null);
  if (note === null) return null;
  const { address } = JSON.parse(note) as ServerNote;
  const socket = new WebSocket(`${address.replace("http", "ws")}/api/command`, { handshakeTimeout: 2_000 });
  return new Promise((resolve) => {
    socket.once("open", () => resolve(socket));
    socket.once("error", () => resolve(null));
  });
}
