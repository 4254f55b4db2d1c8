import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { createSlidingWindow } from "./sliding-window.ts";

const start = 1_000_000_000;

describe("a window of a minute", () => {
  test("lets so much through, and the rest when a minute and a second have passed", () => {
    const window = createSlidingWindow(() => 10);
    window.use(6, start);
    expect(window.wait(4, start)).toBe(0);
    window.use(4, start + 1_000);
    const wait = window.wait(1, start + 1_000);
    expect(start + 1_000 + wait).toBeGreaterThanOrEqual(start + 61_000);
    expect(wait).toBeLessThan(61_000);
    expect(window.wait(1, start + 1_000 + wait)).toBe(0);
    expect(window.wait(7, start + 1_000 + wait)).toBeGreaterThan(0);
  });

  test("lets through what is more than the bound when nothing else was", () => {
    const window = createSlidingWindow(() => 10);
    expect(window.wait(50, start)).toBe(0);
    window.use(50, start);
    expect(window.wait(1, start)).toBeGreaterThan(60_000);
  });

  test("gives back what was not used, and takes what was used beyond", () => {
    const window = createSlidingWindow(() => 10);
    const settle = window.use(10, start);
    settle(3);
    expect(window.wait(7, start)).toBe(0);
    settle(12);
    expect(window.used(start)).toBe(12);
    expect(window.used(start + 62_000)).toBe(0);
    settle(1);
    expect(window.used(start + 62_000)).toBe(0);
  });

  test("keeps the bound it was made with where a provider says more", () => {
    const window = createSlidingWindow(() => 10);
    window.learn({ limit: 500, remaining: 499 }, start);
    expect(window.limit).toBe(10);
    expect(window.wait(10, start)).toBe(0);
    window.learn({ limit: 5 }, start);
    expect(window.limit).toBe(5);
    window.learn({ limit: 8, remaining: 3 }, start);
    expect(window.limit).toBe(8);
    expect(window.used(start)).toBe(5);
  });

  test("takes the bound a provider says, and what it has left where that is less than is known", () => {
    const window = createSlidingWindow();
    expect(window.wait(1e9, start)).toBe(0);
    window.learn({ limit: 100, remaining: 90 }, start);
    expect(window.used(start)).toBe(10);
    window.learn({ remaining: 95 }, start);
    expect(window.used(start)).toBe(10);
    window.learn({ limit: 0, remaining: 40 }, start);
    expect(window.limit).toBe(100);
    expect(window.used(start)).toBe(60);
  });

  test("is never overrun in any minute, and never waits longer than a minute and a second and a half", () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 50 }),
        fc.array(fc.record({ pause: fc.integer({ min: 0, max: 20_000 }), amount: fc.integer({ min: 1, max: 50 }) }), {
          maxLength: 60,
        }),
        (limit, requests) => {
          const window = createSlidingWindow(() => limit);
          const sent: { at: number; amount: number }[] = [];
          let now = start;
          for (const { pause, amount } of requests) {
            now += pause;
            const size = Math.min(amount, limit);
            for (let waited = 0, wait = window.wait(size, now); wait > 0; wait = window.wait(size, now)) {
              waited += wait;
              now += wait;
              expect(waited).toBeLessThanOrEqual(61_500);
            }
            window.use(size, now);
            sent.push({ at: now, amount: size });
          }
          for (const { at } of sent) {
            const inMinute = sent.filter((other) => other.at >= at && other.at < at + 60_000);
            expect(inMinute.reduce((sum, { amount }) => sum + amount, 0)).toBeLessThanOrEqual(limit);
          }
        },
      ),
    );
  });
});
