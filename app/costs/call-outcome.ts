import type { ListedCall } from "#server/tables/call-store.ts";
import type { RunWord } from "../runs/run-words.ts";

/** How a call ended, by word, tone and shape. */
export function callOutcome({ state, error }: Pick<ListedCall, "state" | "error">): RunWord {
  switch (state) {
    case null:
      return { word: "no end", tone: "wait", shape: "wait" };
    case "done":
      return { word: "done", tone: "good", shape: "check" };
    case "failed":
      return { word: (error ?? "failed").replace(/^model\./, ""), tone: "bad", shape: "alert" };
    case "truncated":
      return { word: "truncated", tone: "bad", shape: "alert" };
    case "cancelled":
      return { word: "cancelled", tone: "", shape: "stopped" };
  }
}
