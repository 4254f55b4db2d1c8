import { z } from "zod";
import { issueMessage } from "#server/notebook/configuration-problems.ts";
import { configurationWords } from "#server/notebook/configuration-words.ts";
import type { ModelParameters } from "#server/notebook/services.ts";
import { SheafError } from "#server/notebook/sheaf-error.ts";
import type { Datum } from "#server/notebook/value.ts";

const overZero = "must be a whole number over 0";

/** The parameters of a model as a cell sets them. */
export const parameterFields = {
  temperature: z.number().min(0).max(2).optional(),
  top_p: z.number().min(0).max(1).optional(),
  max_tokens: z.number().int(overZero).positive(overZero).optional(),
  stop: z.union([z.string(), z.array(z.string())]).optional(),
  seed: z.number().int().optional(),
  reasoning_effort: z.string().min(1).optional(),
};

/** What a model's own settings say: the parameters, and by which of the provider's protocols it is asked. */
const parameterSchema = z.object({ ...parameterFields, api: z.enum(["chat", "responses"]).optional() });

/** The parameters among settings. Throws `prompt.parameter` for one that cannot be. */
export function parametersOf(from: { readonly [key: string]: unknown }): ModelParameters {
  const known = parameterSchema.safeParse(from, { error: configurationWords });
  if (!known.success) {
    throw new SheafError("prompt.parameter", `of the model's own settings, ${issueMessage(known.error.issues[0]!)}`, {
      cure: "Correct it in the front matter's `models`, or where the model is named.",
      field: "model",
    });
  }
  const { stop, ...rest } = known.data;
  const set = Object.fromEntries(Object.entries(rest).filter(([, value]) => value !== undefined)) as ModelParameters;
  return stop === undefined ? set : { ...set, stop: typeof stop === "string" ? [stop] : stop };
}

/** The models of `fallback: [provider/model]`, or one alone. */
export function fallbacksOf(value: Datum | undefined): readonly string[] {
  const known = z
    .union([z.string().transform((name) => [name]), z.array(z.string())])
    .optional()
    .safeParse(value);
  if (known.success) return known.data ?? [];
  throw new SheafError("prompt.fallback", "`fallback` names no models", {
    cure: "Write `fallback: [provider/model]` with the model in the front matter's `models`.",
    field: "model",
  });
}
