import type { CallFacts } from "#server/notebook/services.ts";
import type { SentCall } from "./sender.ts";

/** What a call that ended came to. `name` is that of the model that was asked: it answered where nothing else is said. */
export function callFacts(key: string, name: string, { sentAt, end, cached }: SentCall): CallFacts {
  return {
    key,
    model: end.answeredBy ?? name,
    usage: end.usage,
    cost: end.cost,
    latency: end.endedAt - sentAt,
    cached,
    ...(end.finish === "length" ? { cutOff: true } : {}),
  };
}
