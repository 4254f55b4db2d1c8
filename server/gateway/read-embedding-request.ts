import { z } from "zod";
import { RequestError } from "./gateway-problem.ts";
import { parseJson } from "./read-chat-request.ts";
import { refuseOthers } from "./refuse-others.ts";

export interface EmbeddingRequestBody {
  readonly model: string;
  readonly texts: readonly string[];
  readonly encoding: "float" | "base64";
}

const body = z.looseObject({
  model: z.string().min(1),
  input: z.union([z.string().min(1), z.array(z.string().min(1)).min(1).max(2_048)]),
  encoding_format: z.enum(["float", "base64"]).nullish(),
});
const known = new Set(Object.keys(body.shape));

/** Reads the body of `POST /v1/embeddings`; throws a `RequestError` that names the member, also where it would change the vectors and cannot be done. Source: OpenAI API reference, "Create embeddings". */
export function readEmbeddingRequest(text: string): EmbeddingRequestBody {
  const read = body.safeParse(parseJson(text));
  if (read.success) {
    refuseOthers(read.data, known);
    const { model, input, encoding_format: encoding } = read.data;
    return { model, texts: typeof input === "string" ? [input] : input, encoding: encoding ?? "float" };
  }
  const [member] = read.error.issues[0]!.path;
  switch (member) {
    case "input":
      throw new RequestError(
        "request.body",
        "`input` is a text, or a list of 1 to 2,048 texts that are not empty",
        "input",
      );
    default:
      throw new RequestError(
        "request.body",
        "the body is a JSON object with `model` and `input`",
        member === undefined ? null : String(member),
      );
  }
}
