import { createParser } from "eventsource-parser";

/** One server-sent event: its name where it has one, and its data. `cut` where the body ended before the event did. */
export interface ServerEvent {
  readonly event?: string;
  readonly data: string;
  readonly cut?: true;
}

/** The bytes of an answer; one of Node's streams can be ended while they are waited for. */
export type ByteStream = AsyncIterable<Uint8Array> & { destroy?(): unknown };

/** The longest line or event taken, in characters: a server cannot fill the memory. */
export const longestEvent = 1_000_000;

/** From so many characters on no more is kept of what came after the last event. */
const longestRest = 64_000;

const drainTime = 1_000;

/**
 * The events of a response's body, in order, as the HTML standard has server-sent events: any line ends, comments ignored,
 * UTF-8 split anywhere. Ends after the event for which `isLast` holds, or with the body, and returns then the beginning of what came after the last event: lines that are no
 * event, as of a server that says in plain text what went wrong. Throws a `RangeError` on an event longer than `longestEvent`, and what the body throws. Left early, it closes
 * the connection.
 */
export async function* readEvents(
  body: ByteStream,
  isLast: (event: ServerEvent) => boolean,
): AsyncGenerator<ServerEvent, string, undefined> {
  const events: ServerEvent[] = [];
  let open = true;
  let complete = false;
  const parser = createParser({
    maxBufferSize: longestEvent,
    onEvent: ({ event, data }) => {
      events.push({ data, ...(event === undefined ? {} : { event }), ...(open ? {} : { cut: true }) });
    },
    onError: (error) => {
      if (error.type === "max-buffer-size-exceeded") throw tooLong();
    },
  });
  /** Characters since the last line's end: the parser does not count a line that may still turn out to be no field. */
  let line = 0;
  const feed = (text: string): void => {
    const end = text.lastIndexOf("\n");
    line = end === -1 ? line + text.length : text.length - end - 1;
    if (line > longestEvent) throw tooLong();
    parser.feed(text);
  };
  let rest = "";
  const decoder = new TextDecoder();
  const reader = body[Symbol.asyncIterator]();
  try {
    while (open) {
      const next = await reader.next();
      open = next.done !== true;
      const text = next.done === true ? decoder.decode() : decoder.decode(next.value, { stream: true });
      // Some servers leave out the blank line after the last event.
      feed(next.done === true ? `${text}\n\n` : text);
      if (events.length > 0) rest = afterBlankLine(text);
      else if (rest.length < longestRest) rest += text;
      for (const event of events.splice(0)) {
        complete = isLast(event);
        yield event;
        if (complete) return "";
      }
    }
    return rest;
  } finally {
    if (complete && open) void drain(body, reader);
    else if (open) await leave(reader);
  }
}

function afterBlankLine(text: string): string {
  return text.slice(Math.max(text.lastIndexOf("\n\n"), text.lastIndexOf("\n\r\n"), text.lastIndexOf("\r\r")) + 1);
}

function tooLong(): RangeError {
  return new RangeError(`an event longer than ${longestEvent} characters`);
}

/** Reads what follows the end mark, so that the connection can be used again; a server that keeps it open is left. */
async function drain(body: ByteStream, reader: AsyncIterator<Uint8Array>): Promise<void> {
  // Of Node's streams an iterator that waits for bytes ends with its stream alone.
  const timer = setTimeout(() => (body.destroy === undefined ? void leave(reader) : body.destroy()), drainTime);
  timer.unref();
  try {
    while ((await reader.next()).done !== true);
  } catch {
    // The answer is complete: how its connection ended changes nothing.
  } finally {
    clearTimeout(timer);
  }
}

/** Closes the connection. That may fail where it broke off, which was said already. */
async function leave(reader: AsyncIterator<Uint8Array>): Promise<void> {
  await Promise.resolve(reader.return?.()).catch(() => undefined);
}
