import { expect, test } from "vitest";
import { createRunClaims } from "./run-claims.ts";

test("an address belongs to the latest run that came to it", () => {
  const claims = createRunClaims();
  const [first, second] = [claims.begin(false), claims.begin(false)];
  expect(first.take("a")).toBe(true);
  expect(second.take("a")).toBe(true);
  expect([first.isLost("a"), first.take("a"), second.isLost("a")]).toEqual([true, false, false]);
});

test("what runs by itself has nothing that a person's run computes, whichever began first", () => {
  const claims = createRunClaims();
  const [early, person, late] = [claims.begin(true), claims.begin(false), claims.begin(true)];
  expect([early.take("a"), late.take("b")]).toEqual([true, true]);
  person.hold(["a", "b", "c"]);
  expect(["a", "b", "c"].map((address) => [early.take(address), late.take(address)])).toEqual([
    [false, false],
    [false, false],
    [false, false],
  ]);
  expect(["a", "b", "c"].map(person.isLost)).toEqual([false, false, false]);
});

test("what a person's run has computed may be computed again by what runs by itself, if it began afterwards", () => {
  const claims = createRunClaims();
  const person = claims.begin(false);
  person.hold(["a"]);
  const before = claims.begin(true);
  person.release(["a"]);
  const after = claims.begin(true);
  expect([before.take("a"), after.take("a")]).toEqual([false, true]);
});

test("when no run is under way every address is free", () => {
  const claims = createRunClaims();
  const [person, other] = [claims.begin(false), claims.begin(false)];
  person.hold(["a"]);
  person.end();
  expect(claims.busy).toBe(true);
  other.end();
  expect([claims.busy, claims.begin(true).take("a")]).toEqual([false, true]);
});
