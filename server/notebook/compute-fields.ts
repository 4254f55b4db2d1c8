import { evaluate, type Scope } from "#server/language/index.ts";
import { literalText } from "./expressions-of.ts";
import { parsedExpression } from "./parsed.ts";
import { toDatum } from "./language-value.ts";
import { SheafError } from "./sheaf-error.ts";
import type { Datum, Position } from "./value.ts";

/**
 * A configuration with each value that begins with `=` replaced by what the expression comes to. `placeOf` gives a field's place
 * by its path, `with.message`; an error names the field and stands there, or says which it is where the place is not known.
 */
export function computeFields(
  value: Datum,
  scope: Scope,
  placeOf: (path: string) => Position | undefined,
  path = "",
): Datum {
  if (typeof value === "string") {
    return value.startsWith("=") ? computeField(value.slice(1), scope, placeOf, path) : literalText(value);
  }
  const below = (key: string | number): string => (path === "" ? String(key) : `${path}.${key}`);
  if (Array.isArray(value)) return value.map((part: Datum, index) => computeFields(part, scope, placeOf, below(index)));
  if (value === null || typeof value !== "object") return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, part]) => [key, computeFields(part as Datum, scope, placeOf, below(key))]),
  );
}

function computeField(
  source: string,
  scope: Scope,
  placeOf: (path: string) => Position | undefined,
  path: string,
): Datum {
  try {
    return toDatum(evaluate(parsedExpression(source), scope));
  } catch (thrown) {
    const { code = "cell.field", cure, message } = thrown as Partial<SheafError>;
    const position = placeOf(`expression:${path}`) ?? placeOf(path);
    throw new SheafError(code, `in \`${path}\`: ${message ?? String(thrown)}`, {
      cause: thrown,
      ...(cure === undefined ? {} : { cure }),
      ...(position === undefined ? { field: path } : { position }),
    });
  }
}
