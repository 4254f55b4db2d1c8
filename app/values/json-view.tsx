import type { ValuePart } from "./value-view";
import { JsonTree } from "./json-tree";

/** A JSON value as a tree. */
export function JsonView(props: ValuePart<"json">) {
  return <JsonTree value={props.value.value} />;
}
