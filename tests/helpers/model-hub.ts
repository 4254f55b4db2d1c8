import { createHash } from "node:crypto";
import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";

/** What Hugging Face says of one GGUF file, and the file: a header without weights. */
export interface ModelHub extends AsyncDisposable {
  readonly url: string;
  /** `OWNER/REPOSITORY/FILE.gguf` */
  readonly name: string;
}

/** `free` is waited for before the file is given. */
export async function startModelHub(
  repository: string,
  file: string,
  free: () => Promise<void> = async () => {},
): Promise<ModelHub> {
  const bytes = ggufHeader({
    "general.architecture": "llama",
    "general.name": "A model of a test",
    "tokenizer.chat_template": "{{ messages }}",
    "llama.context_length": 512,
  });
  const oid = createHash("sha256").update(bytes).digest("hex");
  const server = createServer(async (request, response) => {
    request.resume();
    await once(request, "end");
    if (request.url === `/${repository}/resolve/main/${file}`) {
      await free();
      response.end(bytes);
    } else {
      response.writeHead(request.url?.startsWith(`/api/models/${repository}/`) ? 200 : 404, {
        "content-type": "application/json",
      });
      response.end(
        JSON.stringify([{ type: "file", path: file, size: bytes.length, lfs: { oid, size: bytes.length } }]),
      );
    }
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    name: `${repository}/${file}`,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      server.close();
      await once(server, "close");
    },
  };
}

/** The beginning of a GGUF file, version 3, of texts and whole numbers. */
function ggufHeader(metadata: { readonly [key: string]: string | number }): Buffer {
  const whole = (bits: 32 | 64, value: number): Buffer => {
    const bytes = Buffer.alloc(bits / 8);
    bytes.writeUInt32LE(value);
    return bytes;
  };
  const text = (value: string): Buffer => Buffer.concat([whole(64, Buffer.byteLength(value)), Buffer.from(value)]);
  const entries = Object.entries(metadata).flatMap(([key, value]) => [
    text(key),
    ...(typeof value === "string" ? [whole(32, 8), text(value)] : [whole(32, 4), whole(32, value)]),
  ]);
  return Buffer.concat([
    Buffer.from("GGUF"),
    whole(32, 3),
    whole(64, 0),
    whole(64, Object.keys(metadata).length),
    ...entries,
  ]);
}
