import type { Coordinates } from "#server/notebook/address.ts";
import type { Item, ItemEvent } from "#server/notebook/cell-kind.ts";
import { wordingAt, type KeyText } from "#server/notebook/cell-key.ts";
import type { Node } from "#server/notebook/graph-node.ts";
import { SheafError, toCellError } from "#server/notebook/sheaf-error.ts";
import type { CellError, Value } from "#server/notebook/value.ts";
import { valueHash } from "#server/notebook/value-hash.ts";
import { inFile } from "./in-file.ts";
import { skippedCode } from "./node-values.ts";
import type { ProgressCounter } from "./progress.ts";
import type { RunContext } from "./run-context.ts";
import { cancelledCode } from "./cancel-target.ts";

/** One address outside sheets to compute, with the key it will have. */
export interface ScalarWork {
  readonly at: Coordinates;
  readonly key: string;
  readonly parts: KeyText;
  readonly item: Item<unknown>;
}

/** Has a kind compute addresses of one wording, and keeps what comes of each. Synchronous where the kind is. */
export function runScalarBatch(
  node: Node,
  work: readonly ScalarWork[],
  context: RunContext,
  progress: ProgressCounter,
): void | Promise<void> {
  const { signal, services } = context;
  const { source } = wordingAt(node, work[0]!.at);
  const batch = new OpenBatch(node, work, context, progress);
  try {
    const events = node.kind!.run({ cell: node.id, source, items: work.map(({ item }) => item), signal }, services);
    if (!(Symbol.iterator in events))
      return drain(events, (event) => batch.take(event), signal).then(
        () => batch.end(),
        (thrown: unknown) => batch.breakOff(thrown),
      );
    for (const event of events) batch.take(event);
    batch.end();
  } catch (thrown) {
    batch.breakOff(thrown);
  }
}

/** The addresses of a batch that are not settled yet. A class, for there is one for each of thousands of steps. */
class OpenBatch {
  readonly #node: Node;
  readonly #work: readonly ScalarWork[];
  readonly #context: RunContext;
  readonly #progress: ProgressCounter;
  /** The text so far of each that is open, null once it is settled. */
  readonly #texts: (string | null)[];
  #open: number;

  constructor(node: Node, work: readonly ScalarWork[], context: RunContext, progress: ProgressCounter) {
    this.#node = node;
    this.#work = work;
    this.#context = context;
    this.#progress = progress;
    this.#texts = work.map(() => "");
    this.#open = work.length;
  }

  take(event: ItemEvent): void {
    const { item } = event;
    if (event.type === "error" && event.error.code === cancelledCode) return this.#stop(item);
    if (event.type === "error") {
      const text = this.#texts[item] ?? "";
      if (this.#close(item)) this.#fail(item, event, text);
    } else if (event.type === "text") {
      if (this.#texts[item] !== null) this.#texts[item] = event.text;
      this.#context.emit({ type: "text", address: this.#work[item]!.item.address, text: event.text });
    } else if (this.#close(item)) this.#keep(item, event);
  }

  /** What cannot be kept is its own error, and none of the others'. */
  #keep(item: number, event: Extract<ItemEvent, { type: "value" | "waiting" }>): void {
    try {
      keepEvent(this.#work[item]!, event, this.#context, this.#progress);
    } catch (thrown) {
      const calls = event.type === "value" ? { calls: event.calls ?? [] } : {};
      this.#fail(item, { type: "error", item, error: toCellError(thrown), ...calls }, "");
    }
  }

  /** All that was to come has come. */
  end(): void {
    if (this.#open > 0) this.breakOff(noAnswer(this.#node));
  }

  /** Settles what is left when a batch breaks off: cancelled or partial where it was stopped, an error otherwise. */
  breakOff(thrown: unknown): void {
    for (const [item, text] of this.#texts.entries()) {
      if (text === null) continue;
      if (this.#context.signal.aborted) this.#stop(item);
      else this.#fail(item, { type: "error", item, error: toCellError(thrown) }, "");
    }
  }

  #close(index: number): boolean {
    if (this.#texts[index] === null || this.#texts[index] === undefined) return false;
    this.#texts[index] = null;
    this.#open -= 1;
    return true;
  }

  #fail(index: number, event: Extract<ItemEvent, { type: "error" }>, text: string): void {
    const one = this.#work[index]!;
    const error = inFile(event.error, wordingAt(this.#node, one.at), this.#context);
    keepEvent(one, { ...event, error }, this.#context, this.#progress, text);
  }

  /** A stream that was stopped keeps its text, marked partial. */
  #stop(index: number): void {
    const text = this.#texts[index] ?? "";
    this.#close(index);
    const one = this.#work[index]!;
    if (text === "") return keepCancelled(one, this.#context, this.#progress);
    const value: Value = { type: "string", value: text };
    keepEvent(one, { type: "value", item: index, value, partial: true }, this.#context, this.#progress);
  }
}

/** Reads the events of a batch until they end or the run is stopped. */
export async function drain(
  events: AsyncIterable<ItemEvent>,
  handle: (event: ItemEvent) => void,
  signal: AbortSignal,
): Promise<void> {
  for await (const event of events) handle(event);
  signal.throwIfAborted();
}

export function noAnswer(node: Pick<Node, "name">): SheafError {
  return new SheafError("cell.no-result", `\`${node.name}\` ended without a result`);
}

function keepEvent(
  work: ScalarWork,
  event: Exclude<ItemEvent, { type: "text" }>,
  context: RunContext,
  progress: ProgressCounter,
  soFar = "",
): void {
  const { item, key, parts } = work;
  const base = { address: item.address, key, parts, because: [], at: context.now() };
  if (event.type === "error" && event.error.code === skippedCode) {
    const nothing = { value: null, valueHash: null, error: null, calls: [], waiting: null };
    context.keep({ ...base, ...nothing, outcome: "skipped" });
    progress.add("done");
    return;
  }
  switch (event.type) {
    case "value": {
      const calls = context.withEmbeddings(item.address, event.calls ?? []);
      const value: Value = event.value;
      context.keep({
        ...base,
        outcome: event.partial === true ? "partial" : "ok",
        value,
        valueHash: valueHash(value),
        error: null,
        calls,
        waiting: null,
      });
      progress.add(event.partial === true ? "stopped" : "done", calls.length > 0 && calls.every((call) => call.cached));
      return;
    }
    case "error":
      context.keep({
        ...base,
        outcome: "error",
        // What came of an answer that broke off is there to be looked at; nothing reads it.
        value: soFar === "" ? null : { type: "string", value: soFar },
        valueHash: null,
        error: event.error,
        calls: context.withEmbeddings(item.address, event.calls ?? []),
        waiting: null,
      });
      progress.add("failed");
      return;
    case "waiting":
      context.keep({
        ...base,
        outcome: "blocked",
        value: null,
        valueHash: null,
        error: { code: "cell.waiting", message: event.on.message },
        calls: [],
        waiting: event.on,
      });
      progress.add("waiting");
      return;
  }
}

function keepCancelled({ item, key, parts }: ScalarWork, context: RunContext, progress: ProgressCounter): void {
  const error: CellError = { code: cancelledCode, message: "cancelled" };
  context.keep({
    address: item.address,
    key,
    parts,
    outcome: "cancelled",
    value: null,
    valueHash: null,
    error,
    calls: [],
    because: [],
    waiting: null,
    at: context.now(),
  });
  progress.add("stopped");
}
