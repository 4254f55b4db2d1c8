import { open, stat, truncate } from "node:fs/promises";

export interface Download {
  readonly url: string;
  /** The file that grows; what is in it already is not fetched again. */
  readonly part: string;
  /** How long it is when it is whole. */
  readonly bytes: number;
  readonly fetch: typeof fetch;
  readonly signal: AbortSignal;
  /** Milliseconds to wait for the head of an answer, and then for each next piece. */
  readonly connectTimeout: number;
  readonly idleTimeout: number;
  onBytes(bytes: number): void;
}

/** How often a cut connection is taken up again without a byte gained between. Where there is no byte at all, the next source is tried. */
const patience = 3;

/**
 * Fetches a file by ranges into `part` until it is whole: a connection that is cut is taken up where it ended. Rejects with the
 * reason in words (`HTTP 404`, `no answer within 5 s`).
 */
export async function download(request: Download): Promise<void> {
  let fruitless = 0;
  for (;;) {
    const before = await sizeOf(request.part);
    if (before === request.bytes) return;
    if (before > request.bytes) await truncate(request.part, 0);
    try {
      await fetchRest(request, before > request.bytes ? 0 : before);
    } catch (error) {
      request.signal.throwIfAborted();
      if (error instanceof Refused) throw error;
      const after = await sizeOf(request.part);
      fruitless = after > before ? 0 : fruitless + 1;
      if (fruitless >= patience || after === 0) throw error;
    }
  }
}

/** An answer that asking again would not change. */
class Refused extends Error {}

async function fetchRest(request: Download, from: number): Promise<void> {
  const { url, part, bytes, onBytes } = request;
  const watch = watchdog(request.signal);
  try {
    watch.expect(request.connectTimeout, `no answer within ${request.connectTimeout / 1000} s`);
    const response = await request.fetch(url, {
      signal: watch.signal,
      headers: from === 0 ? {} : { range: `bytes=${from}-` },
    });
    if (response.status === 416) {
      await truncate(part, 0);
      throw new Error("the server cannot continue the file");
    }
    if (!response.ok || response.body === null) throw new Refused(`HTTP ${response.status}`);
    const continues = response.status === 206 && startOfRange(response) === from;
    const file = await open(part, continues ? "a" : "w");
    try {
      let received = continues ? from : 0;
      const next = (): void => watch.expect(request.idleTimeout, `no data for ${request.idleTimeout / 1000} s`);
      next();
      for await (const chunk of response.body) {
        received += chunk.byteLength;
        if (received > bytes) throw new Refused(`the file is longer than the expected ${bytes} bytes`);
        await file.write(chunk);
        onBytes(received);
        next();
      }
      if (received < bytes) throw new Error(`the connection ended at ${received} of ${bytes} bytes`);
    } finally {
      await file.close();
    }
  } catch (error) {
    throw watch.reason() ?? error;
  } finally {
    watch.end();
  }
}

/** A signal that aborts when the outer one does, or when what was expected last does not come in time. */
function watchdog(outer: AbortSignal) {
  const abort = new AbortController();
  const onAbort = (): void => abort.abort(outer.reason);
  outer.addEventListener("abort", onAbort, { once: true });
  let timer: NodeJS.Timeout | undefined;
  let late: Error | undefined;
  return {
    signal: abort.signal,
    expect(milliseconds: number, message: string): void {
      clearTimeout(timer);
      timer = setTimeout(() => {
        late = new Error(message);
        abort.abort(late);
      }, milliseconds);
    },
    reason: (): Error | undefined => late,
    end(): void {
      clearTimeout(timer);
      outer.removeEventListener("abort", onAbort);
    },
  };
}

function startOfRange(response: Response): number | undefined {
  const match = /^bytes (\d+)-/.exec(response.headers.get("content-range") ?? "");
  return match === null ? undefined : Number(match[1]);
}

async function sizeOf(path: string): Promise<number> {
  return (await stat(path).catch(() => undefined))?.size ?? 0;
}
