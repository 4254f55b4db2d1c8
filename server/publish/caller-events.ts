import { addressText } from "#server/notebook/address.ts";
import { chosenVariant } from "#server/notebook/axis.ts";
import type { Graph } from "#server/notebook/graph-node.ts";
import type { Outcome, RunEvent } from "#server/runner/run-event.ts";
import { usageOf } from "./answer.ts";

/** What a caller is told while a request runs; its members are the API's. */
export type CallerEvent =
  /** An output has come out. */
  | {
      readonly event: "output";
      readonly data: { readonly output: string; readonly outcome: "done" | "failed" | "skipped" };
    }
  /** More of an output's text; with `restart` it is the beginning of another answer. */
  | {
      readonly event: "text";
      readonly data: { readonly output: string; readonly delta: string; readonly restart?: true };
    }
  | { readonly event: "money"; readonly data: ReturnType<typeof usageOf> & { readonly cost: number | null } };

/** What of a run's events a caller is told: of its outputs alone, and what was spent. */
export async function* callerEvents(events: AsyncIterable<RunEvent>, graph: Graph): AsyncGenerator<CallerEvent> {
  const outputs = new Map(
    graph.front.outputs.flatMap((name) => {
      const node = graph.nodes.get(name);
      return node === undefined
        ? []
        : [[addressText({ cell: name, at: chosenVariant(node.axes, graph.front.choose) }), name] as const];
    }),
  );
  const texts = new Map<string, string>();
  for await (const event of events) {
    if (event.type === "money") {
      const { cost, unpriced } = event;
      yield { event: "money", data: { ...usageOf(event), cost: unpriced > 0 ? null : cost } };
    }
    const output =
      event.type === "text" || event.type === "result" ? outputs.get(addressText(event.address)) : undefined;
    if (output === undefined) continue;
    if (event.type === "text") {
      const before = texts.get(output) ?? "";
      texts.set(output, event.text);
      if (event.text.startsWith(before)) {
        const delta = event.text.slice(before.length);
        if (delta !== "") yield { event: "text", data: { output, delta } };
      } else yield { event: "text", data: { output, delta: event.text, restart: true } };
    }
    if (event.type === "result") yield { event: "output", data: { output, outcome: outcomeOf(event.outcome) } };
  }
}

function outcomeOf(outcome: Outcome): "done" | "failed" | "skipped" {
  switch (outcome) {
    case "ok":
      return "done";
    case "skipped":
      return "skipped";
    case "error":
    case "blocked":
    case "cancelled":
    case "partial":
      return "failed";
  }
}
