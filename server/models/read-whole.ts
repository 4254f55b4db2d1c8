import { objectIn } from "./object-in.ts";
import { brokeOff, failureError, redacted, truncatedError, type ErrorSource } from "./provider-error.ts";

/**
 * The object that is all of a response's body. Rejects with the signal's reason, or a `ModelError`: `model.truncated` where the body ends or
 * breaks off before the object does, another for what is no object, or longer than `longest` bytes. Left early, it closes the connection.
 */
export async function readWhole(
  { body }: Pick<Response, "body">,
  longest: number,
  source: ErrorSource,
  signal: AbortSignal,
): Promise<object> {
  const decoder = new TextDecoder();
  let text = "";
  let length = 0;
  try {
    for await (const part of body ?? []) {
      length += part.length;
      // A server cannot fill the memory.
      if (length > longest) throw new RangeError(`an answer longer than ${longest} bytes`);
      text += decoder.decode(part, { stream: true });
    }
  } catch (thrown) {
    signal.throwIfAborted();
    throw brokeOff(thrown, source);
  }
  signal.throwIfAborted();
  text = (text + decoder.decode()).trim();
  // What begins as an object and does not end as one broke off, whatever the connection says.
  if (text === "" || (text.startsWith("{") && !text.endsWith("}"))) throw truncatedError(source);
  return objectIn(text, (what, cause) =>
    failureError({ body: { message: `the answer is ${what}: ${redacted(text, source, 200)}` }, cause }, source),
  );
}
