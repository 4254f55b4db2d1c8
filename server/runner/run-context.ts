import type { Address } from "#server/notebook/address.ts";
import type { PlannedCall } from "#server/notebook/cell-kind.ts";
import type { Node } from "#server/notebook/graph-node.ts";
import type { CallFacts, Services } from "#server/notebook/services.ts";
import type { RetryErrors } from "#server/notebook/unfit-answer.ts";
import type { Tables } from "#server/tables/tables.ts";
import type { CellGrant } from "./cell-grants.ts";
import type { RunClaim } from "./run-claims.ts";
import type { RunNews } from "./run-event.ts";
import type { LiveResult, SessionState } from "./session-state.ts";

/** What the steps of one run share. */
export interface RunContext {
  /** The session's state with the notebook, the graph and the inputs as they were when the run began. */
  readonly state: SessionState;
  readonly services: Services;
  /** The calls of a result, with what was embedded for it; it is told once. */
  withEmbeddings(address: Address, calls: readonly CallFacts[]): readonly CallFacts[];
  /** The services for finding out what would be sent: they send nothing. */
  readonly planning: Services;
  readonly tables: Tables;
  readonly signal: AbortSignal;
  /** Whether errors of cells that call something are tried again though nothing they depend on changed. */
  readonly retryErrors: RetryErrors;
  /** Addresses whose calls take no answer from the journal: with the same one they would come to the same error. */
  readonly anew: Set<string>;
  /** Whether nobody asked for the run: it computes only what may run by itself, and leaves the rest as it is. */
  readonly automatic: boolean;
  /** Whether running a node calls a model, by the models it names. */
  readonly callsModels: (node: Node) => boolean;
  /** The grant on which a node may call models though nobody asked; null where it has none, and in a run somebody asked for. */
  readonly grantOf: (node: Node) => CellGrant | null;
  /** For each of some calls of a node, whether the journal has its answer. */
  readonly inJournal: (node: Node, calls: readonly PlannedCall[]) => Promise<readonly boolean[]>;
  readonly claim: RunClaim;
  /** Addresses where a step broke as a whole, and sheets that cannot be computed: each counts once, however often the run comes to it. */
  readonly broken: Set<string>;
  /** The context of one step, which can be stopped by itself; null where it has been stopped before it began. */
  step(node: Node): RunContext | null;
  emit(news: RunNews): void;
  /** Keeps a result outside sheets: in memory at once, in the store with the next write. */
  keep(result: LiveResult): void;
  /** Notes a sheet's results for the run's record. */
  record(results: readonly RecordedResult[]): void;
  /** Whether there is time, in a run that nobody asked for, to compute so many addresses of a node; takes it where there is. */
  spare(node: Node, addresses: number): boolean;
  /** Notes how long so many addresses of a node took, in milliseconds. */
  took(node: Node, addresses: number, milliseconds: number): void;
  now(): number;
}

/** What finding out about a run needs, without running anything. */
export type ViewContext = Pick<RunContext, "state" | "tables" | "retryErrors">;

export interface RecordedResult {
  readonly address: string;
  readonly cellKey: string;
  readonly callKeys: readonly string[];
  readonly outcome: LiveResult["outcome"];
  readonly score: number | null;
  readonly cost: number | null;
}
