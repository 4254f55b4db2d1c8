import type { Node } from "./graph-node.ts";

/** Whether readers of a cell get its error as a value. */
export function continuesOnError({ wordings }: Node): boolean {
  return wordings[0]!.configuration.values["continue_on_error"] === true;
}
