import { createChild, type Child } from "#server/process/child.ts";
import { compileCache } from "#server/process/compile-cache.ts";
import type { CallOptions } from "#server/process/child.ts";
import type { ModelsMethods, SearchAnswer, SearchArgument } from "./local/methods.ts";

/** Finds the rows of a file of vectors nearest to each query, exactly. */
export type VectorSearch = (request: SearchArgument, signal?: AbortSignal) => Promise<SearchAnswer>;

/** Settings of the models process that pass from the environment of this one. */
const passedOn = ["PATH", "HOME", "TMPDIR", "LD_LIBRARY_PATH", "SHEAF_THREADS", "SHEAF_MODEL_MEMORY", "SHEAF_GPU"];

/**
 * The process that holds local models. Nothing starts before the first call. Of the environment it gets what `passedOn` names:
 * `SHEAF_THREADS` (threads of a language model and workers that embed), `SHEAF_MODEL_MEMORY` (megabytes that loaded models
 * may take), `SHEAF_GPU=1` (look for a graphics processor).
 */
export function createModelsChild(environment: { readonly [name: string]: string | undefined }): Child {
  const entries = passedOn.flatMap((name) => {
    const value = environment[name];
    return value === undefined ? [] : [[name, value] as const];
  });
  return createChild({
    name: "models",
    module: new URL("./models-child.ts", import.meta.url),
    environment: { ...Object.fromEntries(entries), ...compileCache() },
  });
}

/** Calls a method of the models process with its own types. */
export function callModels<Method extends keyof ModelsMethods>(
  child: Child,
  method: Method,
  argument: ModelsMethods[Method]["argument"],
  options: CallOptions,
): Promise<ModelsMethods[Method]["answer"]> {
  return child.call(method, argument, options);
}

/** `VectorSearch` in the models process, so that a million products do not hold up the server. */
export function createVectorSearch(child: Child): VectorSearch {
  return (request, signal) => callModels(child, "search", request, signal === undefined ? {} : { signal });
}
