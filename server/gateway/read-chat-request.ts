import { z } from "zod";
import { readParameters } from "#server/models/parameters.ts";
import { checkGivenJson } from "#server/notebook/check-given-json.ts";
import type { ModelParameters } from "#server/notebook/services.ts";
import type { Datum, Message } from "#server/notebook/value.ts";
import { RequestError } from "./gateway-problem.ts";
import { readImage, type GivenImage, type ImagePart } from "./read-images.ts";
import { refuseOthers, refuseOthersAt } from "./refuse-others.ts";

/** A request for a chat completion, as far as Sheaf's models answer it. */
export interface ChatRequestBody {
  /** Sheaf's name of a model: `provider/model`. */
  readonly model: string;
  readonly messages: readonly Message[];
  readonly parameters: ModelParameters;
  /** JSON Schema of the answer. */
  readonly schema?: Datum;
  /** Pictures of a message of the user, and its number where it is not the user's last. */
  readonly images: readonly GivenImage[];
  readonly imageMessage?: number;
  readonly stream: boolean;
  /** Whether a stream ends with a chunk that has the usage. */
  readonly includeUsage: boolean;
}

const textPart = z.looseObject({ type: z.literal(["text", "input_text"]), text: z.string() });
const imagePart = z.looseObject({
  type: z.literal("image_url"),
  image_url: z.looseObject({ url: z.string(), detail: z.string().nullish() }),
});
const message = z.looseObject({
  role: z.enum(["system", "developer", "user", "assistant"]),
  content: z.union([z.string(), z.array(z.discriminatedUnion("type", [textPart, imagePart]))]),
});

const body = z.looseObject({
  model: z.string().min(1),
  messages: z.array(message).min(1),
  stream: z.boolean().nullish(),
  stream_options: z.looseObject({ include_usage: z.boolean().nullish() }).nullish(),
  response_format: z
    .union([
      z.looseObject({ type: z.literal("text") }),
      z.looseObject({ type: z.literal("json_object") }),
      z.looseObject({
        type: z.literal("json_schema"),
        json_schema: z.looseObject({ schema: z.record(z.string(), z.unknown()) }),
      }),
    ])
    .nullish(),
});

const known = new Set([
  ...Object.keys(body.shape),
  "temperature",
  "top_p",
  "max_tokens",
  "max_completion_tokens",
  "stop",
  "seed",
  "reasoning_effort",
]);

const ofMessage = new Set(["role", "content"]);
const ofPart = new Set(["type", "text", "image_url"]);
const ofImage = new Set(["url", "detail"]);

/**
 * Reads the body of `POST /v1/chat/completions`. Throws a `RequestError` that names the member: for what is missing or of another type,
 * and for what would change the answer and cannot be done, which is refused rather than passed over.
 * Source: OpenAI API reference, "Create chat completion".
 */
export function readChatRequest(text: string): ChatRequestBody {
  const given = parseJson(text);
  const read = body.safeParse(given);
  if (!read.success) throw wrong(read.error.issues[0]!, given);
  const { model, messages, stream, stream_options, response_format: format, ...rest } = read.data;
  refuseOthers(rest, known);
  for (const [index, one] of messages.entries()) refuseInMessage(one, `messages.${index}`);
  const limit = rest["max_completion_tokens"] ?? rest["max_tokens"];
  const schema =
    format?.type === "json_schema"
      ? format.json_schema.schema
      : format?.type === "json_object"
        ? { type: "object" }
        : undefined;
  return {
    model,
    messages: messages.map(({ role, content }) => ({
      role: role === "developer" ? "system" : role,
      content:
        typeof content === "string"
          ? content
          : content.map((part) => (part.type === "image_url" ? "" : part.text)).join(""),
    })),
    ...imagesOf(messages),
    parameters: readParameters(
      present({
        temperature: rest["temperature"],
        top_p: rest["top_p"],
        max_tokens: limit,
        stop: rest["stop"],
        seed: rest["seed"],
        reasoning_effort: rest["reasoning_effort"],
      }),
    ),
    ...(schema === undefined ? {} : { schema: schema as Datum }),
    stream: stream === true,
    includeUsage: stream_options?.include_usage === true,
  };
}

/** The pictures of the one message of the user that has some; those of a second are refused, since a call has them in one place. */
function imagesOf(messages: readonly z.infer<typeof message>[]): Pick<ChatRequestBody, "images" | "imageMessage"> {
  const pictured = messages.flatMap(({ role, content }, index) => {
    const parts = typeof content === "string" ? [] : [...content.entries()];
    const images = parts.flatMap(([place, part]) => {
      if (part.type !== "image_url") return [];
      const member = `messages.${index}.content.${place}.image_url`;
      if (role === "user") return [{ member, image: readImage(part, member) }];
      throw new RequestError("request.image", "images go with a message of the user", member);
    });
    return images.length === 0 ? [] : [{ index, images }];
  });
  const [first, second] = pictured;
  if (first === undefined) return { images: [] };
  if (second !== undefined)
    throw new RequestError("request.image", "images go with one message of the user alone", second.images[0]!.member);
  const last = messages.findLastIndex(({ role }) => role === "user");
  return {
    images: first.images.map(({ image }) => image),
    ...(first.index === last ? {} : { imageMessage: first.index }),
  };
}

/** Reads a JSON text; throws `request.not-json`. */
export function parseJson(text: string): unknown {
  try {
    const given: unknown = JSON.parse(text);
    checkGivenJson(given);
    return given;
  } catch (thrown) {
    throw new RequestError("request.not-json", `the body is no JSON: ${(thrown as Error).message}`);
  }
}

/** Refuses what is said with a message besides its text and pictures, such as calls of tools. */
function refuseInMessage(message: { readonly content?: unknown }, place: string): void {
  refuseOthersAt(place, message, ofMessage);
  if (!Array.isArray(message.content)) return;
  for (const [index, part] of (message.content as readonly Partial<ImagePart>[]).entries()) {
    refuseOthersAt(`${place}.content.${index}`, part, ofPart);
    refuseOthersAt(`${place}.content.${index}.image_url`, part.image_url ?? {}, ofImage);
  }
}

/** What is known of a body whose message is wrong. */
interface Given {
  readonly messages: readonly object[];
}

function present(members: { readonly [name: string]: unknown }): { readonly [name: string]: Datum } {
  return Object.fromEntries(Object.entries(members).filter(([, value]) => value != null)) as {
    readonly [name: string]: Datum;
  };
}

function wrong({ path, message }: z.core.$ZodIssue, given: unknown): RequestError {
  const member = path.join(".");
  if (path[0] === "messages" && path.length > 1) {
    const [, index, part] = path;
    // A message of tool calls has no content, and is refused for them.
    if (part === "content")
      refuseOthersAt(`messages.${String(index)}`, (given as Given).messages[index as number]!, ofMessage);
    const what = path.includes("content")
      ? "a message's content is a text, or parts of type `text` and `image_url`: files, sound and tools are not supported here"
      : "a message's role is system, developer, user or assistant";
    return new RequestError("request.message", what, member);
  }
  if (member === "") return new RequestError("request.body", "the body is a JSON object with `model` and `messages`");
  return new RequestError("request.body", `\`${member}\`: ${message}`, member);
}
