import { printBaseline } from "#server/notebook/print-baseline.ts";
import { baselinePath } from "#server/runner/baseline-file.ts";
import type { Runtime } from "#server/runner/runtime.ts";
import type { Session } from "#server/runner/session.ts";
import { takeBaseline, type TakenBaseline } from "#server/runner/take-baseline.ts";
import { writeText } from "./saved-file.ts";

/** A baseline that was written. */
export interface KeptBaseline extends Pick<TakenBaseline, "failed" | "left"> {
  readonly file: string;
  readonly results: number;
  readonly bytes: number;
}

/** Writes the results of a notebook that are settled, or those of one of its cells, beside its file, in place of the baseline there is. Throws what `takeBaseline` throws, before it writes. */
export async function keepBaseline(
  notebook: string,
  session: Session,
  runtime: Runtime,
  cell?: string,
): Promise<KeptBaseline> {
  const { baseline, failed, left } = await takeBaseline(session, runtime, cell);
  const text = printBaseline(baseline);
  const file = baselinePath(notebook);
  await writeText(file, text);
  return { file, results: baseline.lines.length, bytes: Buffer.byteLength(text), failed, left };
}
