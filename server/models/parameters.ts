import { z } from "zod";
import { nearestName } from "#server/notebook/nearest-name.ts";
import type { ModelParameters } from "#server/notebook/services.ts";
import { SheafError } from "#server/notebook/sheaf-error.ts";
import type { Datum } from "#server/notebook/value.ts";

/** The parameters a request may set. A single `stop` is a list of one. */
const modelParameters = z.strictObject({
  temperature: z.number().min(0).max(2).optional(),
  top_p: z.number().gt(0).max(1).optional(),
  max_tokens: z.int().min(1).optional(),
  stop: z
    .union([z.string().min(1), z.array(z.string().min(1))])
    .transform((stop) => (typeof stop === "string" ? [stop] : stop))
    .optional(),
  seed: z.int().min(0).optional(),
  reasoning_effort: z.string().min(1).optional(),
  api: z.enum(["chat", "responses"]).optional(),
});

/** Checks parameters as they come; null means unset. Throws `model.setting` naming the member. */
export function readParameters(parameters: { readonly [name: string]: Datum }): ModelParameters {
  const set = Object.fromEntries(Object.entries(parameters).filter(([, value]) => value !== null));
  const result = modelParameters.safeParse(set);
  if (result.success) return clean(result.data);
  const issue = result.error.issues[0]!;
  if (issue.code !== "unrecognized_keys")
    throw new SheafError("model.setting", `${issue.path.join(".")}: ${issue.message}`, {
      cure: "Change or remove it.",
    });
  const names = Object.keys(modelParameters.shape);
  const unknown = issue.keys[0]!;
  const near = nearestName(unknown, names);
  throw new SheafError("model.setting", `models have no parameter called ${unknown}`, {
    cure: near === null ? `Parameters are ${names.join(", ")}.` : `Did you mean ${near}?`,
  });
}

function clean(parameters: {
  readonly [Name in keyof ModelParameters]?: ModelParameters[Name] | undefined;
}): ModelParameters {
  return Object.fromEntries(Object.entries(parameters).filter(([, value]) => value !== undefined)) as ModelParameters;
}
