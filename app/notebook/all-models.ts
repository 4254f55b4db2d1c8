import type { OfferedModel } from "~/models/offered-models";

/** The models one can talk to that are known by name, besides those a notebook names itself, with what is said of each. */
export async function allModels(): Promise<readonly Pick<OfferedModel, "name" | "words">[]> {
  const { offeredModels } = await import("~/models/offered-models");
  return (await offeredModels()).filter(({ name, embeds }) => !embeds && !name.endsWith("/"));
}
