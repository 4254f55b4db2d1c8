import type { GatewayRuntime } from "./gateway.ts";

/** A model as `/v1/models` lists it. Source: OpenAI API reference, "The model object". */
export interface ListedModel {
  readonly id: string;
  readonly object: "model";
  readonly created: number;
  readonly owned_by: string;
}

/** The models that are known by name: local ones. Those of providers have a name each that only the provider knows. */
export async function listModels({ modelFiles }: Pick<GatewayRuntime, "modelFiles">): Promise<readonly ListedModel[]> {
  const files = await modelFiles.list();
  return files.map(({ model }) => ({ id: model.name, object: "model", created: 0, owned_by: "local" }));
}
