import { addressText, parseAddress, type Address } from "#server/notebook/address.ts";
import type { WaitingOn } from "#server/notebook/cell-kind.ts";
import type { Node } from "#server/notebook/graph-node.ts";
import type { Plan } from "#server/notebook/plan.ts";
import type { Runtime } from "./runtime.ts";
import type { SessionState } from "./session-state.ts";

/** What waits in a run: kept as soon as it is known, so that it can be continued while the run is on; what no longer waits is taken away when it ends. */
export interface RunWaits {
  add(address: Address, on: WaitingOn): void;
  /** What waits now, for the outcome of the run. */
  readonly size: number;
  flush(): Promise<void>;
}

/**
 * Notes what waits at its address. Rows of a sheet wait together, at the address of their column, so that a licence not agreed
 * to is one wait and not one for each of 50,000 rows. A run may pass over a node where the journal has no answers: what waits there
 * goes on waiting.
 */
export function createRunWaits(
  plan: Plan,
  state: SessionState,
  runtime: Runtime,
  passesOver: (node: Node) => boolean,
): RunWaits {
  const waiting = new Map<string, WaitingOn>();
  const planned = new Set(plan.steps.map(({ node }) => node));
  const { waits, consents } = runtime.store;
  let written = Promise.resolve();
  return {
    add({ cell, at }, on) {
      const sheet = state.graph.nodes.get(cell)?.sheet;
      const column = Object.fromEntries(Object.entries(at).filter(([dimension]) => dimension !== sheet));
      const address = addressText({ cell, at: column });
      if (waiting.has(address)) return;
      waiting.set(address, on);
      written = written.then(() => keep(address, on));
      // What could not be kept is told when the run ends.
      written.catch(() => {});
    },
    get size() {
      return waiting.size;
    },
    async flush() {
      await written;
      for (const { address } of await waits.list(state.place))
        if (!waiting.has(address) && isPlanned(address) && !waitsOn(address)) await waits.remove(state.place, address);
      // Another run went on with what was agreed to meanwhile.
      for (const [address, { reason, subject }] of waiting)
        if (reason === "licence" && (await consents.has(subject))) await waits.remove(state.place, address);
    },
  };

  async function keep(address: string, { reason, subject, message }: WaitingOn): Promise<void> {
    const known = (await waits.list(state.place)).find((wait) => wait.address === address);
    const waited = known?.reason === reason && known.subject === subject;
    if (waited && known.message === message) return;
    const since = waited ? known.since : runtime.now();
    await waits.add({ notebook: state.place, address, reason, subject, message, since });
  }

  function waitsOn(address: string): boolean {
    const { cell } = parseAddress(address);
    const node = state.graph.nodes.get(`${cell}#each`) ?? state.graph.nodes.get(cell)!;
    return passesOver(node) && (node.sheet !== null || state.results.get(address)?.waiting !== null);
  }

  /** Whether this run has been at an address; the repeats of a cell wait under its name. */
  function isPlanned(address: string): boolean {
    const { cell } = parseAddress(address);
    return planned.has(cell) || planned.has(`${cell}#each`);
  }
}
