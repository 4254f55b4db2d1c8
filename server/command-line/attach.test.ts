import { mkdir, readFile, writeFile } from "node:fs/promises";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { WebSocketServer, type WebSocket } from "ws";
import { runCommand } from "#server/main.ts";
import { openRuntime, type Runtime } from "#server/runner/runtime.ts";
import { startModelServer, type ModelServer } from "../../tests/helpers/model-server.ts";
import { temporaryFolder, type TemporaryFolder } from "../../tests/helpers/temporary-folder.ts";
import { attach } from "./attach.ts";
import { serveCommand } from "./serve-command.ts";
import type { Terminal } from "./terminal.ts";

let folder: TemporaryFolder;
let models: ModelServer;
let runtime: Runtime;
let sockets: WebSocketServer;

beforeEach(async () => {
  folder = await temporaryFolder();
  models = await startModelServer(() => ({ text: "hello" }));
  runtime = await openRuntime({
    folder: folder.path,
    environment: { OPENAI_COMPATIBLE_BASE_URL: models.baseUrl },
  });
  sockets = new WebSocketServer({ port: 0 });
  await mkdir(join(folder.path, ".sheaf"), { recursive: true });
  const { port } = sockets.address() as AddressInfo;
  await writeFile(join(folder.path, ".sheaf", "server.json"), JSON.stringify({ address: `http://localhost:${port}` }));
  await writeFile(
    join(folder.path, "a.md"),
    "---\nsheaf: 1\n---\n\n```prompt greeting\n---\nmodel: server/small\n---\nSay hello.\n```\n",
  );
});

afterEach(async () => {
  process.exitCode = undefined;
  sockets.close();
  await runtime.close();
  await models[Symbol.asyncDispose]();
  await folder[Symbol.asyncDispose]();
});

/** A server whose commands begin when `before` is done; gives what a command came to there. */
function served(before: (socket: WebSocket) => Promise<unknown>): Promise<number> {
  const ended = Promise.withResolvers<number>();
  sockets.on("connection", (socket) => {
    const run = async (words: readonly string[], terminal: Terminal): Promise<number> => {
      await before(socket);
      const code = await runCommand(words, terminal);
      ended.resolve(code);
      return code;
    };
    serveCommand(socket, runtime, run, () => {});
  });
  return ended.promise;
}

let stop: () => void;
const terminal = (): Terminal => ({
  isInteractive: true,
  folder: folder.path,
  width: 100,
  onStop(each) {
    stop = () => {
      process.exitCode = 130;
      each();
    };
    return () => {};
  },
  out: () => {},
  data: () => {},
  error: () => {},
  status: () => {},
  ask: () => new Promise(() => {}),
});

const next = (socket: WebSocket, event: "message" | "close"): Promise<unknown> =>
  new Promise((resolve) => socket.once(event, resolve));

test("a command ends with what it came to in the server", async () => {
  void served(async () => {});
  expect(await attach(["run", "a.md", "--yes"], terminal())).toBe(0);
  expect(models.requests()).toHaveLength(1);
});

test("a baseline is written by the server, which has the workspace's results open", async () => {
  void served(async () => {});
  await attach(["run", "a.md", "--yes"], terminal());
  expect(await attach(["baseline", "a.md"], terminal())).toBe(0);
  expect(await readFile(join(folder.path, "a.baseline.jsonl"), "utf8")).toContain('"address":"greeting"');
});

test("Ctrl-C before its run has begun stops it: nothing is sent, and it ends with 130", async () => {
  void served(async (socket) => {
    const heard = next(socket, "message");
    stop();
    await heard;
  });
  expect(await attach(["run", "a.md", "--yes"], terminal())).toBe(130);
  expect(models.requests()).toHaveLength(0);
});

test("one that hung up before its run has begun is stopped: nothing is sent, and nobody is waited for", async () => {
  const ended = served(async (socket) => {
    const closed = next(socket, "close");
    socket.terminate();
    await closed;
  });
  expect(await attach(["run", "a.md", "--yes"], terminal())).toBe(2);
  expect(await ended).toBe(2);
  expect(models.requests()).toHaveLength(0);
});

test.for([true, false])(
  "what the server asks is answered by who sits at the command's terminal: %s",
  async (answer) => {
    const answered = Promise.withResolvers<boolean>();
    sockets.on("connection", (socket) =>
      serveCommand(
        socket,
        runtime,
        async (_words, { ask }) => {
          answered.resolve(await ask("Go on?"));
          return 0;
        },
        () => {},
      ),
    );
    const questions: string[] = [];
    const ask = async (question: string): Promise<boolean> => {
      questions.push(question);
      return answer;
    };
    expect(await attach(["run", "a.md"], { ...terminal(), ask })).toBe(0);
    expect(questions).toEqual(["Go on?"]);
    expect(await answered.promise).toBe(answer);
  },
);

test("what is asked of one that hung up is answered with no", async () => {
  const answered = Promise.withResolvers<boolean>();
  sockets.on("connection", (socket) =>
    serveCommand(
      socket,
      runtime,
      async (_words, { ask }) => {
        const closed = next(socket, "close");
        socket.terminate();
        await closed;
        answered.resolve(await ask("Go on?"));
        return 2;
      },
      () => {},
    ),
  );
  await attach(["run", "a.md"], terminal());
  expect(await answered.promise).toBe(false);
});

test("one that is stopped before it has said what to do does not begin", async () => {
  let begun = false;
  void served(async () => void (begun = true));
  const hasty = terminal();
  const onStop: Terminal["onStop"] = (each) => {
    const release = hasty.onStop(each);
    stop();
    return release;
  };
  expect(await attach(["run", "a.md", "--yes"], { ...hasty, onStop })).toBe(130);
  expect(begun).toBe(false);
});
