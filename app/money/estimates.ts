import type { Accessor } from "solid-js";
import type { Scope } from "#server/notebook/plan.ts";
import { api } from "~/api";
import type { RunRows } from "~/notebook/compared-row";
import type { EstimateView } from "./estimate-words";
import { createSettledEstimate } from "./settled-estimate";

/** What runs would send and cost, asked of the server when somebody looks and kept until something changed. */
export interface Estimates {
  /** The estimate of a scope for as long as the owner wants one; the one before stays while another is worked out, and null stands for none yet. */
  of(scope: Accessor<Scope | null>): Accessor<EstimateView | null>;
}

/** `version` changes whenever an estimate may; `rowsOf` gives the rows of sheets that running a scope goes over, where it names some. */
export function createEstimates(
  path: Accessor<string>,
  version: Accessor<string>,
  rowsOf: (scope: Scope) => RunRows,
): Estimates {
  const known = new Map<string, Promise<EstimateView>>();
  let knownVersion = "";

  function ask(asked: RunRows & { readonly scope: Scope }, key: string): Promise<EstimateView> {
    const now = `${path()} ${version()}`;
    if (knownVersion !== now) {
      known.clear();
      knownVersion = now;
    }
    const estimate =
      known.get(key) ?? api.notebook.estimate.query({ path: path(), ...asked, title: "estimate" } as never);
    known.set(key, estimate);
    estimate.catch(() => known.delete(key));
    return estimate;
  }

  return {
    of(scope) {
      const asked = () => {
        const now = scope();
        return now === null ? null : { scope: now, ...rowsOf(now) };
      };
      const key = (): string => JSON.stringify(asked());
      return createSettledEstimate(
        () => [key(), path(), version()],
        () => scope() !== null,
        () => ask(asked()!, key()),
      );
    },
  };
}
