import { toCellError } from "#server/notebook/sheaf-error.ts";
import { systemEvery, type Every } from "#server/runner/every.ts";
import { reportOnStderr, type Report } from "#server/runner/report.ts";
import { createExecutions, type Executions, type ExecutionSettings } from "./executions.ts";
import { createPublications, type Publications } from "./publications.ts";

/** What a server has of its workspace's published notebooks. */
export interface Publishing {
  readonly publications: Publications;
  readonly executions: Executions;
  /** Goes on with requests that were under way when the server last ended, and from now on with those that wait when what they wait for has come. */
  start(): Promise<void>;
  /** Stops requests that are under way. Before the runtime is closed. */
  close(): Promise<void>;
}

export interface PublishingSettings extends Omit<ExecutionSettings, "publications"> {
  readonly every?: Every;
  /** Told what went wrong where nobody waits for an answer. */
  readonly report?: Report;
}

/** Agreements and midnight are looked for so often, in milliseconds; a budget that is set tells of itself. */
const often = 60_000;

/** Opens it over a runtime. `budget` is the most one request may spend, US dollars. */
export function openPublishing(settings: PublishingSettings): Publishing {
  const { runtime, every = systemEvery, report = reportOnStderr } = settings;
  const publications = createPublications(runtime);
  const executions = createExecutions({ ...settings, publications });
  let looking: Promise<void> | null = null;
  let again = false;
  let ends: (() => void)[] = [];

  function look(): void {
    again = looking !== null;
    looking ??= executions
      .continueWaiting()
      .catch((thrown: unknown) => report("going on with requests that wait", toCellError(thrown)))
      .finally(() => {
        looking = null;
        if (again) look();
      });
  }

  return {
    publications,
    executions,
    async start() {
      await executions.continueOpen();
      ends = [every(often, look), runtime.budgets.watch(look)];
      look();
    },
    async close() {
      for (const end of ends) end();
      again = false;
      await executions.close();
      await looking;
    },
  };
}
