import type { CallFacts } from "./services.ts";

/** What a failed call came to, where its error knows: something was sent. */
export function failedCall(thrown: unknown): CallFacts | null {
  return (thrown as { readonly facts?: { readonly call?: CallFacts } }).facts?.call ?? null;
}
