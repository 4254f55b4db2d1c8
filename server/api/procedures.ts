import { initTRPC, TRPCError } from "@trpc/server";
import { ZodError } from "zod";
import { SheafError, toCellError } from "#server/notebook/sheaf-error.ts";
import type { CellError } from "#server/notebook/value.ts";
import type { ApiContext } from "./context.ts";
import { plainTransformer } from "./plain-transformer.ts";

const trpc = initTRPC.context<ApiContext>().create({
  transformer: plainTransformer,
  isDev: false,
  /** What went wrong goes to the page as data: what, where and what to do. */
  errorFormatter: ({ shape, error }) => ({ ...shape, data: { ...shape.data, problem: problemOf(error) } }),
});

function problemOf(error: TRPCError): CellError {
  const { cause } = error;
  if (cause instanceof SheafError) return toCellError(cause);
  if (cause instanceof ZodError)
    return {
      code: "api.input",
      message: cause.issues.map(({ path, message }) => `${path.join(".")}: ${message}`).join("; "),
    };
  return { code: "api.failed", message: error.message };
}

/** Errors of our own are the caller's to read and not a fault of the server. */
const asBadRequest = trpc.middleware(async ({ next }) => {
  const result = await next();
  if (!result.ok && result.error.cause instanceof SheafError)
    throw new TRPCError({ code: "BAD_REQUEST", message: result.error.cause.message, cause: result.error.cause });
  return result;
});

export const router = trpc.router;
/** A procedure of the page's API. */
export const procedure = trpc.procedure.use(asBadRequest);
