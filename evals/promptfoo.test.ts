import { existsSync, readFileSync } from "node:fs";
import { afterAll, describe, expect, test } from "vitest";
import { openSandbox } from "#server/sandbox/sandbox.ts";
import type { Score } from "#server/notebook/value.ts";
import { parseCheck, runCheck } from "./check.ts";

/** A recorded verdict of promptfoo 0.123.1, and the check that says the same in a notebook. */
interface Case {
  readonly assertion: {
    readonly type: string;
    readonly value?: unknown;
    readonly threshold?: number;
    readonly weight?: number;
  };
  readonly output: string;
  readonly expect: { readonly pass: boolean; readonly score: number } | { readonly throws: string };
}

const ours: { readonly [type: string]: (value: unknown) => { readonly [scorer: string]: unknown } } = {
  equals: (value) => ({ equals: value }),
  contains: (value) => ({ contains: value }),
  icontains: (value) => ({ contains: { value, ignore_case: true } }),
  "contains-any": (any) => ({ contains: { any } }),
  "contains-all": (all) => ({ contains: { all } }),
  "icontains-any": (any) => ({ contains: { any, ignore_case: true } }),
  "icontains-all": (all) => ({ contains: { all, ignore_case: true } }),
  regex: (value) => ({ regex: value }),
  javascript: (value) => ({ code: value }),
};

/** What our verdict is where it is another, and why. */
const differences: readonly {
  readonly why: string;
  readonly where: (given: Case) => boolean;
  readonly ours: Partial<Score> | { readonly error: string };
}[] = [
  {
    why: "a pattern that is none is an error of the notebook, not a failed case",
    where: ({ assertion }) => assertion.type === "regex" && assertion.value === "(",
    ours: { error: "score.regex" },
  },
  {
    why: "an empty text to look for leaves the case unscored: a row without one is no mistake",
    where: ({ assertion }) => assertion.type === "contains" && assertion.value === "",
    ours: { score: null },
  },
  {
    why: "a weight of 0 keeps a check out of the whole, but does not make it pass",
    where: ({ assertion }) => assertion.weight === 0,
    ours: { score: 0, pass: false },
  },
  {
    why: "code that throws or gives what is no verdict is an error of the notebook, not a failed case",
    where: ({ assertion }) => assertion.value === '"str"',
    ours: { error: "score.code" },
  },
  {
    why: "code that throws without return is no expression",
    where: ({ assertion }) => assertion.value === 'throw new Error("x")',
    ours: { error: "js.syntax" },
  },
  {
    why: "code of several statements says return",
    where: ({ assertion }) => String(assertion.value).startsWith("const s = output.trim(); s ==="),
    ours: { error: "js.syntax" },
  },
];

const file = new URL("../../shared/reference/promptfoo-golden.json", import.meta.url);

describe.skipIf(!existsSync(file))(
  "verdicts are promptfoo's (skipped where its recorded verdicts are not at hand)",
  () => {
    const sandbox = openSandbox({ processes: 1 });
    afterAll(() => sandbox.close());
    const { cases } = (existsSync(file) ? JSON.parse(readFileSync(file, "utf8")) : { cases: [] }) as { cases: Case[] };

    const verdict = async ({ assertion, output }: Case): Promise<Partial<Score> | { error: string }> => {
      const negated = assertion.type.startsWith("not-");
      const [[scorer, options]] = Object.entries(ours[assertion.type.replace(/^not-/, "")]!(assertion.value)) as [
        [string, unknown],
      ];
      const { threshold } = assertion;
      const item = {
        [`${negated ? "not-" : ""}${scorer}`]: options,
        ...(threshold === undefined ? {} : { threshold }),
      };
      try {
        const { score, pass } = await runCheck(parseCheck(item), {
          output,
          effects: { javascript: sandbox.javascript },
        });
        return { score, pass };
      } catch (error) {
        return { error: (error as { code: string }).code };
      }
    };

    const isListInText = ({ assertion }: Case): boolean =>
      /-(any|all)$/.test(assertion.type) && typeof assertion.value === "string";
    const isNegatedNumber = ({ assertion }: Case): boolean =>
      assertion.type === "not-javascript" && /length \/ 10|score:/.test(String(assertion.value));
    const isNumberWithoutThreshold = ({ assertion }: Case): boolean =>
      assertion.type === "javascript" && assertion.value === "output.length / 10" && assertion.threshold === undefined;
    const known = cases.filter(({ assertion }) => ours[assertion.type.replace(/^not-/, "")] !== undefined);

    test.each(Object.keys(ours))("of %s and its negation", async (type) => {
      const same = known.filter(
        (given) =>
          given.assertion.type.replace(/^not-/, "") === type &&
          !differences.some(({ where }) => where(given)) &&
          !isListInText(given) &&
          !isNegatedNumber(given) &&
          !isNumberWithoutThreshold(given),
      );
      expect(same.length).toBeGreaterThan(3);
      for (const given of same) expect([given, await verdict(given)]).toMatchObject([given, scored(given)]);
    });

    test.each(differences)("but $why", async ({ where, ours }) => {
      const different = known.filter(where);
      expect(different.length).toBeGreaterThan(0);
      for (const given of different) expect(await verdict(given)).toMatchObject(ours);
    });

    test("but a text with commas is one text: lists are lists", async () => {
      for (const given of known.filter(isListInText)) {
        const found = given.output.includes(String(given.assertion.value));
        expect(await verdict(given)).toMatchObject({
          score: Number(found !== given.assertion.type.startsWith("not-")),
        });
      }
    });

    test("but the negation of a number is one less it, passing where the number did not", async () => {
      for (const given of known.filter(isNegatedNumber)) {
        const plain = { ...given, assertion: { ...given.assertion, type: "javascript" } };
        const { score, pass } = (await verdict(plain)) as Score;
        expect(await verdict(given)).toMatchObject({ score: 1 - score!, pass: !pass });
      }
    });

    test("but a number from code passes from 0.5 on where no threshold is set, not from just above 0", async () => {
      for (const given of known.filter(isNumberWithoutThreshold)) {
        const { score } = scored(given);
        expect(await verdict(given)).toMatchObject({ score, pass: score >= 0.5 });
      }
    });
  },
);

function scored({ expect: recorded }: Case): { pass: boolean; score: number } {
  if ("throws" in recorded) throw new Error(`promptfoo has no verdict: ${recorded.throws}`);
  return { pass: recorded.pass, score: recorded.score };
}
