import { askForLists } from "#server/runner/ask-for-lists.ts";
import type { Runtime } from "#server/runner/runtime.ts";

export type ListingRuntime = Pick<Runtime, "modelFiles" | "models" | "modelLists" | "keys" | "ownEndpoints" | "now">;

/** A model as `/v1/models` lists it. Source: OpenAI API reference, "The model object". */
export interface ListedModel {
  readonly id: string;
  readonly object: "model";
  readonly created: number;
  readonly owned_by: string;
}

/** The models that are known by name: local ones, and those their providers list, who are asked where they were not for a day. */
export async function listModels(runtime: ListingRuntime): Promise<readonly ListedModel[]> {
  const { modelFiles, models, modelLists } = runtime;
  await askForLists(runtime);
  const local = (await modelFiles.list()).map(({ model }) => listedModel(model.name));
  const others = models
    .list()
    .flatMap(({ name }) => (modelLists.of(name)?.models ?? []).map(({ model }) => listedModel(`${name}/${model}`)));
  return [...local, ...others];
}

/** A model by its full name, which begins with whose it is. */
export function listedModel(id: string): ListedModel {
  return { id, object: "model", created: 0, owned_by: id.split("/")[0]! };
}
