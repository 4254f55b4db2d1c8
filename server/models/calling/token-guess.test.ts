import { expect, test } from "vitest";
import { createTokenGuess } from "./token-guess.ts";

test("a schema is guessed to be as many tokens as text of its length: what is guessed too low is refused", () => {
  const schema = { description: "x".repeat(3_000) };
  const guess = createTokenGuess();
  const [plain, withSchema] = [{}, { schema }].map(
    (more) => guess.of({ messages: [{ role: "user", content: "x".repeat(300) }], parameters: {}, ...more }).input,
  );
  expect(withSchema! - plain!).toBeGreaterThan(1_000);
});
