import type { Handler } from "hono";
import { bodyLimit } from "hono/body-limit";
import type { ApiContext } from "#server/api/context.ts";
import { SheafError, toCellError } from "#server/notebook/sheaf-error.ts";
import type { StoredFile } from "#server/notebook/value.ts";
import { imageType, mediaType } from "#server/runner/media-type.ts";
import { keepFile, readKept } from "#server/store/keep-file.ts";

/** The largest file an input may be given, bytes, as on the command line. */
export const largestFile = 100_000_000;

/**
 * Gives the bytes of a kept file, `GET /api/files/HASH`. A PNG, JPEG, GIF or WebP, told by its bytes, is a picture; anything else, SVG too,
 * is bytes to be saved: nothing a person or a model gave is ever a document here.
 */
export function storedFile({ runtime }: Pick<ApiContext, "runtime">): Handler {
  return async (context) => {
    const hash = context.req.param("hash") ?? "";
    const bytes = await readKept(runtime.workspace.files, hash);
    if (bytes === null)
      return context.json({ error: { code: "file.unknown", message: "there is no such file in this workspace" } }, 404);
    const picture = imageType(bytes);
    return context.body(new Uint8Array(bytes), 200, {
      "content-type": picture ?? "application/octet-stream",
      "content-disposition": picture === null ? "attachment" : "inline",
      // Its name is its content.
      "cache-control": "private, max-age=31536000, immutable",
    });
  };
}

/** Keeps the body as a file a `file` or `image` input can have, `PUT /api/files?name=NAME`, and gives it as a `StoredFile`. */
export function keepInputFile({ runtime }: Pick<ApiContext, "runtime">): Handler {
  return async (context) => {
    const name = (context.req.query("name") ?? "").replace(/^.*[/\\]/, "").slice(0, 255);
    const bytes = Buffer.from(await context.req.arrayBuffer());
    if (name === "" || bytes.length === 0) {
      const error = new SheafError("file.empty", "the file is empty or has no name", { cure: "Choose another." });
      return context.json({ error: toCellError(error) }, 400);
    }
    const hash = await keepFile(runtime.workspace.files, bytes);
    return context.json({ hash, name, mediaType: mediaType(bytes, name), bytes: bytes.length } satisfies StoredFile);
  };
}

/** Refuses longer files with 413, before they are read where they say how long they are. */
export const fileLimit = bodyLimit({
  maxSize: largestFile,
  onError: (context) =>
    context.json(
      {
        error: {
          code: "file.too-large",
          message: `the file has more than ${largestFile / 1e6} MB`,
          cure: "Give a smaller file; rows of data are better an input of type `table`.",
        },
      },
      413,
    ),
});
