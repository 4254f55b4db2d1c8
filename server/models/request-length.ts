import type { Datum } from "#server/notebook/value.ts";

/** What a picture is worth in characters: about 1,000 tokens, as large ones are. */
const pictureLength = 3_000;

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
