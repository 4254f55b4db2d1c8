/** What a language made of a template. */
export type Outcome = { readonly text: string } | { readonly error: string };

export type Oracle = "jinja2" | "minijinja";

/**
 * A rule of difference. Texts that are alike after `alike` differ by it, where the template matches `where`; a
 * template that only one side renders differs by it where the other side's error matches `ours` or `theirs`.
 */
export interface Difference {
  readonly rule: string;
  readonly oracles: readonly Oracle[];
  readonly where?: RegExp;
  readonly alike?: (text: string) => string;
  readonly ours?: RegExp;
  readonly theirs?: RegExp;
}

const both: readonly Oracle[] = ["jinja2", "minijinja"];

export const differences: readonly Difference[] = [
  { rule: "a whole number prints without .0", oracles: both, alike: (text) => text.replaceAll(".0", "") },
  { rule: "true and false print in lower case", oracles: ["jinja2"], alike: (text) => text.replace(/true|false/gi, lower) },
  { rule: "null prints as nothing, and as null in a list", oracles: both, alike: (text) => text.replace(/none|null/gi, "") },
  {
    rule: "lists, tuples and mappings print as JSON",
    oracles: ["jinja2"],
    alike: (text) => text.replaceAll("'", '"').replaceAll("(", "[").replaceAll(")", "]"),
  },
  { rule: "a mapping prints in its own order", oracles: both, where: /'b': 1, 'a': 2/, alike: sortedCharacters },
  { rule: "the keys of a mapping are texts", oracles: both, where: /\{1: /, alike: (text) => text.replace(/['"]/g, "") },
  { rule: "tojson has a space after , and :", oracles: ["minijinja"], where: /tojson/, alike: (text) => text.replace(/([,:]) /g, "$1") },
  {
    rule: "tojson does not escape for HTML",
    oracles: both,
    where: /tojson/,
    alike: (text) => text.replace(/\\u00([0-9a-f]{2})/g, (_, code: string) => String.fromCharCode(Number.parseInt(code, 16))),
  },
  {
    rule: "numbers have JavaScript's shortest text",
    oracles: both,
    where: /e-7|e21/,
    alike: (text) => text.replace(/1\.5e-0?7|0\.00000015/gi, "1.5e-7").replace("1000000000000000000000.0", "1e+21"),
  },
  { rule: "round takes halves away from zero, in decimal", oracles: both, where: /round/, alike: masked },
  { rule: "a boolean is no number", oracles: both, where: /yes (==|\+) 1/, alike: masked, ours: /a boolean and a number/ },
  { rule: "an exact quotient of integers is exact", oracles: ["jinja2"], where: /10 \*\* 20 \/ 10/, alike: () => "" },
  { rule: "a number without decimals is an integer", oracles: both, where: /3\.0 is integer/, alike: masked },
  { rule: "a line with only {% raw %} leaves no blank line", oracles: ["jinja2"], where: /\{% raw %\}\n/, alike: (text) => text.replaceAll("\n\n", "\n") },
  { rule: "null has no order, contains nothing and has length 0", oracles: both, where: /nothing/, theirs: /NoneType|cannot|operator|operation|length/ },
  { rule: "sum and max leave null out", oracles: both, where: /none\] \| (sum|max)/, theirs: /NoneType|operat/ },
  { rule: "a list can be an element of a set", oracles: ["jinja2"], theirs: /unhashable/ },
  { rule: "the condition of if is any expression", oracles: both, where: /\{% if n if/, theirs: /got 'if'|unexpected identifier/ },
  { rule: "a backslash before another letter stays", oracles: ["minijinja"], theirs: /bad string escape/ },
  { rule: "default covers every missing member of a chain", oracles: both, theirs: /has no attribute 'missing'|undefined value/ },
  { rule: "lists never change", oracles: ["jinja2"], ours: /has no method `append`/ },
  { rule: "there is no autoescape", oracles: both, ours: /no statement `autoescape`/ },
  { rule: "there are no filters for HTML", oracles: both, ours: /no filter `escape`/ },
  { rule: "there is no format method", oracles: ["jinja2"], ours: /no method `format`/ },
  { rule: "% is no formatting", oracles: ["jinja2"], ours: /`%` does not go with a text/ },
  { rule: "a macro takes only its parameters", oracles: ["jinja2"], ours: /`m` takes no argument/ },
  { rule: "arguments are not unpacked", oracles: both, ours: /expected an argument and found `\*\*`/ },
  { rule: "loops are not recursive", oracles: both, ours: /`recursive` is too much/ },
  { rule: "division by zero is an error", oracles: ["minijinja"], ours: /divides by zero/ },
  // MiniJinja's own differences to Jinja2, where ours is as Jinja2's.
  { rule: "a text is a sequence, null is not iterable", oracles: ["minijinja"], where: /is (not )?(sequence|iterable)/, alike: masked },
  { rule: "reverse sorting keeps the order of equals", oracles: ["minijinja"], where: /reverse=true/, alike: lower },
  { rule: "indent keeps a final line end", oracles: ["minijinja"], where: /indent/, alike: (text) => text.replace(/\s+/g, "") },
  { rule: "null has no order there either", oracles: ["minijinja"], where: /nothing < 1/, alike: masked },
  { rule: "null cannot be iterated", oracles: ["minijinja"], ours: /null has no elements/ },
  { rule: "int takes its default for a text that is no number", oracles: ["minijinja"], theirs: /invalid float literal/ },
  { rule: "a negative power is a fraction", oracles: ["minijinja"], theirs: /unable to calculate 2 \*\* -1/ },
  { rule: "values of different types have no order", oracles: ["minijinja"], ours: /have no order/ },
];

function lower(text: string): string {
  return text.toLowerCase();
}

function masked(text: string): string {
  return text.replace(/true|false|\d+(\.\d+)?/gi, "#");
}

function sortedCharacters(text: string): string {
  return [...text.replaceAll(" ", "")].sort().join("");
}

/**
 * The fewest rules, at most three, by which two outcomes for a template differ: none where they are equal, null where
 * the rules do not say why.
 */
export function explain(source: string, ours: Outcome, theirs: Outcome, oracle: Oracle): readonly Difference[] | null {
  const applicable = differences.filter(({ oracles, where }) => oracles.includes(oracle) && (where === undefined || where.test(source)));
  if ("error" in ours && "error" in theirs) return [];
  if ("error" in ours || "error" in theirs) {
    const excuse = applicable.find((rule) =>
      "error" in ours ? rule.ours?.test(ours.error) : "error" in theirs && rule.theirs?.test(theirs.error),
    );
    return excuse === undefined ? null : [excuse];
  }
  const rules = applicable.filter(({ alike }) => alike !== undefined);
  for (const chosen of choices(rules, 3)) {
    const apply = (text: string) => chosen.reduce((result, { alike }) => alike!(result), text);
    if (apply(ours.text) === apply(theirs.text)) return chosen;
  }
  return null;
}

/** All choices of up to `most` of the options, the smallest first. */
function* choices<T>(options: readonly T[], most: number): Iterable<readonly T[]> {
  for (let size = 0; size <= most; size += 1) yield* ofSize(options, size);
}

function* ofSize<T>(options: readonly T[], size: number): Iterable<readonly T[]> {
  if (size === 0) yield [];
  else
    for (const [place, option] of options.entries())
      for (const rest of ofSize(options.slice(place + 1), size - 1)) yield [option, ...rest];
}
