import type { CostGrouping } from "#server/tables/call-store.ts";
import { notebookFile } from "../notebook/notebook-address.ts";
import { keyWords } from "../values/key-words.ts";

/** A group as people call it; `keyNumber` is the place that a key which is known by its hash has among the provider's. */
export function shownName(by: CostGrouping, name: string, keyNumber: number | null = null): string {
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
      const [provider, key] = name.split(" ");
      if (key === undefined) return name;
      // Of calls of before a key's hash was kept its place is all that is known.
      const words = key === String(keyNumber) ? key : keyWords({ keyNumber, keyHash: key });
      return `${provider}, key ${words}`;
    }
    case "day":
    case "hour":
    case "model":
    case "provider":
      return name;
  }
}
