import type { Datum } from "#server/notebook/value.ts";
import type { ChatRequest } from "./model.ts";

/** A request as the journal keeps it. */
export function requestDatum({
  messages,
  completion,
  parameters,
  schema,
  images = [],
  imageMessage,
}: ChatRequest): Datum {
  return {
    ...(completion === undefined
      ? { messages: messages.map(({ role, content }) => ({ role, content })) }
      : { completion }),
    parameters: { ...parameters } as { readonly [name: string]: Datum },
    ...(schema === undefined ? {} : { schema }),
    // Never their bytes: those are kept once, by content.
    ...(images.length === 0 ? {} : { images: images.map(({ hash, name, mediaType }) => ({ hash, name, mediaType })) }),
    ...(imageMessage === undefined ? {} : { imageMessage }),
  };
}
