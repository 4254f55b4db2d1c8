/** What was measured, and the bare mechanism beside it in the same run. */
export interface Figure {
  readonly what: string;
  /** Of `ours` and of the bare figure: milliseconds are better when less, everything `/s` when more. */
  readonly unit:
    | "ms"
    | "ms a call"
    | "kB gzip"
    | "calls/s"
    | "requests/s"
    | "renders/s"
    | "texts/s"
    | "tokens/s"
    | "% of 1,000 orders"
    | "%";
  readonly ours: number;
  readonly bare: { readonly what: string; readonly figure: number } | null;
  readonly goal?: Goal;
}

/** A bound on our figure, on what it is above the bare one, or on its ratio to the bare one. */
export interface Goal {
  readonly of: "ours" | "difference" | "ratio";
  readonly is: "under" | "at least";
  readonly bound: number;
}

/** What a script could not measure, and why. */
export interface Unmeasured {
  readonly what: string;
  readonly because: string;
}

/** What scripts tell the process that started them, `run.ts`; also printed as lines for those who run a script alone. */
export type Message = { readonly figure: Figure } | { readonly unmeasured: Unmeasured };

/** Prints a figure with its ratio, and tells it to `run.ts`. */
export function report(figure: Figure): void {
  const { what, unit, ours, bare } = figure;
  const beside = bare === null ? "" : `; ${bare.what} ${number(bare.figure)}; ratio ${number(ours / bare.figure)}`;
  const goal = goalText(figure);
  console.log(`${what}: ${number(ours)} ${unit}${beside}${goal === "" ? "" : ` (goal: ${goal})`}`);
  tell({ figure });
}

/** Says that something was not measured, and tells it to `run.ts`. */
export function skip(what: string, because: string): void {
  console.log(`${what}: not measured, ${because}`);
  tell({ unmeasured: { what, because } });
}

/** A figure's goal in words; empty where it has none. */
export function goalText({ unit, goal }: Figure): string {
  if (goal === undefined) return "";
  const { of, is, bound } = goal;
  return of === "ratio" ? `ratio ${is} ${bound}` : `${of === "difference" ? "overhead " : ""}${is} ${bound} ${unit}`;
}

/** Whether a figure meets its goal; null where it has none. A goal beside a bare figure that is missing is not met. */
export function isMet({ ours, bare, goal }: Figure): boolean | null {
  if (goal === undefined) return null;
  const beside = bare?.figure ?? Number.NaN;
  const measured = { ours, difference: ours - beside, ratio: ours / beside }[goal.of];
  return goal.is === "under" ? measured < goal.bound : measured >= goal.bound;
}

/** A figure with three digits or more before the point, or else three that count. */
export function number(figure: number): string {
  return figure >= 100 ? Math.round(figure).toLocaleString("en-US") : String(Number(figure.toPrecision(3)));
}

/** The middle of the values, the upper one where there are two. */
export function median(values: readonly number[]): number {
  return values.toSorted((left, right) => left - right)[values.length >> 1]!;
}

/** Milliseconds that `work` takes, and its answer. */
export async function timed<Answer>(
  work: () => Answer | Promise<Answer>,
): Promise<{ readonly time: number; readonly answer: Answer }> {
  const start = performance.now();
  const answer = await work();
  return { time: performance.now() - start, answer };
}

function tell(message: Message): void {
  process.send?.(message);
}
