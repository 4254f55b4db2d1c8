import type { Accessor } from "solid-js";
import type { Scope } from "#server/notebook/plan.ts";
import { api } from "~/api";
import type { EstimateView } from "./estimate-words";
import { createSettledEstimate } from "./settled-estimate";

/** What runs would send and cost, asked of the server when somebody looks and kept until something changed. */
export interface Estimates {
  /** The estimate of a scope for as long as the owner wants one; the one before stays while another is worked out, and null stands for none yet. */
  of(scope: Accessor<Scope | null>): Accessor<EstimateView | null>;
}

/** `version` changes whenever an estimate may. */
export function createEstimates(path: Accessor<string>, version: Accessor<string>): Estimates {
  const known = new Map<string, Promise<EstimateView>>();
  let knownVersion = "";

  function ask(scope: Scope, key: string): Promise<EstimateView> {
    const now = `${path()} ${version()}`;
    if (knownVersion !== now) {
      known.clear();
      knownVersion = now;
    }
    const asked =
      known.get(key) ?? api.notebook.estimate.query({ path: path(), scope: scope as never, title: "estimate" });
    known.set(key, asked);
    asked.catch(() => known.delete(key));
    return asked;
  }

  return {
    of(scope) {
      const key = (): string => JSON.stringify(scope());
      return createSettledEstimate(
        () => [key(), path(), version()],
        () => scope() !== null,
        () => ask(scope()!, key()),
      );
    },
  };
}
