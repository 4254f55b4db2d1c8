import type { CellError } from "#server/notebook/value.ts";

/** Why an output has no value, in words for a caller: what kind of thing failed, and nothing of how the notebook is made. */
export interface CallerError {
  readonly code: "model.busy" | "model.failed" | "model.answer" | "answer.too-long" | "output.failed";
  readonly message: string;
}

const messages: { readonly [Code in CallerError["code"]]: string } = {
  "model.busy": "a model has too much to do; try again later",
  "model.failed": "a model did not answer",
  "model.answer": "the answer of a model was not of the form that is asked for",
  "answer.too-long": "it has more rows than an answer can have",
  "output.failed": "it could not be computed from these inputs",
};

/** The caller's words for an error of a cell. */
export function callerError({ code }: Pick<CellError, "code">): CallerError {
  const known = codeFor(code);
  return { code: known, message: messages[known] };
}

/** The HTTP status of a request whose outputs failed for these reasons: 503 where waiting may help, 502 where a model failed, 500 otherwise. */
export function failedStatus(errors: readonly CallerError[]): 500 | 502 | 503 {
  const codes = errors.map(({ code }) => code);
  if (codes.some((code) => code === "output.failed" || code === "answer.too-long")) return 500;
  return codes.every((code) => code === "model.busy") ? 503 : 502;
}

function codeFor(code: string): CallerError["code"] {
  switch (code) {
    case "model.rate-limited":
    case "model.overloaded":
    case "model.timeout":
      return "model.busy";
    case "prompt.schema":
    case "prompt.not-json":
    case "prompt.not-a-choice":
      return "model.answer";
    case "answer.too-long":
      return "answer.too-long";
    default:
      return code.startsWith("model.") ? "model.failed" : "output.failed";
  }
}
