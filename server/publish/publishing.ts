import { createExecutions, type Executions, type ExecutionSettings } from "./executions.ts";
import { createPublications, type Publications } from "./publications.ts";

/** What a server has of its workspace's published notebooks. */
export interface Publishing {
  readonly publications: Publications;
  readonly executions: Executions;
  /** Goes on with requests that were under way when the server last ended. */
  start(): Promise<void>;
  /** Stops requests that are under way. Before the runtime is closed. */
  close(): Promise<void>;
}

/** Opens it over a runtime. `budget` is the most one request may spend, US dollars. */
export function openPublishing(settings: Omit<ExecutionSettings, "publications">): Publishing {
  const publications = createPublications(settings.runtime);
  const executions = createExecutions({ ...settings, publications });
  return {
    publications,
    executions,
    start: () => executions.continueOpen(),
    close: () => executions.close(),
  };
}
