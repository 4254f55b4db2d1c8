import type { Readable } from "node:stream";

/** Reads a stream to its end and gives the last `limit` bytes it carried, as text: noise costs no more memory than that. */
export function textTail(stream: Readable, limit: number): () => string {
  let tail = Buffer.alloc(0);
  stream.on("data", (chunk: Buffer) => {
    tail = Buffer.concat([tail, chunk]);
    if (tail.length > limit) tail = Buffer.from(tail.subarray(tail.length - limit));
  });
  return () => tail.toString("utf8").trim();
}
