import type { JournaledCall } from "#server/runner/call-detail.ts";

/** The messages that were sent, a text to be continued as one of them. */
export function sentMessages({
  messages,
  completion,
}: NonNullable<JournaledCall["request"]>): readonly { readonly role: string; readonly content: string }[] {
  return completion === null ? messages : [{ role: "text to be continued", content: completion }];
}
