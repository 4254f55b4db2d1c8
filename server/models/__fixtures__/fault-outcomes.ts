import type { FaultName } from "./fault-server.ts";

/** What a fault comes to where it fails: the code of its error, and words that are in it. */
export interface FaultError {
  readonly code: string;
  readonly words: RegExp;
}

const said = (status: number): RegExp => new RegExp(`status ${status}, in the provider's own words`);

/** What those come to that are no answer by their status, whatever was asked. */
export const refused = {
  "429 without Retry-After": { code: "model.rate-limited", words: said(429) },
  "429 with a huge Retry-After": { code: "model.rate-limited", words: said(429) },
  "429 with a negative Retry-After": { code: "model.rate-limited", words: said(429) },
  "429 with a date as Retry-After": { code: "model.rate-limited", words: said(429) },
  "429 with nonsense as Retry-After": { code: "model.rate-limited", words: said(429) },
  "500": { code: "model.provider-failed", words: said(500) },
  "502 with a page of a proxy": { code: "model.overloaded", words: /502 Bad Gateway/ },
  "529": { code: "model.overloaded", words: said(529) },
  "401": { code: "model.unauthorized", words: said(401) },
  "403": { code: "model.forbidden", words: said(403) },
  "404, an unknown model": { code: "model.not-found", words: said(404) },
  "a context that is too long": { code: "model.context-length", words: /context|prompt is too long/ },
  "an account without credit": { code: "model.quota", words: /current quota|credit balance/ },
  "a content filter": { code: "model.content-filter", words: /refused by the content filter/ },
  "an error of a gigabyte in a megabyte": { code: "model.provider-failed", words: /HTTP 500/ },
  "a redirect": { code: "model.unreachable", words: /307/ },
} satisfies { readonly [Name in FaultName]?: FaultError };

const truncated: FaultError = { code: "model.truncated", words: /broke off/ };
const noJson: FaultError = { code: "model.provider-failed", words: /the answer is no JSON/ };
const tooLong: FaultError = { code: "model.failed", words: /an answer longer than/ };

/** And those of an answer that is one object; null where that is good, or is silence, which ends when its limit of time is over. */
export const ofObjects: { readonly [Name in Exclude<FaultName, keyof typeof refused>]: FaultError | null } = {
  "a good answer": null,
  "a reset after the headers": truncated,
  "a reset in mid-stream": truncated,
  "silence before the first byte": null,
  "silence after the headers": null,
  "silence in mid-stream": null,
  "an answer without its end": truncated,
  "an answer that ends in the middle of an event": truncated,
  "an answer that ends in the middle of a character": truncated,
  "one byte at a time": null,
  "another kind of line ends, comments, and no blank line at the end": noJson,
  "the end twice": noJson,
  "the whole answer twice": null,
  "one event twice": noJson,
  "one event lost": truncated,
  "an event that is no JSON": truncated,
  "an event that is JSON of another kind": truncated,
  "an event without a part of it": { code: "model.provider-failed", words: /is no list of numbers|is no batch: \{/ },
  "bytes that are no text": noJson,
  "200 with an error in JSON": { code: "model.bad-request", words: /no such luck/ },
  "200 with a page": { code: "model.provider-failed", words: /Please log in/ },
  "200 with nothing": truncated,
  "an error in mid-stream": { code: "model.provider-failed", words: /The server had an error/ },
  "an answer without usage": null,
  "usage that is no number": null,
  "usage below nothing": null,
  "a line of 50 MB": tooLong,
  "a byte now and then": null,
  "a gigabyte in a megabyte": tooLong,
};
