import { isMapping } from "#server/notebook/is-mapping.ts";
import { SheafError } from "#server/notebook/sheaf-error.ts";
import { readCurl } from "./curl-command.ts";

/** A request to a model, as somebody copied it. */
export interface PastedRequest {
  readonly protocol: "chat" | "responses" | "anthropic";
  /** Where it goes, without the protocol's own path; null where only its body was pasted. */
  readonly server: string | null;
  readonly body: JsonObject;
}

export type JsonObject = { readonly [member: string]: unknown };

const paths: readonly (readonly [RegExp, PastedRequest["protocol"]])[] = [
  [/\/chat\/completions\/?$/, "chat"],
  [/\/responses\/?$/, "responses"],
  [/\/v1\/messages\/?$/, "anthropic"],
];

/**
 * Reads a curl command or the JSON body of a request to a model; null for a text that is neither. Keys are not kept. Throws
 * `paste.…` where it is a request whose body cannot be read.
 */
export function readPastedRequest(text: string): PastedRequest | null {
  const curl = readCurl(text);
  if (curl === null) return bodyAlone(text);
  const address = addressOf(curl.url);
  if (address === null) return null;
  if (curl.bodyFile !== null)
    throw new SheafError(
      "paste.body-file",
      curl.bodyFile === "-"
        ? "the body of the curl command comes from another command"
        : `the body of the curl command stands in the file ${curl.bodyFile}, which is not read`,
      { cure: "Paste the command with the JSON itself after -d, or the JSON alone." },
    );
  const body = jsonObject(curl.body ?? "");
  if (body === null)
    throw new SheafError("paste.no-json", "the body of the curl command is no JSON object", {
      cure: "Look at the quotes around it: what a shell would take out of them is gone.",
    });
  return { ...address, body };
}

/** The error for a text that was to be a request and is none. */
export function noRequest(): SheafError {
  return new SheafError("paste.no-request", "what was copied is no request to a model", {
    cure: "Copy a curl command to a chat, responses or messages endpoint, or its JSON body.",
  });
}

function addressOf(url: string): Pick<PastedRequest, "protocol" | "server"> | null {
  const plain = url.replace(/[?#].*$/s, "");
  for (const [path, protocol] of paths) if (path.test(plain)) return { protocol, server: plain.replace(path, "") };
  return null;
}

/** A body says by its members whose it is. */
function bodyAlone(text: string): PastedRequest | null {
  const body = jsonObject(text);
  if (body === null || typeof body["model"] !== "string") return null;
  const { messages, input, instructions, system } = body;
  if (Array.isArray(messages)) {
    const isAnthropic = system !== undefined || body["model"].startsWith("claude") || "stop_sequences" in body;
    return { protocol: isAnthropic ? "anthropic" : "chat", server: null, body };
  }
  const isResponse = typeof input === "string" || Array.isArray(input) || typeof instructions === "string";
  return isResponse ? { protocol: "responses", server: null, body } : null;
}

function jsonObject(text: string): JsonObject | null {
  try {
    const value: unknown = JSON.parse(text);
    return isMapping(value) ? value : null;
  } catch {
    return null;
  }
}
