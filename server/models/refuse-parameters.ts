import type { ModelParameters } from "#server/notebook/services.ts";
import { ModelError } from "./model-error.ts";

/**
 * Refuses a request that sets a parameter its model has no word for, before it is sent. `who` is whose models it is and a verb,
 * as in `Anthropic's models have`.
 */
export function refuseParameters(
  who: string,
  parameters: ModelParameters,
  unknown: readonly (keyof ModelParameters)[],
): void {
  for (const parameter of unknown)
    if (parameters[parameter] !== undefined)
      throw new ModelError("model.bad-request", `${who} no parameter ${parameter}`, {
        unbilled: true,
        cure: `Remove \`${parameter}\`, or set it on the other models alone, in the front matter's \`models\`.`,
      });
}
