import type { CostGrouping } from "#server/tables/call-store.ts";
import { notebookFile } from "../notebook/notebook-address.ts";

/** A group as people call it. */
export function shownName(by: CostGrouping, name: string): string {
  switch (by) {
    case "notebook":
      return name === "" ? "outside notebooks" : notebookFile(name);
    case "cell": {
      const space = name.lastIndexOf(" ");
      const notebook = notebookFile(name.slice(0, space));
      return notebook === "" ? name.slice(space + 1) : `${name.slice(space + 1)} of ${notebook}`;
    }
    case "run":
      return name === "" ? "no run" : name.slice(0, 8);
    case "outcome":
      return name === "done" ? "good answers" : name;
    case "key": {
      const [provider, number] = name.split(" ");
      return number === undefined ? name : `${provider}, key ${number}`;
    }
    case "day":
    case "model":
    case "provider":
      return name;
  }
}
