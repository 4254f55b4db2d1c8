import type { Models } from "#server/models/index.ts";
import type { PastedRequest } from "./pasted-request.ts";

/** The name a request's model has here, and whether its server is one that is known. */
export function modelAt(
  { protocol, server, body }: PastedRequest,
  models: Pick<Models, "list">,
): { readonly name: string; readonly known: boolean } {
  const model = String(body["model"] ?? "").trim();
  const own = protocol === "anthropic" ? "anthropic" : "openai";
  if (server === null) {
    const [first = ""] = model.split("/");
    const isNamed = model.includes("/") && models.list().some(({ name }) => name === first);
    return { name: isNamed ? model : `${own}/${model}`, known: true };
  }
  const host = hostOf(server);
  if (host === "api.openai.com" || host === "api.anthropic.com") return { name: `${own}/${model}`, known: true };
  const found = models.list().find(({ baseUrl }) => baseUrl !== null && plainAddress(baseUrl) === plainAddress(server));
  return { name: `${found?.name ?? host}/${model}`, known: found !== undefined };
}

function hostOf(address: string): string {
  return URL.canParse(address) ? new URL(address).host : address.replace(/^https?:\/\//, "").split("/", 1)[0]!;
}

/** A machine has two names for itself. */
function plainAddress(address: string): string {
  return address
    .replace(/^(?:https?:\/\/)?/, "")
    .replace(/^localhost\b/, "127.0.0.1")
    .replace(/\/+$/, "");
}
