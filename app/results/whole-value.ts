import type { Value } from "#server/notebook/value.ts";
import type { ResultView } from "#server/workbench/view.ts";
import { api } from "~/api";

/** All of a result's value: of a long text a page has the beginning alone, and asks for the rest. Throws what the server says. */
export async function wholeValue(
  path: string,
  { address, value, full }: Pick<ResultView, "address" | "value" | "full">,
): Promise<Value | null> {
  return full === null || value?.type !== "string" ? value : api.notebook.value.query({ path, address });
}
