import { objectIn } from "./object-in.ts";
import { failureError, redacted, truncatedError, type ErrorSource } from "./provider-error.ts";
import type { ByteStream } from "./read-events.ts";

/** The longest answer that is read whole, in bytes: a server cannot fill the memory. */
const longestAnswer = 10_000_000;

/**
 * The object that is all of a response's body. Throws `model.truncated` where the body ends before it does, another `ModelError` for what is no
 * object, a `RangeError` for one longer than `longestAnswer`, and what the body throws. Left early, it closes the connection.
 */
export async function readWhole(body: ByteStream, source: ErrorSource): Promise<object> {
  const decoder = new TextDecoder();
  let text = "";
  let length = 0;
  for await (const part of body) {
    length += part.length;
    if (length > longestAnswer) throw new RangeError(`an answer longer than ${longestAnswer} bytes`);
    text += decoder.decode(part, { stream: true });
  }
  text = (text + decoder.decode()).trim();
  // What begins as an object and does not end as one broke off, whatever the connection says.
  if (text === "" || (text.startsWith("{") && !text.endsWith("}"))) throw truncatedError(source);
  return objectIn(text, (what, cause) =>
    failureError({ body: { message: `the answer is ${what}: ${redacted(text, source, 200)}` }, cause }, source),
  );
}
