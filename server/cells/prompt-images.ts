import { SheafError } from "#server/notebook/sheaf-error.ts";
import { isImageType, storedFileOf } from "#server/notebook/stored-file-of.ts";
import type { Datum, Message, StoredFile } from "#server/notebook/value.ts";

/**
 * The pictures of a prompt's `images`: one, a list of them, or rows with a column of them; null is none. Throws `prompt.images`
 * for anything else.
 */
export function promptImages(given: Datum): readonly StoredFile[] {
  if (given === null) return [];
  const file = storedFileOf(given);
  if (file !== null) return [picture(file)];
  if (Array.isArray(given)) return given.flatMap((one: Datum) => promptImages(one));
  if (typeof given === "object") {
    const files = Object.values(given).flatMap((member) => storedFileOf(member as Datum) ?? []);
    if (files.length > 0) return files.map(picture);
  }
  throw new SheafError("prompt.images", `\`images\` has ${wordsFor(given)} where a picture should be`, {
    cure: "Give an input of the type `image`, a list of them, or rows with a column of kept files: `images: =photo`.",
  });
}

function picture(file: StoredFile): StoredFile {
  if (isImageType(file.mediaType)) return file;
  throw new SheafError("prompt.images", `${file.name} is ${file.mediaType}, which models do not see`, {
    cure: "Give a PNG, JPEG, GIF or WebP picture.",
  });
}

function wordsFor(given: Datum): string {
  if (typeof given === "object") return "an object without a file";
  return typeof given === "string" ? `the text ${JSON.stringify(given.slice(0, 40))}` : `a ${typeof given}`;
}

/** Throws `prompt.images` where pictures have no message to stand in. */
export function checkPlace(images: readonly StoredFile[], messages: readonly Message[]): void {
  if (images.length === 0 || messages.some(({ role }) => role === "user")) return;
  throw new SheafError("prompt.images", "images go with a message of the user, and the prompt has none", {
    cure: "Write the text that goes with them under `user:`; a text that is continued has no images.",
  });
}
