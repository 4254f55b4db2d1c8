import type { Node } from "#server/notebook/graph-node.ts";
import type { RunContext } from "./run-context.ts";
import type { SessionState } from "./session-state.ts";

/**
 * What runs by itself may take so many milliseconds, by what its cells took last. One that was never computed is taken to
 * take nothing: the second time it is known.
 */
const automaticMilliseconds = 2_000;
const negligibleMilliseconds = 0.1;

/** The time one run has, where nobody asked for it, and what its cells took. */
export function automaticTime(
  { durations }: Pick<SessionState, "durations">,
  automatic: boolean,
  callsModels: (node: Node) => boolean,
): Pick<RunContext, "spare" | "took"> {
  let left = automaticMilliseconds;
  return {
    spare(node, addresses) {
      if (!automatic || callsModels(node)) return true;
      const estimated = addresses * (durations.get(node.id) ?? 0);
      if (estimated > left) return false;
      left -= estimated;
      return true;
    },
    took({ id, kind }, addresses, milliseconds) {
      if (addresses === 0) return;
      if (kind?.warmsUp === true && !durations.has(id)) return void durations.set(id, 0);
      const each = milliseconds / addresses;
      // What takes next to nothing is taken to take nothing, as is what was never computed.
      if (each >= negligibleMilliseconds) durations.set(id, each);
      else if (durations.size > 0 && kind?.warmsUp !== true) durations.delete(id);
    },
  };
}
