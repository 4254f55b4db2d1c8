import { amountText } from "#server/notebook/amount-text.ts";
import { wholeOf } from "#server/notebook/part-of-cell.ts";
import { noProgress } from "#server/runner/progress.ts";
import type { Progress, RunEvent } from "#server/runner/run-event.ts";
import type { Session } from "#server/runner/session.ts";
import type { CellError } from "#server/notebook/value.ts";
import { estimateText } from "./estimate-text.ts";
import { errorText } from "./show-error.ts";
import { outputLine } from "./show-output.ts";
import type { Terminal } from "./terminal.ts";

/** Seconds a step takes before its end is worth a line, and between two lines about one that goes on where there is no terminal. */
const slow = 1;
const pause = 10;

/**
 * Tells how a run goes on, to standard error: a line that changes with what is under way and the money, errors as they happen,
 * outputs as they come, lines for steps that take long, and what it came to. Errors that the session has found have been told already.
 */
export function showRun(terminal: Terminal, file: string, session: Session): (event: RunEvent) => void {
  const running = new Map<string, { readonly since: number; told: number; progress: Progress }>();
  const known = new Set(session.diagnostics.map((error) => placeOf(error)));
  const begun = performance.now();
  let money = "";
  let sums = noProgress;
  const refresh = (): void => {
    const steps = [...running].map(([node, { progress }]) => `${wholeOf(node)} ${countText(progress)}`);
    terminal.status(
      [...steps.slice(0, 3), ...(steps.length > 3 ? [`and ${steps.length - 3} more`] : []), money]
        .filter((part) => part !== "")
        .join(" · "),
    );
  };
  /** Says a thing once, however many results it concerns. */
  const sayOnce = (key: string, text: string): void => {
    if (known.has(key)) return;
    known.add(key);
    terminal.error(text);
  };
  return (event) => {
    switch (event.type) {
      case "step-start": {
        const now = performance.now();
        const progress = { ...noProgress, total: event.total };
        running.set(event.node, { since: now, told: now, progress });
        return refresh();
      }
      case "step-progress": {
        const step = running.get(event.node);
        if (step === undefined) return;
        step.progress = event.progress;
        if (!terminal.isInteractive && performance.now() - step.told > pause * 1000) {
          step.told = performance.now();
          terminal.error(`${wholeOf(event.node)}: ${countText(event.progress)}${money === "" ? "" : ` · ${money}`}\n`);
        }
        return refresh();
      }
      case "step-end": {
        const seconds = (performance.now() - (running.get(event.node)?.since ?? performance.now())) / 1000;
        running.delete(event.node);
        sums = added(sums, event.progress);
        if (seconds >= slow)
          terminal.error(`${wholeOf(event.node)}: ${stepText(event.progress)} in ${seconds.toFixed(1)} s\n`);
        return refresh();
      }
      case "money":
        money = moneyText(event);
        return refresh();
      case "estimate":
        if (event.estimate.known.calls + event.estimate.open > 0) terminal.error(`${estimateText(event.estimate)}\n`);
        return;
      case "result": {
        const line = event.outcome === "ok" ? outputLine(event.address, session, terminal.width) : null;
        if (line !== null) terminal.error(`${line}\n`);
        if (event.outcome === "error" && event.error !== null) {
          const cell = wholeOf(event.address.cell);
          sayOnce(placeOf(event.error, cell), errorText(event.error, file, cell));
        }
        return;
      }
      case "waiting":
        return sayOnce(
          `waiting ${event.on.subject}`,
          `${wholeOf(event.address.cell)} waits: ${firstLine(event.on.message)}\n`,
        );
      case "run-end": {
        const seconds = ((performance.now() - begun) / 1000).toFixed(1);
        const counts =
          dealtWith(sums) === 0 ? "Nothing to compute" : [`${sums.done} computed`, ...troubles(sums)].join(", ");
        return terminal.error(`${counts} in ${seconds} s · ${money}\n`);
      }
      case "run-start":
      case "rows":
      case "text":
      case "text-end":
      case "prepare":
        return;
    }
  };
}

/** What is waited for, without the terms, which have been shown where they are asked about. */
export function firstLine(message: string): string {
  return message.split("\n", 1)[0]!;
}

/** What tells one error from others: its place, or its cell and words where it has none. */
function placeOf({ position, message }: CellError, cell = ""): string {
  return position === undefined ? `${cell} ${message}` : `${position.line}:${position.column}`;
}

/** Addresses that a run dealt with; `reused` ones it left as they were. */
function dealtWith({ done, failed, blocked, waiting, stopped }: Progress): number {
  return done + failed + blocked + waiting + stopped;
}

function added(one: Progress, other: Progress): Progress {
  return {
    total: null,
    done: one.done + other.done,
    reused: one.reused + other.reused,
    cached: one.cached + other.cached,
    failed: one.failed + other.failed,
    blocked: one.blocked + other.blocked,
    waiting: one.waiting + other.waiting,
    stopped: one.stopped + other.stopped,
  };
}

/** What failed and what it keeps from being computed, apart: one failure may block a hundred others. */
function troubles({ failed, blocked, waiting, stopped }: Progress): readonly string[] {
  const causes = failed + waiting;
  const by = causes === 0 ? "" : causes === 1 ? " by it" : " by them";
  return [
    ...(failed === 0 ? [] : [`${failed} failed`]),
    ...(waiting === 0 ? [] : [`${waiting} ${waiting === 1 ? "waits" : "wait"}`]),
    ...(blocked === 0 ? [] : [`${blocked} blocked${by}`]),
    ...(stopped === 0 ? [] : [`${stopped} stopped`]),
  ];
}

function countText(progress: Progress): string {
  const { total, reused, waiting } = progress;
  // What waits is not done: it comes only after something outside.
  return `${dealtWith(progress) - waiting + reused}${total === null ? "" : `/${total}`}`;
}

function stepText(progress: Progress): string {
  const { done, reused, cached } = progress;
  const parts = [`${done} computed`];
  if (cached > 0) parts.push(`${cached} of them from the journal`);
  parts.push(...troubles(progress));
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
    `${amountText(cost)}${unpriced > 0 ? ` and ${unpriced} unpriced` : ""}`,
  ];
  if (cached > 0) parts.push(`${cached} from the journal`);
  return parts.join(", ");
}
