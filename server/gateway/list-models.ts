import type { GatewayRuntime } from "./gateway.ts";

/** A model as `/v1/models` lists it. Source: OpenAI API reference, "The model object". */
export interface ListedModel {
  readonly id: string;
  readonly object: "model";
  readonly created: number;
  readonly owned_by: string;
}

/** The models that are known by name: local ones, and those their providers listed when they were asked last. */
export async function listModels({
  modelFiles,
  models,
  modelLists,
}: Pick<GatewayRuntime, "modelFiles" | "models" | "modelLists">): Promise<readonly ListedModel[]> {
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
