import { isMapping } from "./is-mapping.ts";
import type { Datum, StoredFile } from "./value.ts";

/** The kept file a datum is, as an input of type `file` or `image` reads in cells; null for any other datum. */
export function storedFileOf(datum: Datum | undefined): StoredFile | null {
  if (!isMapping(datum)) return null;
  const { hash, name, mediaType, bytes, ...rest } = datum as { readonly [key: string]: Datum };
  return typeof hash === "string" &&
    /^[0-9a-f]{64}$/.test(hash) &&
    typeof name === "string" &&
    typeof mediaType === "string" &&
    typeof bytes === "number" &&
    Object.keys(rest).length === 0
    ? { hash, name, mediaType, bytes }
    : null;
}

/** Whether a file is a picture that models see and pages show: never SVG, which is a document. */
export function isImageType(mediaType: string): boolean {
  return /^image\/(?:png|jpeg|gif|webp)$/.test(mediaType);
}
