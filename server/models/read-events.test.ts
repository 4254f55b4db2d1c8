import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { longestEvent, readEvents, type ServerEvent } from "./read-events.ts";

function bodyOf(chunks: readonly Uint8Array[], onCancel?: () => void): ReadableStream<Uint8Array> {
  let next = 0;
  return new ReadableStream({
    pull: (controller) => (next < chunks.length ? controller.enqueue(chunks[next++]!) : controller.close()),
    cancel: () => onCancel?.(),
  });
}

async function eventsOf(chunks: readonly Uint8Array[]): Promise<ServerEvent[]> {
  const events: ServerEvent[] = [];
  for await (const event of readEvents(bodyOf(chunks), ({ data }) => data === "end")) events.push(event);
  return events;
}

/** Cuts bytes at the places whose flag is set. */
function split(bytes: Uint8Array, flags: readonly boolean[]): Uint8Array[] {
  const chunks: Uint8Array[] = [];
  let from = 0;
  for (let at = 1; at < bytes.length; at += 1)
    if (flags[at % flags.length]) {
      chunks.push(bytes.slice(from, at));
      from = at;
    }
  return [...chunks, bytes.slice(from)];
}

describe("server-sent events", () => {
  test("are the same however their bytes are split and whatever their line ends", async () => {
    const line = fc.string({ unit: "grapheme", maxLength: 12 }).map((text) => text.replace(/[\r\n]/g, " ").trim());
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.record({ event: fc.option(fc.constantFrom("ping", "delta"), { nil: undefined }), data: line }), {
          maxLength: 8,
        }),
        fc.constantFrom("\n", "\r\n"),
        fc.array(fc.boolean(), { minLength: 1, maxLength: 40 }),
        async (events, newline, flags) => {
          const text = events
            .map(
              ({ event, data }) =>
                `: keep alive${newline}${event === undefined ? "" : `event: ${event}${newline}`}data: ${data}${newline}${newline}`,
            )
            .join("");
          const read = await eventsOf(split(new TextEncoder().encode(text), flags));
          const ended = events.findIndex(({ data }) => data === "end");
          const expected = ended === -1 ? events : events.slice(0, ended + 1);
          expect(read).toEqual(expected.map(({ event, data }) => (event === undefined ? { data } : { event, data })));
        },
      ),
      { numRuns: 200 },
    );
  });

  test("arrive whole when every byte comes alone, also within a character", async () => {
    const bytes = new TextEncoder().encode("data: Grüße 🌍\r\n\r\ndata: end\r\n\r\n");
    const read = await eventsOf(Array.from(bytes, (byte) => Uint8Array.of(byte)));
    expect(read).toEqual([{ data: "Grüße 🌍" }, { data: "end" }]);
  });

  test("end with the last one, whatever follows", async () => {
    expect(await eventsOf([new TextEncoder().encode("data: end\n\ndata: more\n\n")])).toEqual([{ data: "end" }]);
  });

  test("that the body's end cut off say so", async () => {
    expect(await eventsOf([new TextEncoder().encode("data: one\n\ndata: tw")])).toEqual([
      { data: "one" },
      { data: "tw", cut: true },
    ]);
  });

  test("longer than the bound are refused instead of filling the memory", async () => {
    const chunk = new TextEncoder().encode("x".repeat(longestEvent));
    await expect(eventsOf([new TextEncoder().encode("data: "), chunk])).rejects.toThrow(RangeError);
  });

  test("left early close the body", async () => {
    let cancelled = false;
    const body = bodyOf([new TextEncoder().encode("data: one\n\n"), new TextEncoder().encode("data: two\n\n")], () => {
      cancelled = true;
    });
    for await (const { data } of readEvents(body, () => false)) {
      expect(data).toBe("one");
      break;
    }
    expect(cancelled).toBe(true);
  });
});
