import { z } from "zod";
import { texts, valueOrSettings } from "../options.ts";
import { defineScorer, nothingExpected, type Example } from "../scorer.ts";
import { isMissing, quote, toText } from "../words.ts";

const options = valueOrSettings(texts, { model: z.string().optional() });

/** Nearness in meaning, by embeddings. */
export const similarity = defineScorer({
  name: "similarity",
  description:
    "The cosine of the output's and the expected text's embeddings, at least 0; of several expected texts the nearest. " +
    "`similarity: =row.answer`, `similarity: { value: =row.answers, model: local/all-MiniLM-L6-v2 }`.",
  options,
  threshold: 0.75,
  needs: ["embed"],
  embeds({ output, expected, options }) {
    const wanted = wantedTexts(expected, options);
    return wanted.length === 0 ? null : { texts: [toText(output), ...wanted], model: options.model };
  },
  async score({ output, expected, options, threshold, effects }) {
    const wanted = wantedTexts(expected, options);
    if (wanted.length === 0) return nothingExpected;
    const [vector, ...others] = await effects.embed!([toText(output), ...wanted], options.model);
    const cosines = others.map((other) => cosine(vector!, other));
    const best = cosines.indexOf(Math.max(...cosines));
    // Rounding may lift the cosine of equal texts above 1; opposite meanings are no nearer than unrelated ones.
    const score = Math.min(1, Math.max(0, cosines[best]!));
    return {
      score,
      reason: `cosine ${cosines[best]!.toFixed(3)} to ${quote(wanted[best]!)}, ${threshold ?? 0.75} wanted`,
    };
  },
});

/** The texts an output is held against: those of the options, or else what is expected. */
function wantedTexts(expected: Example["expected"], { value }: z.output<typeof options>): readonly string[] {
  const given = value === undefined ? (isMissing(expected) ? null : toText(expected)) : value;
  return [given].flat().filter((text) => text !== null);
}

/** The cosine of the angle between two vectors; 0 where one of them has no direction. */
function cosine(one: Float32Array, other: Float32Array): number {
  let dot = 0;
  let oneSquared = 0;
  let otherSquared = 0;
  for (let index = 0; index < one.length; index += 1) {
    dot += one[index]! * other[index]!;
    oneSquared += one[index]! ** 2;
    otherSquared += other[index]! ** 2;
  }
  const lengths = Math.sqrt(oneSquared * otherSquared);
  return lengths === 0 ? 0 : dot / lengths;
}
