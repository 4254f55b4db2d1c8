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

/** What is returned at the end of a body. */
async function restOf(chunks: readonly Uint8Array[]): Promise<string> {
  const events = readEvents(bodyOf(chunks), () => false);
  let next = await events.next();
  while (!next.done) next = await events.next();
  return next.value;
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

  test.each([
    ["nothing", "data: one\n\n", ""],
    ["lines that are none", 'data: one\r\n\r\n{"error":\r\n"x"}', '{"error":\r\n"x"}'],
    ["a body without one", "oh no", "oh no"],
  ])("are followed by %s, which is returned however its bytes are split", async (_, body, rest) => {
    const bytes = new TextEncoder().encode(body);
    for (const size of [1, 7, bytes.length]) {
      const chunks = Array.from({ length: Math.ceil(bytes.length / size) }, (_, at) =>
        bytes.slice(at * size, (at + 1) * size),
      );
      expect((await restOf(chunks)).trim()).toBe(rest);
    }
  });

  test("are followed by the beginning alone of much", async () => {
    const chunks = Array.from({ length: 400 }, () => new TextEncoder().encode("x".repeat(1_000)));
    expect(await restOf(chunks)).toMatch(/^x{64000}$/);
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
