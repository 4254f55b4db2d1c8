import { LanguageError, renameInExpression, renameInTemplate } from "#server/language/index.ts";
import { renameScalars } from "../configuration/rename-scalars.ts";
import { testLines } from "../test-lines.ts";
import { bodyLanguage } from "../body-language.ts";
import type { Analyses } from "../body-references.ts";
import type { Cell } from "../notebook.ts";
import { isCheckCode } from "../references/expression-references.ts";
import { SheafError } from "../sheaf-error.ts";
import { renameInJavascript } from "./rename-javascript.ts";
import { renameInSql } from "./rename-sql.ts";
import { mentions, type Renamed, type Renaming } from "./renaming.ts";
import { applyEdits, inOrder } from "./text-edits.ts";

/** A cell's source after a rename. What does not parse is left and said. Throws `operation.would-capture` where a name there would be taken for another. */
export function renameInBody(cell: Cell, renaming: Renaming, analyses: Analyses): Renamed {
  const { source } = cell;
  if (!mentions(source, renaming)) return { source, warnings: [] };
  const language = bodyLanguage(cell);
  const followed = (rename: () => string): Renamed => follow(cell, source, rename);
  switch (language) {
    case "template":
    case "messages":
      return followed(() =>
        renameInSource(source, renaming, (text, from, to) =>
          renameInTemplate(text, from, to, { roles: language === "messages" }),
        ),
      );
    case "expressions":
      return followed(() => {
        const edits = testLines(source).map(({ offset, text }) => ({
          start: offset,
          end: offset + text.length,
          text: renameInField(text, renaming),
        }));
        return applyEdits(source, inOrder(source, edits));
      });
    case "checks":
      return followed(() => {
        const edits = renameScalars(`${source}\n`, {
          value: (text, path) =>
            text.startsWith("=")
              ? `=${renameInField(text.slice(1), renaming)}`
              : isCheckCode(path)
                ? renameInJavascript(text, renaming)
                : text,
          key: (text) => text,
        });
        if (edits === null) throw new SheafError("operation.yaml", "the list of checks is no YAML");
        return applyEdits(`${source}\n`, inOrder(`${source}\n`, edits)).slice(0, -1);
      });
    case "javascript":
      return followed(() => renameInJavascript(source, renaming));
    case "sql":
    case "expression-sql":
      return renameInSql(cell, renaming, analyses.sql(cell));
    case "data":
    case "cells":
    case "none":
      return { source, warnings: [] };
  }
}

/** An expression after a rename. Throws what its parser throws. */
export function renameInField(source: string, renaming: Renaming): string {
  return mentions(source, renaming) ? renameInSource(source, renaming, renameInExpression) : source;
}

/** A source with what `rename` makes of it; where it does not parse, as it was and with a warning. */
export function follow(cell: Pick<Cell, "name">, source: string, rename: () => string): Renamed {
  try {
    return { source: rename(), warnings: [] };
  } catch (thrown) {
    if (!(thrown instanceof LanguageError) && !(thrown instanceof SheafError)) throw thrown;
    if (thrown.code === "language.rename" || thrown.code === "operation.would-capture")
      throw new SheafError("operation.would-capture", `in \`${cell.name}\`: ${thrown.message}`, {
        cure: thrown.cure ?? "Choose another name.",
        cause: thrown,
      });
    const message = `\`${cell.name}\` has an error, so the rename does not reach into it: ${thrown.message}`;
    return { source, warnings: [{ message, cure: "Correct it and change the name there by hand." }] };
  }
}

function renameInSource(
  source: string,
  { pairs }: Renaming,
  rename: (source: string, from: string, to: string) => string,
): string {
  return pairs.reduce((text, { from, to }) => rename(text, from.join("."), to.join(".")), source);
}
