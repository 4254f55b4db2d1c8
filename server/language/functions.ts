import { aggregate, aggregateNames } from "./aggregates.ts";
import { wholeNumber } from "./arguments.ts";
import { Fault } from "./language-error.ts";
import { isHost, skipped, type Result } from "./language-value.ts";
import { Namespace } from "./namespace.ts";
import type { BuiltIn } from "./signature.ts";

const summaries = {
  mean: "The average of a list, null left out.",
  sum: "A list added up, null left out.",
  min: "The smallest of a list or of the arguments, null left out.",
  max: "The largest of a list or of the arguments, null left out.",
  count: "How many elements of a list are not null.",
  median: "The middle of a list, null left out.",
  stdev: "The standard deviation of a list as a sample, null left out.",
} as const;

/** The functions there always are. They are meant only where a name is called, so a cell named `count` can be read. */
export const functions: ReadonlyMap<string, BuiltIn> = new Map(
  (
    [
      ...aggregateNames.map((name): BuiltIn => {
        return {
          name,
          parameters: [],
          variadic: true,
          aggregates: 1,
          summary: summaries[name],
          call: (argument, meter, named) => {
            unnamed(name, named);
            return aggregate(name, argument, meter);
          },
        };
      }),
      {
        name: "paired",
        parameters: ["left", "right"],
        aggregates: 2,
        summary:
          "The mean difference of two columns of results row by row and label by label: `n`, `mean`, `low` and `high` of its 95 % interval, `p`.",
        call: ([left, right]) => {
          if (!isHost(left) || left.paired === undefined || !isHost(right) || right.paired === undefined)
            throw new Fault(
              "language.type",
              "`paired` compares the results of two columns",
              'Write `paired(triage.correct.at(model="big"), triage.correct.at(model="small"))`.',
            );
          return left.paired(right);
        },
      },
      {
        name: "first",
        parameters: [],
        variadic: true,
        summary: "The first argument that has a value, was not skipped and is not null.",
        call: (argument, _, named) => {
          unnamed("first", named);
          return argument.find((value) => value !== undefined && value !== null && value !== skipped) ?? null;
        },
      },
      {
        name: "range",
        parameters: ["start", "stop?", "step?"],
        summary: "The whole numbers from `start` (0 if alone) up to but not including `stop`.",
        call: ([start, stop, step], meter) => {
          const from = stop === undefined ? 0 : wholeNumber(start, "start", 0);
          const to = wholeNumber(stop === undefined ? start : stop, "stop", 0);
          const by = wholeNumber(step, "step", 1);
          if (by === 0) throw new Fault("language.value", "`range` cannot go in steps of 0");
          const length = Math.max(0, Math.ceil((to - from) / by));
          meter.spend(length);
          return Array.from({ length }, (_, index) => from + index * by);
        },
      },
      {
        name: "dict",
        parameters: [],
        variadic: true,
        summary: "A mapping of the named arguments: `dict(a=1)`.",
        call: (argument, _, named) => {
          if (argument.length > 0)
            throw new Fault("language.type", "`dict` takes named arguments only", 'Write `{"a": 1}`.');
          return { ...named };
        },
      },
      {
        name: "namespace",
        parameters: [],
        variadic: true,
        summary: "A mapping whose members `{% set ns.a = 1 %}` changes, also inside a loop.",
        call: (argument, _, named) => {
          if (argument.length > 0) throw new Fault("language.type", "`namespace` takes named arguments only");
          return new Namespace(named);
        },
      },
    ] satisfies BuiltIn[]
  ).map((builtIn) => [builtIn.name, builtIn]),
);

function unnamed(name: string, named: { readonly [name: string]: Result }): void {
  const [extra] = Object.keys(named);
  if (extra !== undefined) throw new Fault("language.type", `\`${name}\` has no argument \`${extra}\``);
}
