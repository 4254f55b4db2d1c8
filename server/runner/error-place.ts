import { wordingAt } from "#server/notebook/cell-key.ts";
import type { Graph } from "#server/notebook/graph-node.ts";
import type { CellError, Position } from "#server/notebook/value.ts";
import type { LiveResult } from "./session-state.ts";

/** A result whose error is placed from its cell's own place on, as it is kept: what stands above the cell may change. */
export function placedFromCell<Result extends Pick<LiveResult, "address" | "error">>(
  result: Result,
  graph: Graph,
): Result {
  return moved(result, graph, -1);
}

/** The same result with its error's place in the file as the graph's notebook stands now. */
export function placedInFile<Result extends Pick<LiveResult, "address" | "error">>(
  result: Result,
  graph: Graph,
): Result {
  return moved(result, graph, 1);
}

function moved<Result extends Pick<LiveResult, "address" | "error">>(
  result: Result,
  graph: Graph,
  sign: 1 | -1,
): Result {
  const { address, error } = result;
  const node = graph.nodes.get(address.cell);
  if (error?.position === undefined || node === undefined) return result;
  const cell = wordingAt(node, address.at).position;
  const { position } = error;
  const place: Position = {
    ...position,
    line: position.line + sign * cell.line,
    offset: position.offset + sign * cell.offset,
  };
  return { ...result, error: { ...error, position: place } satisfies CellError };
}
