import { z } from "zod";
import { defineCellKind } from "#server/notebook/cell-kind.ts";
import { toCellError } from "#server/notebook/sheaf-error.ts";
import { toValue, type Value } from "#server/notebook/value.ts";

/** The body of a function in JavaScript or TypeScript, run in the sandbox. */
export const js = defineCellKind({
  kind: "js",
  version: 1,
  title: "Code",
  description: "A value from other values, by JavaScript or TypeScript.",
  body: "javascript",
  starter: ({ inputs, values }) => `return ${values[0] ?? inputs[0] ?? "1"};`,
  configuration: z.strictObject({}),
  fields: [],
  warmsUp: true,
  effect: () => "local",
  async *run({ source, items, signal }, services) {
    for (const [index, item] of items.entries()) {
      try {
        const inputs: { [name: string]: Value } = { ...item.inputs, vary: { type: "json", value: item.vary } };
        if (item.row !== null) inputs["row"] = { type: "json", value: item.row };
        const { address } = item;
        const returned = await services.javascript({ source, inputs, address, signal });
        yield { type: "value", item: index, value: toValue(returned) };
      } catch (thrown) {
        if (signal.aborted) throw thrown;
        yield { type: "error", item: index, error: toCellError(thrown) };
      }
    }
  },
});
