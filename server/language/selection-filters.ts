import { Fault } from "./language-error.ts";
import { memberOf, skipped, type LanguageRecord, type LanguageValue, type Result } from "./language-value.ts";
import { elements, isTruthy, memberAt } from "./lists.ts";
import { required } from "./list-filters.ts";
import { arrangeValues, type Context, type Filter } from "./signature.ts";
import { skippedFault } from "./value-text.ts";
import { text } from "./arguments.ts";

/** `map`, `select` and their like, which use other filters and tests by name. */
export const selectionFilters: readonly Filter[] = [
  {
    name: "map",
    parameters: [],
    variadic: true,
    summary: "A filter on every element, `map('upper')`, or an attribute of it, `map(attribute='text', default='')`.",
    apply: (input, given, meter, named) => {
      const items = elements(input, meter);
      const path = memberOf(named, "attribute");
      if (path !== undefined && given.length === 0) {
        only(named, ["attribute", "default"], "map");
        const standard = memberOf(named, "default");
        return items.map((item) => required(item, path, meter, standard));
      }
      const filter = meter.filter(text(given[0], "map"));
      const argument = arrangeValues(filter, given.slice(1), named);
      return items.map((item) => {
        meter.operate(item);
        if (item === skipped && filter.name !== "default") throw skippedFault();
        const value = filter.apply(item, argument, meter, named);
        if (value === undefined)
          throw new Fault("language.undefined", `\`${filter.name}\` of an element gives nothing`);
        return value;
      });
    },
  },
  selection("select", false, false),
  selection("reject", true, false),
  selection("selectattr", false, true),
  selection("rejectattr", true, true),
];

function selection(name: string, negated: boolean, byAttribute: boolean): Filter {
  const what = byAttribute ? "elements with an attribute" : "elements";
  return {
    name,
    parameters: [],
    variadic: true,
    summary: `The ${what} ${negated ? "for which a test fails" : "for which a test holds"}; without a test, ${negated ? "the false" : "the true"} ones.`,
    apply: (input, given, meter, named) => {
      only(named, [], name);
      if (byAttribute && given[0] === undefined) throw new Fault("language.type", `\`${name}\` needs an attribute`);
      const [test, ...argument] = byAttribute ? given.slice(1) : given;
      const holds = condition(test, argument, meter);
      return elements(input, meter).filter((item) => {
        meter.spend(1);
        return holds(byAttribute ? memberAt(item, given[0], meter) : item) !== negated;
      });
    },
  };
}

function condition(test: Result, argument: readonly Result[], meter: Context): (value: Result) => boolean {
  if (test === undefined) return (value) => isTruthy(present(value));
  const predicate = meter.predicate(text(test, "test"));
  const arranged = arrangeValues(predicate, argument, {});
  // Like the evaluator, only these tests take what is absent.
  const tolerant = predicate.name === "defined" || predicate.name === "undefined" || predicate.name === "skipped";
  return (value) => predicate.holds((tolerant ? value : present(value)) as LanguageValue, arranged, meter);
}

function present(value: Result): LanguageValue {
  if (value === skipped) throw skippedFault();
  if (value !== undefined) return value;
  throw new Fault(
    "language.undefined",
    "an element has no such attribute",
    "Choose those that have it first: `selectattr('name', 'defined')`.",
  );
}

function only(named: LanguageRecord, known: readonly string[], filter: string): void {
  const extra = Object.keys(named).find((name) => !known.includes(name));
  if (extra !== undefined) throw new Fault("language.type", `\`${filter}\` has no argument \`${extra}\``);
}
