import type { z } from "zod";
import { issueMessage } from "#server/notebook/configuration-problems.ts";
import { configurationWords } from "#server/notebook/configuration-words.ts";
import { isAtLeast } from "#server/notebook/is-at-least.ts";
import { SheafError } from "#server/notebook/sheaf-error.ts";
import type { JavascriptCall } from "#server/notebook/services.ts";
import type { Datum, Score } from "#server/notebook/value.ts";

/** One case to be scored: what came out, and what it is held against. */
export interface Example {
  readonly output: Datum;
  /** What should have come out; absent or null where it is not known. */
  readonly expected?: Datum | undefined;
  /** What stands behind the scorer's name, `contains: =row.must`, after its expressions were computed. */
  readonly options?: unknown;
  /** The score from which the case passes, in 0…1; the scorer's own where it is absent. */
  readonly threshold?: number | undefined;
  readonly effects?: ScorerEffects | undefined;
}

/** What a scorer may ask of the outside: scorers themselves read nothing, wait for nothing and draw no lots. */
export interface ScorerEffects {
  /** One vector a text, in order. Without a model's name the notebook's own is meant. */
  embed?(texts: readonly string[], model: string | undefined): Promise<readonly Float32Array[]>;
  /** Runs the body of a function in the sandbox; what else its variables are is the effect's business. */
  javascript?(call: JavascriptCall): Promise<Datum>;
}

/** Texts that a scorer has embedded, and the model it names for that. */
export interface EmbeddedTexts {
  readonly texts: readonly string[];
  readonly model: string | undefined;
}

/** A way to judge an output. Adding one is a file with `defineScorer` and a line in `scorers/index.ts`. */
export interface Scorer<Name extends string = string> {
  /** The word in a list of checks. */
  readonly name: Name;
  /** One sentence: what scores 1, and what its options say. */
  readonly description: string;
  /** What may stand behind the name; `undefined` where the name may stand alone. */
  readonly options: z.ZodType;
  /** The score from which a case passes where nothing else is said. */
  readonly threshold: number;
  /** The effects it cannot do without, so that a cell's effect and cost are known before it runs. */
  readonly needs: readonly (keyof ScorerEffects)[];
  /** What it would have embedded for a case, null for nothing: for estimates. Throws `score.options`. Only scorers that need `embed` have it. */
  readonly embeds?: (example: Example) => EmbeddedTexts | null;
  /**
   * The verdict. `score` is null where the case cannot be scored (nothing was expected of it), which is not 0. Throws
   * `score.options` where the options do not fit, and whatever an effect throws.
   */
  score(example: Example): Promise<Score>;
}

interface Definition<Name extends string, Options> {
  readonly name: Name;
  readonly description: string;
  readonly options: z.ZodType<Options>;
  readonly threshold?: number;
  readonly needs?: readonly (keyof ScorerEffects)[];
  readonly embeds?: (example: Example & { readonly options: Options }) => EmbeddedTexts | null;
  readonly score: (
    example: Example & { readonly options: Options; readonly effects: ScorerEffects },
  ) => Judgement | Promise<Judgement>;
}

/** What a scorer's own code says: a score in 0…1 or null, why, and whether it passes where that is not the threshold's matter. */
export interface Judgement {
  readonly score: number | null;
  readonly reason: string;
  readonly pass?: boolean;
}

/** Makes a scorer of its definition: options are checked, effects are there, and the threshold decides what passes. */
export function defineScorer<const Name extends string, Options>(definition: Definition<Name, Options>): Scorer<Name> {
  const { name, description, options: schema, threshold: ownThreshold = 1, needs = [], embeds } = definition;
  const parse = (options: unknown): Options => {
    const parsed = schema.safeParse(options, { error: configurationWords });
    if (parsed.success) return parsed.data;
    const problems = parsed.error.issues.map(issueMessage);
    throw new SheafError("score.options", `${name}: ${problems.join("; ")}`, { cure: description });
  };
  return {
    name,
    description,
    options: schema,
    threshold: ownThreshold,
    needs,
    ...(embeds === undefined ? {} : { embeds: (example) => embeds({ ...example, options: parse(example.options) }) }),
    async score({ options: given, effects = {}, threshold = ownThreshold, ...example }) {
      const options = parse(given);
      for (const need of needs)
        if (effects[need] === undefined)
          throw new SheafError("score.effect", `${name} cannot be computed here: it needs ${need}`);
      const judgement = await definition.score({ ...example, options, threshold, effects });
      const { score, reason, pass } = judgement;
      if (score === null) return { score, pass: null, reason };
      if (!(score >= 0 && score <= 1))
        throw new SheafError("score.range", `${name} came to ${score}: a score is between 0 and 1`);
      return { score, pass: pass ?? isAtLeast(score, threshold), reason };
    },
  };
}

/** The judgement of a case that nothing is known about. */
export const nothingExpected: Judgement = { score: null, reason: "nothing was expected, so it cannot be scored" };
