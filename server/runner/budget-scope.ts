import type { Payer } from "#server/models/bounded.ts";
import type { Budget } from "#server/store/store.ts";

/**
 * What a budget is for: a day of the workspace, or a notebook since the budget was set. One for a caller's key is a member here, and what
 * the compiler then asks for.
 */
export type BudgetScope = { readonly type: "day" } | { readonly type: "notebook"; readonly notebook: string };

const names: { readonly [Type in BudgetScope["type"]]: string } = {
  day: "today's budget",
  notebook: "the notebook's budget",
};

/** What of the workspace's state is told of a scope, and what is said of it. */
interface ScopeFacts {
  readonly row: Pick<Budget, "scope" | "subject">;
  /** Whose calls count; undefined for all. */
  readonly notebook: string | undefined;
  /** Whether its spending begins anew at midnight. */
  readonly daily: boolean;
  readonly name: string;
  readonly cure: string;
}

export function factsOf(scope: BudgetScope): ScopeFacts {
  switch (scope.type) {
    case "day":
      return {
        row: { scope: "day", subject: "" },
        notebook: undefined,
        daily: true,
        name: names.day,
        cure: "raise it on the page Cost, or go on tomorrow",
      };
    case "notebook":
      return {
        row: { scope: "notebook", subject: scope.notebook },
        notebook: scope.notebook,
        daily: false,
        name: names.notebook,
        cure: "raise it on the page Cost",
      };
  }
}

/** Whether this is the name of a workspace's budget, as what waits for one has it, and not a run's own. */
export function isOfWorkspace(name: string): boolean {
  return Object.values(names).includes(name);
}

/** The scope of a budget as it is kept. */
export function scopeOf({ scope, subject }: Pick<Budget, "scope" | "subject">): BudgetScope {
  switch (scope) {
    case "day":
      return { type: "day" };
    case "notebook":
      return { type: "notebook", notebook: subject };
  }
}

/** Whether what somebody pays counts in a budget. */
export function holdsFor(scope: BudgetScope, { notebook }: Payer): boolean {
  switch (scope.type) {
    case "day":
      return true;
    case "notebook":
      return scope.notebook === notebook;
  }
}
