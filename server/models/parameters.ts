import { z } from "zod";
import { nearestName } from "#server/notebook/nearest-name.ts";
import type { ModelParameters } from "#server/notebook/services.ts";
import { SheafError } from "#server/notebook/sheaf-error.ts";
import type { Datum } from "#server/notebook/value.ts";

/** The parameters people may set on a model or on a cell. A single `stop` is a list of one. */
export const modelParameters = z.strictObject({
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

/** A model as a notebook names it: the full name, and the parameters set with it. */
export interface ModelSetting {
  readonly model: string;
  readonly parameters: ModelParameters;
}

/**
 * Reads one value of the front matter's `models` or a cell's `model`: a name, or a mapping with `model` and parameters.
 * Throws `model.setting` for anything else, naming the member and what it may be.
 */
export function readModelSetting(setting: Datum): ModelSetting {
  if (typeof setting === "string") return { model: setting, parameters: {} };
  if (typeof setting !== "object" || setting === null || Array.isArray(setting))
    throw new SheafError("model.setting", `a model is a name or a mapping, not ${JSON.stringify(setting)}`, {
      cure: "Write provider/model, or { model: provider/model, temperature: 0 }.",
    });
  const { model, ...parameters } = setting as { readonly [member: string]: Datum };
  if (typeof model !== "string")
    throw new SheafError("model.setting", "the mapping of a model has no name", {
      cure: "Add model: provider/model to it.",
    });
  return { model, parameters: readParameters(parameters) };
}

/** Checks parameters as they stand in a notebook; null means unset. Throws `model.setting` naming the member. */
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

/** Parameters of a model's setting with a cell's own over them; what the cell leaves unset stays as the model has it. */
export function mergeParameters(setting: ModelParameters, own: ModelParameters): ModelParameters {
  return { ...clean(setting), ...clean(own) };
}

function clean(parameters: {
  readonly [Name in keyof ModelParameters]?: ModelParameters[Name] | undefined;
}): ModelParameters {
  return Object.fromEntries(Object.entries(parameters).filter(([, value]) => value !== undefined)) as ModelParameters;
}
