import type { ScriptedAnswer, SeenRequest } from "./scripted-answer.ts";

/** The whole answer in OpenAI's format (https://platform.openai.com/docs/api-reference/chat/object), or its error. */
export function completionBody(request: SeenRequest, script: ScriptedAnswer): object {
  const text = partsOf(script).join("");
  if (script.status !== undefined && script.status !== 200)
    return { error: { message: text, type: "scripted", code: `status_${script.status}` } };
  return {
    ...head(request, "chat.completion"),
    choices: [
      {
        index: 0,
        message: { role: "assistant", content: text, ...thought(script) },
        finish_reason: script.finish ?? "stop",
      },
    ],
    usage: usageOf(script),
  };
}

/** The answer as the events of a stream, without the `[DONE]` that ends it; usage comes last, where it was asked for. */
export function completionEvents(request: SeenRequest, script: ScriptedAnswer): readonly object[] {
  const event = (delta: object, finish: string | null): object => ({
    ...head(request, "chat.completion.chunk"),
    choices: [{ index: 0, delta, finish_reason: finish }],
  });
  return [
    ...(script.reasoning === undefined ? [] : [event(thought(script), null)]),
    ...partsOf(script).map((content, index) => event(index === 0 ? { role: "assistant", content } : { content }, null)),
    event({}, script.finish ?? "stop"),
    ...(request.body.stream_options?.include_usage && script.usage !== null
      ? [{ ...head(request, "chat.completion.chunk"), choices: [], usage: usageOf(script) }]
      : []),
  ];
}

/** As DeepSeek, vLLM and others say it beside the content. */
function thought({ reasoning }: ScriptedAnswer): object {
  return reasoning === undefined ? {} : { reasoning_content: reasoning };
}

function head(request: SeenRequest, object: string): object {
  return { id: `chatcmpl-${request.number}`, object, created: 0, model: request.body.model };
}

function partsOf({ text }: ScriptedAnswer): readonly string[] {
  return typeof text === "string" ? [text] : text;
}

function usageOf(script: ScriptedAnswer): object | undefined {
  if (script.usage === null) return undefined;
  const prompt = script.usage?.prompt ?? 10;
  const completion = script.usage?.completion ?? partsOf(script).join("").split(/\s+/).length;
  return { prompt_tokens: prompt, completion_tokens: completion, total_tokens: prompt + completion };
}
