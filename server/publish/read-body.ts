import { z } from "zod";
import { isMapping } from "#server/notebook/is-mapping.ts";
import { parseGivenJson } from "#server/notebook/check-given-json.ts";
import type { Datum } from "#server/notebook/value.ts";
import { RequestProblem } from "./problem.ts";

/** What a request says. */
export interface RequestBody {
  readonly inputs: { readonly [name: string]: Datum };
  readonly async: boolean;
  readonly dryRun: boolean;
}

/** A request's body with the text it was. */
export interface ReadBody extends RequestBody {
  readonly text: string;
}

/** As it was parsed: a record made anew would be without a member `__proto__`, which is to be refused like any that is not there. */
const mapping = z.custom<object>(isMapping);

const schema = z.strictObject({
  inputs: mapping.default({}),
  async: z.boolean().default(false),
  dryRun: z.boolean().default(false),
});

/**
 * Reads a request's body, of at most `limit` bytes; of one that is longer no more is read than that. It is JSON whatever its type
 * says: `curl -d` says it is a form. Throws a `RequestProblem`: 413 where it is too long, 400 where it is not JSON or says something else.
 */
export async function readBody(request: Request, limit: number): Promise<ReadBody> {
  const text = decode(await readBytes(request, limit));
  return { ...parse(text), text };
}

async function readBytes(request: Request, limit: number): Promise<Uint8Array> {
  const length = request.headers.get("content-length");
  if (length !== null && !request.headers.has("transfer-encoding")) {
    if (Number(length) > limit) throw tooLong(limit);
    // The server reads no more than this.
    return new Uint8Array(await request.arrayBuffer());
  }
  const parts: Uint8Array[] = [];
  if (request.body === null) return new Uint8Array();
  const reader = request.body.getReader();
  for (let size = 0; ;) {
    const { done, value } = await reader.read();
    if (done) return Buffer.concat(parts);
    size += value.length;
    // The stream is not cancelled: that would close the connection before the answer is read. The server drains it for a moment.
    if (size > limit) throw tooLong(limit);
    parts.push(value);
  }
}

function tooLong(limit: number): RequestProblem {
  const message = `the body is longer than ${(limit / 2 ** 20).toLocaleString("en")} MB`;
  return new RequestProblem(413, { code: "request.too-long", message });
}

const utf8 = new TextDecoder("utf-8", { fatal: true });

function decode(bytes: Uint8Array): string {
  try {
    return utf8.decode(bytes);
  } catch {
    throw new RequestProblem(400, { code: "request.not-json", message: "the body is no UTF-8 text" });
  }
}

function parse(text: string): RequestBody {
  let body: unknown;
  try {
    body = parseGivenJson(text);
  } catch (thrown) {
    const reason = thrown instanceof Error ? thrown.message : String(thrown);
    throw new RequestProblem(400, { code: "request.not-json", message: `the body is no JSON: ${reason}` });
  }
  const parsed = schema.safeParse(body);
  if (parsed.success) return parsed.data as RequestBody;
  throw new RequestProblem(400, { code: "request.body", message: wordsFor(parsed.error.issues[0]!) });
}

const form = 'The body is `{ "inputs": { … } }`, with `"async": true` or `"dryRun": true` where that is wanted.';

function wordsFor(issue: z.core.$ZodIssue): string {
  const [name] = issue.path;
  if (issue.code === "unrecognized_keys")
    return `the body has a member \`${issue.keys[0]}\` that means nothing. ${form}`;
  return name === undefined ? `the body is no object. ${form}` : `\`${String(name)}\` is not as it should be. ${form}`;
}
