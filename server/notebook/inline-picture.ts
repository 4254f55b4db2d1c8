/** A picture that stands in a text. */
export interface InlinePicture {
  readonly mediaType: string;
  readonly base64: string;
}

/** The picture a text is: the data address of one, or its bytes in Base64, as a table has a column of bytes; null for any other text. */
export function inlinePicture(text: string): InlinePicture | null {
  const address = /^data:(image\/(?:png|jpeg|gif|webp));base64,([A-Za-z0-9+/]+=*)$/.exec(text);
  if (address !== null) return { mediaType: address[1]!, base64: address[2]! };
  const type = text.length > 40 ? types.find(([start]) => text.startsWith(start))?.[1] : undefined;
  return type !== undefined && text.length % 4 === 0 && /^[A-Za-z0-9+/]+=*$/.test(text)
    ? { mediaType: type, base64: text }
    : null;
}

/** How pictures begin in Base64. */
const types = [
  ["iVBORw0KGgo", "image/png"],
  ["/9j/", "image/jpeg"],
  ["R0lGOD", "image/gif"],
  ["UklGR", "image/webp"],
] as const;
