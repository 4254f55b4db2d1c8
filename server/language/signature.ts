import { Fault } from "./language-error.ts";
import type { LanguageRecord, LanguageValue, Result } from "./language-value.ts";
import type { Meter } from "./meter.ts";
import { nearestName } from "./nearest-name.ts";

/** The name of a filter, test or function and what it takes besides its operand. */
export interface Signature {
  readonly name: string;
  /** In order; `width?` can be left out. */
  readonly parameters: readonly string[];
  /** Takes any further arguments as they come. */
  readonly variadic?: boolean;
  /** For aggregates: the function's arguments when there are so many, or the filter's operand alone, are read with all their results. */
  readonly aggregates?: number;
  /** One line for the list of completions and the docs. */
  readonly summary: string;
}

export interface Filter extends Signature {
  /** `argument` is in the order of `parameters`, `undefined` where left out. `named` is empty unless variadic. */
  readonly apply: (
    input: LanguageValue,
    argument: readonly Result[],
    context: Context,
    named: LanguageRecord,
  ) => Result;
}

export interface Predicate extends Signature {
  readonly holds: (value: LanguageValue, argument: readonly Result[], context: Context) => boolean;
}

/** A built-in function. `first` takes absent arguments too. */
export interface BuiltIn extends Signature {
  readonly call: (argument: readonly Result[], context: Context, named: LanguageRecord) => Result;
}

/** What filters may use: the meter, and other filters and tests by name, for `map` and `select`. */
export interface Context extends Meter {
  filter(name: string): Filter;
  predicate(name: string): Predicate;
}

/**
 * Puts arguments in the order of a signature's parameters, `undefined` where one is left out. A variadic signature's
 * come as they are. Throws a `Fault` for an argument that is missing, unknown, given twice or one too many.
 */
export function arrange<T>(
  signature: Signature,
  positional: readonly T[],
  named: readonly { readonly name: string; readonly value: T }[],
): readonly (T | undefined)[] {
  if (signature.variadic === true) return positional;
  const { name, parameters } = signature;
  if (positional.length > parameters.length) {
    const takes = parameters.length === 0 ? "no argument" : `at most ${parameters.length}`;
    throw new Fault("language.type", `\`${name}\` takes ${takes}, not ${positional.length}`);
  }
  const arranged: (T | undefined)[] = [...positional];
  const names = parameters.map((parameter) => parameter.replace("?", ""));
  for (const argument of named) {
    const place = names.indexOf(argument.name);
    if (place < 0) {
      const nearest = nearestName(argument.name, names);
      const hint = nearest === undefined ? "" : `; did you mean \`${nearest}\`?`;
      throw new Fault("language.type", `\`${name}\` has no argument \`${argument.name}\`${hint}`);
    }
    if (arranged[place] !== undefined)
      throw new Fault("language.type", `\`${name}\` gets its argument \`${argument.name}\` twice`);
    arranged[place] = argument.value;
  }
  const missing = parameters.find((parameter, place) => !parameter.endsWith("?") && arranged[place] === undefined);
  if (missing !== undefined) throw new Fault("language.type", `\`${name}\` needs its argument \`${missing}\``);
  return arranged;
}

/** The same for values. */
export function arrangeValues(
  signature: Signature,
  positional: readonly Result[],
  named: LanguageRecord,
): readonly Result[] {
  const list = Object.keys(named).map((name): { name: string; value: Result } => ({ name, value: named[name] }));
  return arrange<Result>(signature, positional, list);
}
