import type { RunEvent, Progress } from "#server/runner/run-event.ts";
import type { Estimate } from "#server/runner/estimate.ts";
import { errorText } from "./show-error.ts";
import type { Terminal } from "./terminal.ts";

/** Tells how a run goes on, to standard error: a line for each step's end and one that changes for what is under way, with the money. */
export function showRun(terminal: Terminal): (event: RunEvent) => void {
  const running = new Map<string, Progress>();
  const started = new Map<string, number>();
  let money = "";
  const refresh = (): void => {
    const steps = [...running].map(
      ([node, { done, failed, reused, total }]) =>
        `${node} ${done + failed + reused}${total === null ? "" : `/${total}`}`,
    );
    terminal.status(
      [...steps.slice(0, 3), ...(steps.length > 3 ? [`and ${steps.length - 3} more`] : []), money]
        .filter((part) => part !== "")
        .join(" · "),
    );
  };
  return (event) => {
    switch (event.type) {
      case "step-start":
        started.set(event.node, performance.now());
        running.set(event.node, { total: event.total, done: 0, reused: 0, cached: 0, failed: 0 });
        return refresh();
      case "step-progress":
        running.set(event.node, event.progress);
        return refresh();
      case "step-end": {
        running.delete(event.node);
        const seconds = (performance.now() - (started.get(event.node) ?? performance.now())) / 1000;
        terminal.error(
          `${event.node}: ${stepText(event.progress)} in ${seconds.toFixed(1)} s${money === "" ? "" : ` · ${money}`}\n`,
        );
        return refresh();
      }
      case "money":
        money = moneyText(event);
        return refresh();
      case "estimate":
        return terminal.error(`${estimateText(event.estimate)}\n`);
      case "result":
        if (event.outcome === "error" && event.error !== null)
          terminal.error(errorText(event.error, event.address.cell));
        return;
      case "run-end":
        return terminal.status("");
      case "run-start":
      case "rows":
      case "text":
      case "waiting":
      case "fetch":
        return;
    }
  };
}

function stepText({ done, failed, reused, cached }: Progress): string {
  const parts = [`${done} done`];
  if (cached > 0) parts.push(`${cached} of them from the journal`);
  if (failed > 0) parts.push(`${failed} failed`);
  if (reused > 0) parts.push(`${reused} were current`);
  return parts.join(", ");
}

/** Calls and dollars in words: `12 calls, $0.0031, 40 from the journal`. */
export function moneyText({
  made,
  cached,
  cost,
  unpriced,
}: {
  readonly made: number;
  readonly cached: number;
  readonly cost: number;
  readonly unpriced: number;
}): string {
  const parts = [
    `${made} ${made === 1 ? "call" : "calls"}`,
    `${dollars(cost)}${unpriced > 0 ? ` and ${unpriced} unpriced` : ""}`,
  ];
  if (cached > 0) parts.push(`${cached} from the journal`);
  return parts.join(", ");
}

export function dollars(amount: number): string {
  return amount === 0 ? "$0" : amount < 0.01 ? `$${amount.toPrecision(2)}` : `$${amount.toFixed(2)}`;
}

/** What a run would send and cost, in words. */
export function estimateText({ known, open }: Estimate): string {
  const { low, high } = known.cost;
  const cost = `${dollars(low)} to ${dollars(high)}`;
  const unpriced =
    known.unpriced.length === 0 ? "" : `, not counting ${known.unpriced.join(", ")}, whose price is not known`;
  const more = open === 0 ? "" : `; up to ${open} more calls hang on answers to come`;
  return `${open > 0 ? "At least " : ""}${known.calls} calls, ${cost}${unpriced}; ${known.cached} are in the journal${more}.`;
}
