import type { CellError, Datum } from "./value.ts";

/** What is wrong with the value of `reduce`; null for `majority`, `mean` and `pass@k`. */
export function reduceProblem(method: Datum): CellError | null {
  if (typeof method === "string" && /^(?:majority|mean|pass@[1-9]\d*)$/.test(method)) return null;
  return {
    code: "reduce.unknown",
    message: `\`reduce: ${typeof method === "string" ? method : JSON.stringify(method)}\` is not known`,
    cure: "There are `mean`, `majority` and `pass@k` with a number, as in `pass@3`.",
  };
}
