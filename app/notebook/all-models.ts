import type { OfferedModel } from "~/models/offered-models";

/** What a menu takes; another one is named by its whole name. */
const most = 40;

/** The models one can talk to that are known by name, besides those a notebook names itself, with what is said of each. */
export async function allModels(): Promise<readonly Pick<OfferedModel, "name" | "words">[]> {
  const { offeredModels } = await import("~/models/offered-models");
  const chat = (await offeredModels()).filter(({ name, embeds }) => !embeds && !name.endsWith("/"));
  return chat.slice(0, most);
}
