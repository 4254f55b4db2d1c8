import type { Leaving } from "./response-of.ts";

/** The most that is read of an answer that is an error or no stream, in bytes: its words are wanted, not a memory full. */
const longestText = 64_000;

/**
 * A `fetch` whose failed answers have their beginning alone, for an SDK reads them whole before it throws, and of a list of errors, as Gemini's compatible endpoint sends it, the
 * first: SDKs find nothing in one. Its own errors an SDK does not take for its own: of what it thinks is its limit of time it forgets the cause.
 */
export function providerFetch(fetch: typeof globalThis.fetch): typeof globalThis.fetch {
  return async (input, init: (RequestInit & Leaving) | undefined) => {
    await init?.leaves;
    const response = await fetch(input, init).catch((thrown: unknown) => {
      throw new Error("no answer", { cause: new Error("the network failed", { cause: thrown }) });
    });
    if (response.ok || response.body === null) return response;
    const { status, statusText } = response;
    const headers = new Headers(response.headers);
    // It is not compressed any more.
    for (const name of ["content-encoding", "content-length"]) headers.delete(name);
    return new Response(firstOf(await beginningOf(response)), { status, statusText, headers });
  };
}

/** The first of a list as JSON; any other text as it is. */
function firstOf(text: string): string {
  if (!text.trimStart().startsWith("[")) return text;
  try {
    return JSON.stringify((JSON.parse(text) as readonly unknown[])[0]) ?? text;
  } catch {
    return text;
  }
}

/** The beginning of a body as text; what came before it broke off, where it did. */
export async function beginningOf(response: Response): Promise<string> {
  if (response.body === null) return "";
  const decoder = new TextDecoder();
  let text = "";
  let length = 0;
  try {
    // Left early, the connection is closed.
    for await (const part of response.body) {
      text += decoder.decode(part.subarray(0, longestText - length), { stream: true });
      length += part.length;
      if (length >= longestText) break;
    }
  } catch {
    // The status says that it failed; a body that broke off has no more to say.
  }
  return text;
}
