import { z } from "zod";
import { definedOnly } from "#server/notebook/defined-only.ts";
import type { Capabilities } from "../model.ts";

const can = z.boolean().optional();
const tokens = z.number().int().positive().optional();

/** What can be said of a model, as data from outside. */
export const capabilitiesSchema = z
  .strictObject({
    chat: can,
    completion: can,
    images: can,
    tools: can,
    jsonSchema: can,
    jsonObject: can,
    reasoning: can,
    streaming: can,
    embeddings: can,
    contextLength: tokens,
    maxOutput: tokens,
  })
  .transform((said): Capabilities => definedOnly(said));
