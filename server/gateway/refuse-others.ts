import { RequestError } from "./gateway-problem.ts";

/** Members of a request that change no answer. */
const harmless = new Set(["user", "metadata", "store", "safety_identifier", "prompt_cache_key", "parallel_tool_calls"]);

/** Members that change the answer, or its price, in a way Sheaf's models do not know, and the values at which they do not. */
const neutral: { readonly [member: string]: readonly unknown[] } = {
  n: [1],
  frequency_penalty: [0],
  presence_penalty: [0],
  logprobs: [false],
  tool_choice: ["none", "auto"],
  function_call: ["none", "auto"],
  service_tier: ["auto", "default"],
};

/** Refuses a member of a request that is not `known` and would change what comes of it: throws a `RequestError` that names it. */
export function refuseOthers(request: { readonly [member: string]: unknown }, known: ReadonlySet<string>): void {
  for (const [member, value] of Object.entries(request)) {
    if (known.has(member) || harmless.has(member) || saysNothing(value)) continue;
    if (Object.hasOwn(neutral, member) && neutral[member]!.includes(value)) continue;
    if (member === "logit_bias" && isEmpty(value)) continue;
    if (member === "modalities" && JSON.stringify(value) === '["text"]') continue;
    throw notSupported(member);
  }
}

/** The same of what stands at `place` in a request, as a message: there only what says nothing, or how it is cached, changes nothing. */
export function refuseOthersAt(place: string, part: object, known: ReadonlySet<string>): void {
  for (const [member, value] of Object.entries(part))
    if (!known.has(member) && member !== "cache_control" && !saysNothing(value))
      throw notSupported(`${place}.${member}`);
}

function notSupported(member: string): RequestError {
  return new RequestError("request.not-supported", `\`${member}\` is not supported here: leave it out`, member);
}

function saysNothing(value: unknown): boolean {
  return value === null || (Array.isArray(value) && value.length === 0);
}

function isEmpty(value: unknown): boolean {
  return typeof value === "object" && value !== null && Object.keys(value).length === 0;
}
