import type { Coordinates } from "#server/notebook/address.ts";
import type { Scope } from "#server/notebook/plan.ts";

/** Labels of the variants that a scope names; none where it is of all. */
export function labelsOf(scope: Scope): readonly Coordinates[] {
  switch (scope.type) {
    case "cells":
      return scope.at === undefined ? [] : [scope.at];
    case "columns":
      return scope.columns.map(({ at }) => at);
    case "address":
      return [scope.address.at];
    case "stale":
    case "outputs":
    case "only":
    case "downstream":
    case "all":
      return [];
  }
}
