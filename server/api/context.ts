import type { Publishing } from "#server/publish/publishing.ts";
import type { Runtime } from "#server/runner/runtime.ts";
import type { WorkspaceNotebooks } from "#server/workbench/workspace-notebooks.ts";

/** What the page's API works on. */
export interface ApiContext {
  readonly runtime: Runtime;
  readonly notebooks: WorkspaceNotebooks;
  readonly publishing: Publishing;
  /** The folder of the examples. */
  readonly examples: string;
}
