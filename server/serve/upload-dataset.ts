import { randomUUID } from "node:crypto";
import { createWriteStream, existsSync, renameSync } from "node:fs";
import { mkdir, unlink } from "node:fs/promises";
import { dirname } from "node:path";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import type { Handler } from "hono";
import type { ApiContext } from "#server/api/context.ts";
import { datasetFile } from "#server/api/datasets-router.ts";
import { SheafError, toCellError } from "#server/notebook/sheaf-error.ts";

/** The largest dataset file a browser may send, bytes. */
export const largestUpload = 2 * 1024 ** 3;

/**
 * Takes a dataset file, `PUT /api/datasets/PATH`: the body goes to disk as it comes, and the file is there whole or not at all. 413 where it
 * says it is too large, before anything is read, or turns out to be; 409 where there is one, or has come by then, unless
 * `?replace` is said.
 */
export function uploadDataset(context: ApiContext): Handler {
  return async (request) => {
    try {
      const file = datasetFile(context, decoded(request.req.path.replace(/^\/api\/datasets\//, "")));
      const announced = Number(request.req.header("content-length") ?? 0);
      if (announced > largestUpload) return request.json({ error: toCellError(tooLarge()) }, 413);
      const isTaken = (): boolean => request.req.query("replace") === undefined && existsSync(file);
      if (isTaken()) throw taken();
      const { body } = request.req.raw;
      if (body === null) throw new SheafError("dataset.empty", "the file is empty", { cure: "Choose another." });
      await mkdir(dirname(file), { recursive: true });
      const part = `${file}.${randomUUID()}.part`;
      let bytes = 0;
      try {
        await pipeline(
          Readable.fromWeb(body as never),
          async function* (chunks: AsyncIterable<Uint8Array>) {
            for await (const chunk of chunks) {
              bytes += chunk.length;
              if (bytes > largestUpload) throw tooLarge();
              yield chunk;
            }
          },
          createWriteStream(part, { flags: "wx" }),
        );
        // Another of the same name may have come meanwhile, and may come between two steps that wait.
        if (isTaken()) throw taken();
        renameSync(part, file);
      } catch (thrown) {
        // Why it could not be kept is the error to tell.
        await unlink(part).catch(() => {});
        throw thrown;
      }
      return request.json({ bytes });
    } catch (thrown) {
      const error = toCellError(thrown);
      return request.json({ error }, statusOf(error.code));
    }
  };
}

function statusOf(code: string): 400 | 409 | 413 {
  if (code === "dataset.exists") return 409;
  return code === "dataset.too-large" ? 413 : 400;
}

function decoded(path: string): string {
  try {
    return decodeURIComponent(path);
  } catch {
    throw new SheafError("dataset.path", `${path} is no encoded path`, {
      cure: "Encode it as UTF-8 with percent signs.",
    });
  }
}

function taken(): SheafError {
  return new SheafError("dataset.exists", "there is a file of this name", { cure: "Replace it, or rename yours." });
}

function tooLarge(): SheafError {
  return new SheafError("dataset.too-large", "the file has more than 2 GB", {
    cure: "Put it into the folder `datasets/` yourself, as Parquet if you can.",
  });
}
