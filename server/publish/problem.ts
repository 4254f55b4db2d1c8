import type { InputProblem } from "./read-inputs.ts";

/** A request that cannot be answered, as its caller is told. */
export interface Problem {
  /** A stable word for programs. */
  readonly code: `request.${string}`;
  readonly message: string;
  /** Where inputs are wrong: one entry for each thing that is. */
  readonly problems?: readonly InputProblem[];
}

/** Thrown while a request is read; the API answers with it. */
export class RequestProblem extends Error {
  override readonly name = "RequestProblem";
  readonly status: 400 | 404 | 405 | 409 | 413 | 422 | 503;
  readonly problem: Problem;
  readonly headers: { readonly [name: string]: string };

  constructor(status: RequestProblem["status"], problem: Problem, headers: RequestProblem["headers"] = {}) {
    super(problem.message);
    this.status = status;
    this.problem = problem;
    this.headers = headers;
  }

  /** The answer's body. */
  get body(): string {
    return JSON.stringify({ error: this.problem });
  }
}
