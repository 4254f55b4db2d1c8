import { modelsOf } from "#server/runner/models-of.ts";
import { planRun, type Scope } from "#server/notebook/plan.ts";
import { resolveModel } from "#server/runner/build-item.ts";
import type { Runtime } from "#server/runner/runtime.ts";
import type { Session } from "#server/runner/session.ts";
import type { ModelFile } from "#server/models/files/model-file.ts";
import type { OpenedSession } from "./session-options.ts";
import type { Terminal } from "./terminal.ts";

/**
 * Shows the terms of the models that what is asked for uses and that must be agreed to before they are fetched, and asks; `--agree` is the
 * answer where nobody can be asked. What is not agreed to waits, and the rest runs.
 */
export async function agreeToLicences(
  { session, runtime, scope, agree }: Pick<OpenedSession, "session" | "runtime" | "scope" | "agree">,
  terminal: Terminal,
): Promise<void> {
  for (const file of await unagreed(session, runtime, scope)) {
    const { title, url, agreement = "" } = file.licence;
    terminal.error(`\n${file.title} (${file.name}) comes under the ${title}, ${url}\n${agreement}\n\n`);
    if (agree) terminal.error("Agreed to by --agree.\n");
    if (agree || (await terminal.ask("Do you agree to these terms?")))
      await runtime.store.consents.give(file.name, agreement, runtime.now());
    else terminal.error(`Not agreed to: cells that use ${file.name} wait. Add --agree to agree.\n`);
  }
}

async function unagreed(session: Session, runtime: Runtime, scope: Scope): Promise<readonly ModelFile[]> {
  const { graph } = session.state;
  const { steps } = planRun(graph, scope, { effect: (node) => runtime.effectOf(node, graph.front) });
  const names = new Set(
    steps.flatMap(({ node }) =>
      modelsOf(graph.nodes.get(node)!).flatMap((named) => {
        try {
          return [resolveModel(named, graph.front).model];
        } catch {
          // What names no model is an error of its cell when that runs.
          return [];
        }
      }),
    ),
  );
  const files = runtime.modelFiles.models.filter(
    (file) => names.has(file.name) && file.licence.agreement !== undefined,
  );
  const open: ModelFile[] = [];
  for (const file of files) {
    if (await runtime.store.consents.has(file.name)) continue;
    // Terms are agreed to before a file is fetched: one that is there was put there by somebody who had.
    if ((await runtime.modelFiles.path(file.name).catch(() => null)) === null) open.push(file);
  }
  return open;
}
