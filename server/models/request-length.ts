import type { Datum } from "#server/notebook/value.ts";

/** What a picture is worth in characters: about 1,000 tokens, as large ones are. */
const pictureLength = 3_000;

/** How long a request is, as past calls have it, in characters: what it says with its pictures, and its schema where it has one. */
export function requestSize(request: Parameters<typeof requestLength>[0] & { readonly schema?: Datum }): {
  readonly characters: number;
  readonly schema?: number;
} {
  const schema = schemaLength(request);
  return { characters: requestLength(request), ...(schema === 0 ? {} : { schema }) };
}

/** Characters of a request's schema; 0 where it has none. */
export function schemaLength({ schema }: { readonly schema?: Datum | undefined }): number {
  return schema === undefined ? 0 : JSON.stringify(schema).length;
}

/** Characters of what a request says, with what its pictures are worth. */
export function requestLength({
  messages = [],
  completion,
  images = [],
}: {
  readonly messages?: readonly { readonly content: Datum }[];
  readonly completion?: string | undefined;
  readonly images?: readonly unknown[];
}): number {
  const text = completion?.length ?? messages.reduce((sum, { content }) => sum + String(content).length, 0);
  return text + images.length * pictureLength;
}
