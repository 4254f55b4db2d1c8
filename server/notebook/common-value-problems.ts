import type { Cell, Diagnostic } from "./notebook.ts";
import { toCellError } from "./sheaf-error.ts";
import { timeSetting } from "./time-setting.ts";

/** What is wrong with the values of keys that every cell has: `when`, `continue_on_error`, `run`, `reduce`, `cache` and `keep`. */
export function* commonValueProblems(cell: Cell): Iterable<Diagnostic> {
  const { name, form, configuration, position } = cell;
  const { values, positions } = configuration;
  const { continue_on_error: continues, run, repeat, reduce } = values;
  const at = (key: string) => ({ cell: name, position: positions[key] ?? position });
  const said = (value: unknown): string => (typeof value === "string" ? value : JSON.stringify(value));

  yield* alwaysHolds("when", cell);
  if (continues !== undefined && typeof continues !== "boolean")
    yield {
      severity: "error",
      code: "cell.configuration",
      message: `\`continue_on_error: ${said(continues)}\` is neither true nor false, so it has no effect`,
      cure: "Write `true` or `false`.",
      ...at("continue_on_error"),
    };
  if (run !== undefined && run !== "auto" && run !== "manual")
    yield {
      severity: "error",
      code: "cell.configuration",
      message: `\`run: ${said(run)}\` is neither auto nor manual, so it has no effect`,
      cure: "Write `manual`, or leave it out.",
      ...at("run"),
    };
  if (reduce !== undefined && repeat === undefined && form?.body !== "cells")
    yield {
      severity: "warning",
      code: "cell.reduce",
      message: `\`reduce: ${said(reduce)}\` has no effect: \`${name}\` has no \`repeat\` of its own to make one value of`,
      cure: "Add `repeat: 5`, or take `reduce` away. Repeats of what it reads are made one value there.",
      ...at("reduce"),
    };
  for (const setting of ["cache", "keep"] as const)
    try {
      timeSetting(setting, values[setting]);
    } catch (thrown) {
      yield { severity: "error", ...toCellError(thrown), ...at(setting) };
    }
}

/** That a condition is a text, which always holds. */
export function* alwaysHolds(key: string, { name, configuration, position }: Cell): Iterable<Diagnostic> {
  const value = configuration.values[key];
  if (typeof value !== "string" || value === "" || value.startsWith("=")) return;
  yield {
    severity: "warning",
    code: `cell.${key}`,
    message: `\`${key}: ${value}\` is a text and no expression, so it always holds`,
    cure: `Did you mean \`=${value}\`?`,
    cell: name,
    position: configuration.positions[key] ?? position,
  };
}
