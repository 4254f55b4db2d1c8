import { deriveFreshness } from "./derive-freshness.ts";
import { outsideReads } from "./outside-reads.ts";
import type { RunContext } from "./run-context.ts";
import { currentFrame } from "./sheet-freshness.ts";

/**
 * Looks at what freshness hangs on and lies outside the session: the sheets' results, as their readers see them. Nothing is
 * computed. After a restart this is what tells that a test over a sheet still holds.
 */
export async function refresh(context: Pick<RunContext, "state" | "tables">): Promise<void> {
  const { graph } = context.state;
  const opened = new Set<string>();
  for (const node of graph.nodes.values()) {
    if (node.blocked !== null) continue;
    const sheet = node.sheet === null ? undefined : graph.sheets.get(node.sheet);
    if (sheet !== undefined && !opened.has(sheet.id)) {
      opened.add(sheet.id);
      await currentFrame(sheet, context);
    }
    const reads = node.reads.flatMap((read) => (read.type === "results" ? [graph.nodes.get(read.node)!.sheet] : []));
    // Of a sheet that is not there yet there is nothing to be seen.
    if (reads.some((id) => id !== null) && reads.every((id) => id === null || context.state.frames.has(id)))
      await outsideReads(node, context);
  }
  deriveFreshness(context.state);
}
