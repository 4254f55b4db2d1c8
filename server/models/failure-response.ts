import { isMapping } from "#server/notebook/is-mapping.ts";
import { gatherFacts, type Members } from "./provider-facts.ts";

/** Members that stand in one another; what stands deeper says nothing of a failure. */
const deepest = 10;

/**
 * What a provider said of a failure, as it said it: the HTTP status (`http_status`) and the body, cut as what comes with an answer is, each text as
 * `redacted` gives it. Nothing where its words are all, for they stand in the error's message.
 */
export function failureResponse(
  { status, body }: { readonly status?: number; readonly body: unknown },
  redacted: (text: string) => string,
): { readonly response?: Members } {
  if (status === undefined && isWords(body)) return {};
  // SDKs give what stands in `error` alone, or all of it.
  const said = clean(isMapping(body) && "error" in body ? body : { error: body }, 0) as { readonly error: unknown };
  const facts = gatherFacts();
  facts.add({ ...said, error: isMapping(said.error) ? inside(said.error) : said.error, http_status: status });
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

/** What stands in an error, so short that it is not left out as a whole for the length of one of its members. */
function inside(error: { readonly [name: string]: unknown }): Members | undefined {
  const facts = gatherFacts(2_000);
  facts.add(error);
  return facts.part().raw;
}

function isWords(body: unknown): boolean {
  return !isMapping(body) || Object.keys(body).every((name) => name === "message");
}
