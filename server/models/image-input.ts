import { isImageType } from "#server/notebook/stored-file-of.ts";
import type { CallImage } from "#server/notebook/services.ts";
import { ModelError } from "./model-error.ts";
import type { ChatRequest, ImageInput } from "./model.ts";

/** An image as it stands in a request's body. */
export interface EncodedImage {
  readonly mediaType: string;
  readonly base64: string;
}

/** The largest image sent, in bytes. Providers have bounds of their own below it, and say so. */
export const largestImage = 20_000_000;

/** The files that are kept by content. */
export interface KeptFiles {
  /** The bytes of a hash; null where there are none. */
  read(hash: string): Promise<Uint8Array | null>;
  keep(bytes: Uint8Array): Promise<unknown>;
}

export const noFiles: KeptFiles = { read: async () => null, keep: async () => {} };

/** An image of a call as one of a request: its bytes are read when it is sent, and kept then where they were not. */
export function imageInput({ hash, name, mediaType, base64 }: CallImage, files: KeptFiles): ImageInput {
  return {
    hash,
    name,
    mediaType,
    bytes: async () => {
      if (base64 !== undefined) {
        const given = Buffer.from(base64, "base64");
        await files.keep(given);
        return given;
      }
      const bytes = await files.read(hash);
      if (bytes !== null) return bytes;
      throw new ModelError("model.image", `the file ${name} is not kept here any more`, {
        unbilled: true,
        cure: "Give the image again.",
      });
    },
  };
}

/** Reads images for a request. Throws `model.image` for one that no provider takes. */
export async function encodeImages(images: readonly ImageInput[] = []): Promise<readonly EncodedImage[]> {
  const encoded: EncodedImage[] = [];
  for (const { name, mediaType, bytes } of images) {
    if (!isImageType(mediaType))
      throw new ModelError(
        "model.image",
        `${name} is ${mediaType || "of no known type"}, which no model takes as an image`,
        {
          unbilled: true,
          cure: "Give a PNG, JPEG, GIF or WebP image.",
        },
      );
    const read = await bytes();
    if (read.byteLength > largestImage)
      throw new ModelError(
        "model.image",
        `${name} has ${(read.byteLength / 1e6).toFixed(1)} MB, and an image may have ${largestImage / 1e6}`,
        {
          unbilled: true,
          cure: "Make it smaller: models scale what is larger than about 2,000 pixels down.",
        },
      );
    encoded.push({ mediaType, base64: Buffer.from(read.buffer, read.byteOffset, read.byteLength).toString("base64") });
  }
  return encoded;
}

/** Images of a request that is not streamed: their bytes where those are to be read, or else their places. */
export async function postImages(
  images: readonly ImageInput[] = [],
  read: "read" | undefined,
): Promise<readonly EncodedImage[]> {
  return read === undefined ? imagePlaces(images) : encodeImages(images);
}

/** Images whose bytes are not read: their place in code that people copy. */
export function imagePlaces(images: readonly ImageInput[] = []): readonly EncodedImage[] {
  return images.map(({ name, mediaType }) => ({ mediaType, base64: `BASE64_OF_${name.replaceAll(/[^\w.-]+/g, "_")}` }));
}

export function dataUrl({ mediaType, base64 }: EncodedImage): string {
  return `data:${mediaType};base64,${base64}`;
}

/** The number of the message in which the images stand; -1 where there are none. Throws where there is no message of the user. */
export function imagePlace(
  { messages, imageMessage }: Pick<ChatRequest, "messages" | "imageMessage">,
  images: readonly EncodedImage[],
): number {
  if (images.length === 0) return -1;
  const place = imageMessage ?? messages.findLastIndex(({ role }) => role === "user");
  if (place >= 0) return place;
  throw new ModelError("model.image", "images go with a message of the user, and there is none", {
    unbilled: true,
    cure: "Write the text that goes with the images under `user:`.",
  });
}
