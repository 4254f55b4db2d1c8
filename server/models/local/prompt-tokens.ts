import type { ChatHistoryItem, ChatWrapper, LlamaModel, Token } from "node-llama-cpp";
import { SheafError } from "#server/notebook/sheaf-error.ts";
import type { Message } from "#server/notebook/value.ts";
import type { GenerateArgument } from "./methods.ts";

/** A prompt as a model reads it: its tokens, and those that end an answer beside the model's own end marks. */
export interface PromptTokens {
  readonly tokens: Token[];
  readonly ends: ReadonlySet<Token>;
  /** What stands in the prompt of the answer to messages, by its template or as the assistant's last message; null where text is continued. */
  readonly begun: string | null;
}

/** Puts prompts into tokens as a GGUF model was trained to read them. The model's vocabulary is enough. */
export async function createPromptTokens(
  model: LlamaModel,
): Promise<(request: Pick<GenerateArgument, "prompt" | "name">) => PromptTokens> {
  const { resolveChatWrapper, SpecialTokensText } = await import("node-llama-cpp");
  const instruct = model.fileInfo.metadata.tokenizer.chat_template !== undefined;
  const wrapper: ChatWrapper | null = instruct ? resolveChatWrapper(model, { warningLogs: false }) : null;
  const begin = model.tokens.shouldPrependBosToken ? model.tokens.bos : null;
  return ({ prompt, name }) => {
    if (prompt.type === "completion") {
      // Text of a row that looks like a special token stays text: `specialTokens` is off.
      const tokens = model.tokenize(prompt.text, false);
      return { tokens: begin === null ? tokens : [begin, ...tokens], ends: new Set(), begun: null };
    }
    if (wrapper === null) throw noChatTemplate(name);
    const state = wrapper.generateContextState({ chatHistory: chatHistory(prompt.messages) });
    const tokens = state.contextText.tokenize(model.tokenizer);
    // The library begins every chat with the mark of a beginning, also where the model is trained without.
    if (begin === null && tokens[0] === model.tokens.bos) tokens.shift();
    const marks = state.stopGenerationTriggers.map((trigger) => trigger.tokenize(model.tokenizer));
    const template = state.contextText.values.findLast((part) => part instanceof SpecialTokensText)?.value ?? "";
    return {
      tokens,
      ends: new Set(marks.flatMap((mark) => (mark.length === 1 ? mark : []))),
      begun: (/<think>\s*$/.exec(template)?.[0] ?? "") + begunBy(prompt.messages),
    };
  };
}

/** Messages as node-llama-cpp has them. Where the last one is the assistant's, the answer continues it. */
function chatHistory(messages: readonly Message[]): ChatHistoryItem[] {
  const history = messages.map(({ role, content }): ChatHistoryItem => {
    switch (role) {
      case "system":
        return { type: "system", text: content };
      case "user":
        return { type: "user", text: content };
      case "assistant":
        return { type: "model", response: [content] };
    }
  });
  return history.at(-1)?.type === "model" ? history : [...history, { type: "model", response: [] }];
}

/** What the messages have of the answer. */
function begunBy(messages: readonly Message[]): string {
  const last = messages.at(-1);
  return last?.role === "assistant" ? last.content : "";
}

function noChatTemplate(name: string): SheafError {
  return new SheafError(
    "model.no-chat-template",
    `${name} is a base model: it continues text and cannot answer messages`,
    {
      cure: "Set `completion: true` on the prompt and end its text where the model should go on, or choose an instruct model.",
    },
  );
}
