import { join } from "node:path";
import type { Datum } from "#server/notebook/value.ts";
import { startModelServer, type ModelServer } from "../../../tests/helpers/model-server.ts";
import type { ScriptedAnswer, SeenRequest } from "../../../tests/helpers/scripted-answer.ts";
import { temporaryFolder } from "../../../tests/helpers/temporary-folder.ts";
import { openRuntime, type Runtime, type RuntimeSettings } from "../runtime.ts";
import { openSession, type Session, type SessionSettings } from "../session.ts";

/**
 * A workspace in a temporary folder with the real runtime. Its models answer on this machine and are counted there:
 * `server/small` costs nothing, `openai/gpt-5-mini` is priced. Unless a test says otherwise the answer is `<` the last line of
 * the request `>`.
 */
export interface TestWorkspace extends AsyncDisposable {
  readonly folder: string;
  readonly server: ModelServer;
  runtime: Runtime;
  /** What the models do from now on; null for the usual answer. */
  script: ((prompt: string, request: SeenRequest) => ScriptedAnswer | string) | null;
  /** Milliseconds by which the clock is ahead. */
  ahead: number;
  open(text: string, settings?: Partial<SessionSettings>): Promise<Session>;
  /** Closes everything and opens it again, as after a restart. */
  restart(): Promise<void>;
  /** Prompts that were sent since the last time this was asked. */
  sent(): readonly string[];
}

export async function testWorkspace(settings: Partial<RuntimeSettings> = {}): Promise<TestWorkspace> {
  const folder = await temporaryFolder();
  const server = await startModelServer((request) => {
    const prompt = promptOf(request);
    const answer = workspace.script?.(prompt, request) ?? `<${prompt.split("\n").at(-1)}>`;
    return typeof answer === "string" ? { text: answer } : answer;
  });
  const open = (): Promise<Runtime> =>
    openRuntime({
      folder: folder.path,
      environment: {
        OPENAI_COMPATIBLE_BASE_URL: server.baseUrl,
        OPENAI_BASE_URL: server.baseUrl,
        OPENAI_API_KEY: "test",
      },
      now: () => Date.now() + workspace.ahead,
      ...settings,
    });
  let seen = 0;
  let notebooks = 0;
  const workspace: TestWorkspace = {
    folder: folder.path,
    server,
    runtime: await open(),
    script: null,
    ahead: 0,
    open: (text, more = {}) =>
      openSession(workspace.runtime, { path: `notebook-${(notebooks += 1)}.md`, text, ...more }),
    async restart() {
      await workspace.runtime.close();
      workspace.runtime = await open();
    },
    sent() {
      const fresh = server.requests().slice(seen).map(promptOf);
      seen += fresh.length;
      return fresh.toSorted();
    },
    async [Symbol.asyncDispose]() {
      await workspace.runtime.close();
      await server[Symbol.asyncDispose]();
      await folder[Symbol.asyncDispose]();
    },
  };
  return workspace;
}

/** Where a dataset file of the workspace stands. */
export function datasetPath(workspace: TestWorkspace, name: string): string {
  return join(workspace.folder, "datasets", name);
}

/** A notebook's text: front matter with `sheaf: 1`, then the cells given. */
export function notebookText(front: string, ...cells: readonly string[]): string {
  return `---\nsheaf: 1\n${front}---\n\n${cells.join("\n\n")}\n`;
}

/** One cell's fence; `info` is `kind name`. */
export function fence(info: string, body: string): string {
  const ticks = body.includes("```") ? "````" : "```";
  return `${ticks}${info}\n${body}\n${ticks}`;
}

/** What is shown of a cell outside sheets: its plain value, or how it came out where it has none. */
export function shown(session: Session, cell: string): Datum {
  const result = session.shown(cell);
  if (result === undefined) return "nothing";
  const { value, outcome } = result;
  return value !== null && "value" in value ? (value.value as unknown as Datum) : `(${outcome})`;
}

/** The freshness of an address in one word, with the reasons of a stale one. */
export function fresh(session: Session, address: string): string {
  const found = session.freshness().get(address);
  if (found === undefined) return "no such address";
  return found.state === "stale" ? `stale: ${found.reasons.join(", ")}` : found.state;
}

function promptOf({ body }: SeenRequest): string {
  return body.messages.map(({ content }) => String(content)).join("\n");
}
