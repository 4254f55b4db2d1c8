import { isMapping } from "#server/notebook/is-mapping.ts";
import { gatherFacts, type Members } from "./provider-facts.ts";

/** Members that stand in one another; what stands deeper says nothing of a failure. */
const deepest = 10;

/** Characters of a provider's words that the message of an error has. */
export const longestWords = 2_000;

/**
 * What a provider said of a failure, as it said it: the HTTP status (`http_status`) and the body, bounded as what comes with an answer is, each text as
 * `redacted` gives it. Nothing where words are all, and no more than the error's message has of them.
 */
export function failureResponse(
  { status, body }: { readonly status?: number; readonly body: unknown },
  redacted: (text: string) => string,
): { readonly response?: Members } {
  if (status === undefined && isWords(body)) return {};
  // SDKs give what stands in `error` alone, or all of it.
  const said = clean(isMapping(body) && "error" in body ? body : { error: body }, 0) as { readonly error: unknown };
  const facts = gatherFacts();
  facts.add({ ...said, http_status: status });
  const { raw } = facts.part();
  return raw === undefined ? {} : { response: raw };

  function clean(value: unknown, depth: number): unknown {
    if (typeof value === "string") return redacted(value);
    if (typeof value !== "object" || value === null) return value;
    if (depth === deepest) return "…";
    if (Array.isArray(value)) return value.map((item) => clean(item, depth + 1));
    return Object.fromEntries(
      Object.entries(value).map(([name, member]) => [redacted(name), clean(member, depth + 1)]),
    );
  }
}

function isWords(body: unknown): boolean {
  const words = isMapping(body) ? body["message"] : body;
  const areAll = !isMapping(body) || Object.keys(body).every((name) => name === "message");
  return areAll && String(words).length <= longestWords;
}
