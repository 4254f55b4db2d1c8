import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { atStart, broughtTo, canvasHeight, mostPixels, scrolledTo, type ScrollPosition } from "./scroll-position.ts";

const sizes = fc.record({
  content: fc.integer({ min: 1, max: 400_000_000 }),
  view: fc.integer({ min: 100, max: 1_200 }),
});
const moves = fc.array(
  fc.oneof(fc.integer({ min: -900, max: 900 }), fc.integer({ min: -mostPixels, max: mostPixels })),
  {
    maxLength: 30,
  },
);

function follow(size: { content: number; view: number }, steps: readonly number[]): ScrollPosition[] {
  const places = [atStart];
  for (const step of steps) places.push(scrolledTo(places.at(-1)!.top + step, places.at(-1)!, size));
  return places;
}

describe("a list below the ceiling", () => {
  test("stands where its scrollbar does", () => {
    const size = { content: 300_000, view: 600 };
    expect(canvasHeight(size)).toBe(300_000);
    expect(scrolledTo(1234, atStart, size)).toEqual({ top: 1234, offset: 1234 });
    expect(broughtTo(299_990, atStart, size)).toEqual({ top: 299_400, offset: 299_400 });
  });
});

describe("a list above it", () => {
  const size = { content: 30_000_000, view: 600 };

  test("moves by as much as the wheel does", () => {
    const before = { top: 4_000_000, offset: 15_000_000 };
    expect(scrolledTo(4_000_090, before, size)).toEqual({ top: 4_000_090, offset: 15_000_090 });
  });

  test("goes in proportion where the scrollbar is dragged", () => {
    const { offset } = scrolledTo((mostPixels - 600) / 2, atStart, size);
    expect(offset).toBe((30_000_000 - 600) / 2);
  });

  test("comes back to where it is brought from", () => {
    const far = broughtTo(29_000_000, atStart, size);
    expect(scrolledTo(far.top, far, size)).toEqual(far);
  });
});

test("whatever is scrolled, something of the list is seen, and its ends are at the scrollbar's ends", () => {
  fc.assert(
    fc.property(sizes, moves, (size, steps) => {
      const most = Math.max(0, size.content - size.view);
      const mostTop = Math.max(0, canvasHeight(size) - size.view);
      for (const { top, offset } of follow(size, steps)) {
        expect(offset).toBeGreaterThanOrEqual(0);
        expect(offset).toBeLessThanOrEqual(most);
        if (top === 0) expect(offset).toBe(0);
        if (top === mostTop) expect(offset).toBeCloseTo(most, 3);
      }
    }),
  );
});

test("a place that is brought into sight is in sight, and the scrollbar is within its ends", () => {
  fc.assert(
    fc.property(sizes, moves, fc.double({ min: 0, max: 1, noNaN: true }), (size, steps, part) => {
      const before = follow(size, steps).at(-1)!;
      const wanted = part * Math.max(0, size.content - size.view);
      const { top, offset } = broughtTo(wanted, before, size);
      expect(offset).toBeCloseTo(wanted, 3);
      expect(top).toBeGreaterThanOrEqual(0);
      expect(top).toBeLessThanOrEqual(Math.max(0, canvasHeight(size) - size.view) + 1e-6);
    }),
  );
});
