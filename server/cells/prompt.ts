import { z } from "zod";
import { renderMessages, renderTemplate } from "#server/language/index.ts";
import { defineCellKind, type Item, type ItemEvent, type PlannedCall } from "#server/notebook/cell-kind.ts";
import { SchemaError, toJsonSchema } from "#server/notebook/schema.ts";
import type { CallFacts, ChatAnswer, Services } from "#server/notebook/services.ts";
import { SheafError } from "#server/notebook/sheaf-error.ts";
import type { Datum, Value } from "#server/notebook/value.ts";
import { cellScope } from "./cell-scope.ts";
import { answerCheck } from "./answer-check.ts";
import { eachConcurrently } from "./each-concurrently.ts";
import { parseAnswer } from "./parse-answer.ts";
import { failedEvent } from "./failed-event.ts";
import { fallbacksOf, parameterFields, parametersOf } from "./model-parameters.ts";
import { checkPlace, promptImages } from "./prompt-images.ts";
import { repairedValue } from "./repaired-value.ts";
import { parsedMessages, parsedTemplate } from "#server/notebook/parsed.ts";
import { schemaType, textValue } from "#server/notebook/value-type.ts";

const configuration = z.strictObject({
  model: z.string().optional(),
  models: z.array(z.unknown()).optional(),
  completion: z.boolean().default(false),
  schema: z.unknown().superRefine(checkSchema).optional(),
  images: z.unknown().optional(),
  ...parameterFields,
});

type Configuration = z.infer<typeof configuration>;

function checkSchema(schema: unknown, context: z.RefinementCtx): void {
  if (schema === undefined) return;
  try {
    answerCheck(toJsonSchema(schema as Datum));
  } catch (thrown) {
    if (!(thrown instanceof SchemaError)) throw thrown;
    context.addIssue({ code: "custom", path: [...thrown.path], message: thrown.message });
  }
}

/** Messages to a model, and its answer. */
export const prompt = defineCellKind<Configuration>({
  kind: "prompt",
  version: 1,
  title: "Prompt",
  description: "Messages to a model, and its answer.",
  body: (values) => (values["completion"] === true ? "template" : "messages"),
  starter: ({ models, inputs }) =>
    `---\nmodel: ${models[0]}\n---\n${inputs.length === 0 ? "Say hello." : `{{ ${inputs[0]} }}`}`,
  configuration,
  fields: [
    { key: "model", label: "Model", control: "model" },
    { key: "models", label: "Models compared", control: "list" },
    {
      key: "vary",
      label: "Vary",
      control: "mapping",
      help: "One answer for each combination: `tone: [formal, plain]`.",
    },
    { key: "repeat", label: "Repeats", control: "number" },
    { key: "schema", label: "Answer", control: "schema" },
    {
      key: "images",
      label: "Images",
      control: "expression",
      help: "Pictures that stand before the text of the last message of the user: `=photo`, `=[front, back]`.",
    },
    {
      key: "completion",
      label: "Continue text",
      control: "toggle",
      help: "For base models: the text is continued, not answered. White space around what comes is cut off.",
    },
    { key: "temperature", label: "Temperature", control: "number" },
    { key: "top_p", label: "Top p", control: "number" },
    { key: "max_tokens", label: "Most tokens", control: "number" },
    { key: "stop", label: "Stop at", control: "list" },
    { key: "seed", label: "Seed", control: "number" },
    {
      key: "reasoning_effort",
      label: "Reasoning effort",
      control: "text",
      help: "How long a model thinks before it answers, in its provider's word: `low`, `medium`, `high`.",
    },
  ],
  effect: () => "model",
  valueType: ({ configuration: { values } }) =>
    values["schema"] === undefined ? textValue : schemaType(values["schema"]),
  calls: (item, source) => [plannedCall(item, source)],
  async *run({ source, items, signal }, services) {
    yield* eachConcurrently(items.length, (index, emit) =>
      answer(items[index]!, index, source, services, signal, emit),
    );
  },
});

async function answer(
  item: Item<Configuration>,
  index: number,
  source: string,
  services: Services,
  signal: AbortSignal,
  emit: (event: ItemEvent) => void,
): Promise<void> {
  const made: CallFacts[] = [];
  const send = async (call: PlannedCall, step: number): Promise<ChatAnswer> => {
    const onText = (text: string): void => emit({ type: "text", item: index, text });
    const reply = await services.chat({ ...call, address: item.address, step, signal, onText });
    made.push(reply.call);
    return call.completion === undefined ? reply : { ...reply, text: reply.text.trim() };
  };
  try {
    const call = plannedCall(item, source);
    const valueOf = (reply: ChatAnswer): Value => {
      try {
        return parseAnswer(reply, call.schema);
      } catch (thrown) {
        // A whole answer that is no value is no beginning of one either.
        emit({ type: "text", item: index, text: "" });
        throw thrown;
      }
    };
    const value = await repairedValue(call, send, valueOf);
    emit({ type: "value", item: index, value, calls: made });
  } catch (thrown) {
    if (signal.aborted) throw thrown;
    emit(failedEvent(thrown, index, made));
  }
}

/** The request of one address: what its call key is made of. */
function plannedCall(item: Item<Configuration>, source: string): PlannedCall {
  const { model } = item;
  if (model === null) {
    throw new SheafError("prompt.no-model", "the prompt names no model", {
      cure: "Write `model: local/smollm2-135m-instruct`, or a short name of the front matter's `models`.",
    });
  }
  const { completion, schema } = item.configuration;
  const scope = cellScope(item);
  const { model: name, ...preset } = model;
  const fallbacks = fallbacksOf(preset["fallback"]);
  const images = promptImages((item.configuration.images ?? null) as Datum);
  const messages = completion ? [] : renderMessages(parsedMessages(source), scope);
  checkPlace(images, messages);
  return {
    model: name,
    ...(fallbacks.length === 0 ? {} : { fallbacks }),
    ...(completion ? { messages, completion: renderTemplate(parsedTemplate(source), scope) } : { messages }),
    parameters: { ...parametersOf(preset), ...parametersOf(item.configuration) },
    ...(schema === undefined ? {} : { schema: toJsonSchema(schema as Datum) }),
    ...(images.length === 0 ? {} : { images }),
    repeat: item.repeat,
  };
}
