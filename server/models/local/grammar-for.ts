import type { GbnfJsonBasicSchema, Llama, LlamaGrammarEvaluationState, LlamaModel } from "node-llama-cpp";
import type { Datum } from "#server/notebook/value.ts";
import { continuedGrammar, grammarSchema, labelGrammar, isStringSchema, labelsOf } from "./grammar-schema.ts";

/** What holds an answer to a schema while it is generated. */
export interface Constraint {
  readonly state: LlamaGrammarEvaluationState;
  /** Ends the answer though the grammar would allow more: the end of a label's line, the blank line after JSON. */
  readonly stop: string;
}

/** The grammar of a JSON Schema: bare labels where it is an enumeration of strings, none where it is any other string, JSON otherwise. */
export async function grammarFor(
  llama: Llama,
  model: LlamaModel,
  schema: Datum,
  continued: boolean,
): Promise<Constraint | null> {
  const { LlamaGrammarEvaluationState } = await import("node-llama-cpp");
  const labels = labelsOf(schema);
  if (labels !== null) {
    const grammar = await llama.createGrammar({ grammar: labelGrammar(labels, continued) });
    return {
      state: new LlamaGrammarEvaluationState({ model, grammar }),
      stop: labels.some((label) => label.includes("\n")) ? "" : "\n",
    };
  }
  if (isStringSchema(schema)) return null;
  const json = await llama.createGrammarForJsonSchema(grammarSchema(schema) as unknown as GbnfJsonBasicSchema);
  const grammar = continued ? await llama.createGrammar({ grammar: continuedGrammar(json.grammar) }) : json;
  return { state: new LlamaGrammarEvaluationState({ model, grammar }), stop: "\n\n" };
}
