import { hashOf } from "./hash.ts";
import type { Table, Value } from "./value.ts";

/** The hash by which readers tell whether a value changed. A table's is its content's, wherever its rows are. */
export function valueHash(value: Value): string {
  switch (value.type) {
    case "table":
      return hashOf({ table: value.value.hash });
    case "file":
    case "image":
      return hashOf({ [value.type]: value.value.hash });
    case "chart": {
      const { table, ...rest } = value.value;
      return hashOf({ chart: { ...rest, y: [...rest.y], table: table.hash } });
    }
    case "null":
      return hashOf(null);
    case "string":
    case "number":
    case "boolean":
    case "json":
      return hashOf(value.value);
    case "messages":
    case "score":
    case "test":
    case "error":
      return hashOf({ [value.type]: JSON.parse(JSON.stringify(value.value)) as never });
  }
}

/** The hash by which what goes over a table's rows tells whether they changed: why they lack values is part of that. */
export function rowsHash({ hash, outcomes }: Table): string {
  return outcomes === undefined ? hash : hashOf({ table: hash, outcomes: outcomes.hash });
}
