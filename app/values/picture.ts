import { inlinePicture } from "#server/notebook/inline-picture.ts";
import { isImageType, storedFileOf } from "#server/notebook/stored-file-of.ts";
import type { Datum, Value } from "#server/notebook/value.ts";

/** Where the picture of a value is had: from our own server, or in the value itself. Null for what is no picture. */
export function pictureOf(value: Value): string | null {
  switch (value.type) {
    case "image":
      return `/api/files/${value.value.hash}`;
    case "string":
    case "json":
      return pictureOfDatum(value.value);
    case "null":
    case "number":
    case "boolean":
    case "table":
    case "messages":
    case "file":
    case "chart":
    case "score":
    case "test":
    case "error":
      return null;
  }
}

/** The picture of a plain datum: a kept one, the data address of one, or a table's bytes in Base64. An address elsewhere is none: nothing is fetched from there. */
export function pictureOfDatum(datum: Datum | undefined): string | null {
  if (typeof datum === "string") {
    const picture = inlinePicture(datum);
    return picture === null ? null : `data:${picture.mediaType};base64,${picture.base64}`;
  }
  const file = storedFileOf(datum);
  return file !== null && isImageType(file.mediaType) ? `/api/files/${file.hash}` : null;
}
