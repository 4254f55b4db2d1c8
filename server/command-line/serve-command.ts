import type { WebSocket } from "ws";
import type { Runtime } from "#server/runner/runtime.ts";
import type { ToCommand, ToServer } from "./attached-frames.ts";
import type { Terminal } from "./terminal.ts";

/**
 * Does the work of a command line that found this server: the same command, in the runtime that is open, on the terminal at the other
 * end. Whoever hangs up stops it, as Ctrl-C would.
 */
export function serveCommand(
  socket: WebSocket,
  runtime: Runtime,
  run: (words: readonly string[], terminal: Terminal) => Promise<number>,
  done: () => void,
): void {
  const stops = new Set<() => void>();
  let stopped = false;
  let answer: ((yes: boolean) => void) | undefined;
  const tell = (frame: ToCommand): void => socket.send(JSON.stringify(frame));
  const stop = (): void => {
    stopped = true;
    answer?.(false);
    for (const each of stops) each();
  };
  socket.on("close", stop);
  socket.on("message", (bytes) => {
    const frame = JSON.parse(String(bytes)) as ToServer;
    switch (frame.type) {
      case "start": {
        const { words, folder, width, isInteractive } = frame;
        const terminal: Terminal = {
          isInteractive,
          folder,
          width,
          opened: { folder: runtime.workspace.folder, runtime },
          out: (text) => tell({ type: "out", text }),
          data: (text) => tell({ type: "data", text }),
          error: (text) => tell({ type: "error", text }),
          status: (text) => tell({ type: "status", text }),
          async ask(question) {
            if (stopped) return false;
            tell({ type: "ask", question });
            return new Promise((resolve) => (answer = resolve));
          },
          onStop(each) {
            // The notebook may have been opened meanwhile, and nobody waits for it any more.
            if (stopped) each();
            stops.add(each);
            return () => stops.delete(each);
          },
        };
        void (stopped ? Promise.resolve(2) : run(words, terminal)).then((code) => {
          done();
          tell({ type: "end", code });
          socket.close();
        });
        return;
      }
      case "answer":
        return answer?.(frame.yes);
      case "stop":
        return stop();
    }
  });
}
