import { sha256 } from "#server/notebook/hash.ts";
import { inlinePicture } from "#server/notebook/inline-picture.ts";
import type { CallImage } from "#server/notebook/services.ts";
import { SheafError } from "#server/notebook/sheaf-error.ts";
import { isImageType, storedFileOf } from "#server/notebook/stored-file-of.ts";
import type { Datum, Message } from "#server/notebook/value.ts";

/**
 * The pictures of a prompt's `images`: one, a list of them, or rows with a column of them; null is none. One is a kept file, or
 * stands in a text as a data address or as bytes in Base64. Throws `prompt.images` for anything else.
 */
export function promptImages(given: Datum): readonly CallImage[] {
  if (given === null) return [];
  const image = pictureIn(given, null);
  if (image !== null) return [image];
  if (Array.isArray(given)) return given.flatMap((one: Datum) => promptImages(one));
  if (typeof given === "object") {
    // Datasets have bytes with the path they were read from.
    const { path = null } = given as { readonly [member: string]: Datum };
    const images = Object.values(given).flatMap((member) => pictureIn(member as Datum, path) ?? []);
    if (images.length > 0) return images;
  }
  throw new SheafError("prompt.images", `\`images\` has ${wordsFor(given)} where a picture should be`, {
    cure: "Give an input of the type `image`, a list of them, or rows with a column of pictures: `images: =photo`.",
  });
}

function pictureIn(given: Datum, path: Datum): CallImage | null {
  if (typeof given === "string") return inlineImage(given, path);
  const file = storedFileOf(given);
  if (file === null || isImageType(file.mediaType)) return file;
  throw new SheafError("prompt.images", `${file.name} is ${file.mediaType}, which models do not see`, {
    cure: "Give a PNG, JPEG, GIF or WebP picture.",
  });
}

/** A picture in a text, by the hash of its bytes, so that the same one kept as a file is the same. */
function inlineImage(text: string, path: Datum): CallImage | null {
  const picture = inlinePicture(text);
  if (picture === null) return null;
  const { mediaType, base64 } = picture;
  const bytes = bytesOf(base64);
  const named = typeof path === "string" ? path.replace(/^.*[/\\]/, "") : "";
  const name = named === "" ? `picture.${mediaType.slice("image/".length)}` : named;
  return { hash: sha256(bytes), name, mediaType, bytes: bytes.length, base64 };
}

function bytesOf(base64: string): Uint8Array {
  try {
    const characters = atob(base64);
    const bytes = new Uint8Array(characters.length);
    for (let index = 0; index < bytes.length; index += 1) bytes[index] = characters.charCodeAt(index);
    return bytes;
  } catch (thrown) {
    throw new SheafError("prompt.images", "the data of a picture in `images` is no whole Base64", {
      cause: thrown,
      cure: "Give the data as it was: something of it is missing.",
    });
  }
}

function wordsFor(given: Datum): string {
  if (typeof given === "object") return "an object without a picture";
  return typeof given === "string" ? `the text ${JSON.stringify(given.slice(0, 40))}` : `a ${typeof given}`;
}

/** Throws `prompt.images` where pictures have no message to stand in. */
export function checkPlace(images: readonly CallImage[], messages: readonly Message[]): void {
  if (images.length === 0 || messages.some(({ role }) => role === "user")) return;
  throw new SheafError("prompt.images", "images go with a message of the user, and the prompt has none", {
    cure: "Write the text that goes with them under `user:`; a text that is continued has no images.",
  });
}
