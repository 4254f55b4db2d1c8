import { z } from "zod";
import { renderTemplate } from "#server/language/index.ts";
import { defineCellKind } from "#server/notebook/cell-kind.ts";
import { toCellError } from "#server/notebook/sheaf-error.ts";
import { parsedTemplate } from "#server/notebook/parsed.ts";
import { textValue } from "#server/notebook/value-type.ts";
import { cellScope } from "./cell-scope.ts";

/** Text with values filled in. */
export const template = defineCellKind({
  kind: "template",
  version: 2,
  title: "Template",
  description: "Text with values filled in.",
  body: "template",
  starter: ({ inputs, values }) => (values.length + inputs.length === 0 ? "" : `{{ ${values[0] ?? inputs[0]} }}`),
  configuration: z.strictObject({}),
  fields: [],
  effect: () => "pure",
  valueType: () => textValue,
  *run({ source, items }) {
    const parsed = parsedTemplate(source);
    for (const [index, item] of items.entries()) {
      try {
        const value = renderTemplate(parsed, cellScope(item));
        yield { type: "value", item: index, value: { type: "string", value } };
      } catch (thrown) {
        yield { type: "error", item: index, error: toCellError(thrown) };
      }
    }
  },
});
