import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { createStopStrings } from "./stop-strings.ts";

function run(pieces: readonly string[], stops: readonly string[]): { text: string; stopped: boolean } {
  const scanner = createStopStrings(stops);
  let text = "";
  for (const piece of pieces) {
    const step = scanner.push(piece);
    text += step.text;
    if (step.stopped) return { text, stopped: true };
  }
  return { text: text + scanner.rest(), stopped: false };
}

describe("stop strings", () => {
  test("end the text before the first of them, also where it comes in pieces", () => {
    expect(run(["one\n", "\ntwo"], ["\n\n"])).toEqual({ text: "one", stopped: true });
    expect(run(["topic: a", "b", "\nMessage"], ["\nMessage:", "\n"])).toEqual({ text: "topic: ab", stopped: true });
  });

  test("give out what only looked like the beginning of one", () => {
    expect(run(["a\n", "b"], ["\n\n"])).toEqual({ text: "a\nb", stopped: false });
    expect(run(["a\n"], ["\n\n"])).toEqual({ text: "a\n", stopped: false });
  });

  test("that are empty stop nothing", () => {
    expect(run(["text"], [""])).toEqual({ text: "text", stopped: false });
  });

  test("find the same wherever the text is cut into pieces", () => {
    const letters = fc.string({ unit: fc.constantFrom("a", "b", "\n"), maxLength: 12 });
    fc.assert(
      fc.property(fc.array(letters, { maxLength: 6 }), fc.array(letters, { maxLength: 3 }), (pieces, stops) => {
        const whole = pieces.join("");
        const result = run(pieces, stops);
        expect(result).toEqual(run([...whole], stops));
        expect(whole.startsWith(result.text)).toBe(true);
        const wanted = stops.filter((stop) => stop !== "");
        expect(result.stopped).toBe(wanted.some((stop) => whole.includes(stop)));
        expect(wanted.some((stop) => result.text.includes(stop))).toBe(false);
      }),
    );
  });
});
