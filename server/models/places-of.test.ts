import { expect, test } from "vitest";
import { placesOf } from "./places-of.ts";

test("the places of a text in another are those `indexOf` gives one after another, up to the most", () => {
  for (let seed = 0; seed < 2_000; seed += 1) {
    const letters = (count: number, from: number): string =>
      Array.from({ length: count }, (_, index) => "ab"[((seed * 7_919 + (index + from) ** 2 * 104_729) >> 5) & 1]).join(
        "",
      );
    const [said, within] = [letters(1 + (seed % 5), seed), letters(seed % 40, 3)];
    const expected: number[] = [];
    for (let at = within.indexOf(said); at !== -1; at = within.indexOf(said, at + said.length)) expected.push(at);
    expect(placesOf(said, within, 100), `${said} in ${within}`).toEqual(expected);
    expect(placesOf(said, within, 2)).toEqual(expected.slice(0, 2));
  }
  expect([placesOf("", "a", 9), placesOf("ab", "a", 9)]).toEqual([[], []]);
});
