/** What servers of Chat Completions say in different words. */
export interface ChatDialect {
  /** The word for the limit of tokens: OpenAI's newer models refuse `max_tokens`, most others know only that. */
  readonly maxTokens: "max_tokens" | "max_completion_tokens";
  readonly seed: "seed" | "random_seed";
  /** Whether a stream is asked for its counts of tokens (`stream_options`). */
  readonly asksForUsage: boolean;
}

/** The dialect of most servers. */
export const usualDialect: ChatDialect = { maxTokens: "max_tokens", seed: "seed", asksForUsage: true };

const azureHost = /\.(?:openai|cognitiveservices|services\.ai)\.azure\.com$/;

/**
 * The dialect of an endpoint, by its name or its host. Mistral counts tokens unasked.
 * Sources: Mistral's "Chat Completion API" (`random_seed`, no `stream_options`), Microsoft's "Azure OpenAI reasoning models" (`max_completion_tokens`).
 */
export function dialectAt(name: string, baseUrl: string): ChatDialect {
  const host = new URL(baseUrl).hostname;
  if (name === "mistral" || host === "api.mistral.ai")
    return { ...usualDialect, seed: "random_seed", asksForUsage: false };
  if (name === "azure" || azureHost.test(host)) return { ...usualDialect, maxTokens: "max_completion_tokens" };
  return usualDialect;
}

/** The dialect in which a model is asked, and asked from now on. */
export interface KnownDialect {
  dialect: ChatDialect;
}

/**
 * Sends a request as `create` makes it, and once more for each word of the dialect that is refused, for which nobody bills. What was answered then is the
 * dialect from now on.
 */
export async function inDialect<Answer>(
  known: KnownDialect,
  create: (dialect: ChatDialect) => Promise<Answer>,
): Promise<Answer> {
  let learnt: Partial<ChatDialect> = {};
  for (;;) {
    const dialect = { ...known.dialect, ...learnt };
    try {
      const answer = await create(dialect);
      known.dialect = { ...known.dialect, ...learnt };
      return answer;
    } catch (thrown) {
      const other = otherWords(dialect, thrown);
      if (other === null || Object.keys(other).every((word) => word in learnt)) throw thrown;
      learnt = { ...learnt, ...other };
    }
  }
}

/** What a server that refused a request wants said otherwise; null where it refused something else. */
function otherWords({ asksForUsage, maxTokens }: ChatDialect, thrown: unknown): Partial<ChatDialect> | null {
  const { status, message } = thrown as { readonly status?: unknown; readonly message?: unknown };
  if (status !== 400 && status !== 422) return null;
  const words = String(message);
  if (asksForUsage && words.includes("stream_options")) return { asksForUsage: false };
  if (!new RegExp(String.raw`\b${maxTokens}\b`).test(words) || !unknownWords.test(words)) return null;
  return { maxTokens: maxTokens === "max_tokens" ? "max_completion_tokens" : "max_tokens" };
}

/** How it is said that a parameter is not known, and not that its value is wrong. */
const unknownWords = /unsupported|not supported|unrecognized|unknown|unexpected|extra|not permitted|not allowed/i;
