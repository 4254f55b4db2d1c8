import type { Cell, Diagnostic } from "./notebook.ts";

/** Settings every cell has that mean nothing on a sheet: they are about one result, and a sheet has one in each cell of each row. */
const ofResults = ["vary", "models", "repeat", "reduce", "cache", "keep", "reads"] as const;

/** Settings of a sheet that have no effect. */
export function* unusedSheetSettings({ name, configuration, position }: Cell): Iterable<Diagnostic> {
  const { values, positions } = configuration;
  const unused = (key: string, said: string, cure: string): Diagnostic => ({
    severity: "warning",
    code: "sheet.unused-setting",
    cell: name,
    message: `\`${said}\` has no effect on a sheet`,
    cure,
    position: positions[`key:${key}`] ?? position,
  });
  for (const key of ofResults)
    if (values[key] !== undefined) yield unused(key, key, `Write \`${key}\` in the cells that \`${name}\` computes.`);
  if (values["run"] === "auto") yield unused("run", "run: auto", `Write it in the cells that \`${name}\` computes.`);
  if (values["optional"] !== undefined && values["when"] === undefined)
    yield unused(
      "optional",
      "optional",
      "It is for what `when` reads: take it away, or write it in a cell of the sheet.",
    );
}
