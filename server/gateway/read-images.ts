import { imageType } from "#server/runner/media-type.ts";
import { RequestError } from "./gateway-problem.ts";

/** A picture of a request, with its bytes. */
export interface GivenImage {
  readonly mediaType: string;
  readonly bytes: Buffer;
}

/** A part of a message that has a picture. */
export interface ImagePart {
  readonly type: "image_url";
  readonly image_url: { readonly url: string; readonly detail?: string | null | undefined };
}

/**
 * Reads the picture of a part from the data in its address. Throws a `RequestError` that names the member for any other address,
 * from which nothing is fetched, and for what is no picture.
 */
export function readImage({ image_url: { url, detail } }: ImagePart, member: string): GivenImage {
  if (detail != null && detail !== "auto")
    throw new RequestError("request.not-supported", "`detail` is not supported here: leave it out", `${member}.detail`);
  const data = /^data:[^,]*;base64,/.exec(url);
  if (data === null) {
    const what = url.startsWith("data:") ? "its data is not in base64" : "nothing is fetched from an address";
    throw new RequestError("request.image", `an image is given as \`data:image/…;base64,…\`: ${what}`, `${member}.url`);
  }
  const bytes = Buffer.from(url.slice(data[0].length), "base64");
  const mediaType = imageType(bytes);
  if (mediaType === null)
    throw new RequestError("request.image", "the image is no PNG, JPEG, GIF or WebP", `${member}.url`);
  return { mediaType, bytes };
}
