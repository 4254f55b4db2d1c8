import type { KnownCapabilities } from "#server/models/capabilities/known-capabilities.ts";
import type { Capabilities } from "#server/models/model.ts";
import type { Datum } from "#server/notebook/value.ts";
import { saidWords } from "../models/capability-words";

/** What the models of a prompt do not take of a field. */
export interface NotTaken {
  /** Which do not, why, and who says so. */
  readonly reason: string;
  /** Whether the field is offered all the same: a model takes it, or nobody knows, or it is asked for otherwise. */
  readonly isOffered: boolean;
}

const needs: {
  readonly [key: string]: { readonly fact: keyof Capabilities; readonly lacks: string; readonly otherwise?: true };
} = {
  images: { fact: "images", lacks: "reads text alone" },
  completion: { fact: "completion", lacks: "answers messages and does not continue text" },
  reasoning_effort: { fact: "reasoning", lacks: "does not think before it answers" },
  schema: {
    fact: "jsonSchema",
    lacks: "takes no JSON Schema: it stands in the prompt, and the answer is checked",
    otherwise: true,
  },
};

/** What of a field is known not to be taken by the models of a prompt; null where nothing is. */
export function notTaken(
  key: string,
  models: readonly (string | null)[],
  known: { readonly [name: string]: KnownCapabilities | undefined },
): NotTaken | null {
  const need = Object.hasOwn(needs, key) ? needs[key]! : null;
  if (need === null) return null;
  const lacking = models.flatMap((name) => {
    const model = name === null ? undefined : known[name];
    return model?.capabilities[need.fact] === false ? [`${name} ${need.lacks}. ${saidWords(model, need.fact)}`] : [];
  });
  if (lacking.length === 0) return null;
  return { reason: lacking.join(" "), isOffered: need.otherwise === true || lacking.length < models.length };
}

/** The full names of the models that a prompt's settings name, each once; null for one that an expression gives. */
export function modelsOfSettings(
  { model, models }: { readonly [key: string]: Datum },
  aliases: { readonly [name: string]: unknown },
): readonly (string | null)[] {
  const isFixed = typeof model === "string" && !model.startsWith("=");
  const named = isFixed || models === undefined ? [model] : Array.isArray(models) ? models : [null];
  return [...new Set(named.flatMap((each) => (each === undefined ? [] : [fullName(each, aliases)])))];
}

function fullName(named: unknown, aliases: { readonly [name: string]: unknown }): string | null {
  if (typeof named === "object" && named !== null) return fullName((named as { model?: unknown }).model, aliases);
  if (typeof named !== "string" || named.startsWith("=")) return null;
  const { [named]: alias, ...others } = aliases;
  return alias === undefined ? named : fullName(alias, others);
}
