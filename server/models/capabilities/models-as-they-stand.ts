import type { ChatModel } from "../model.ts";
import { remember } from "../remember.ts";

/** Models by their names, with their capabilities as they stand now: those of a model are joined anew whenever it is asked. Null for a name that no model has. */
export function modelsAsTheyStand(resolve: (name: string) => ChatModel): (name: string) => ChatModel | null {
  const models = new Map<string, ChatModel | null>();
  return (name) =>
    remember(models, name, () => {
      try {
        return { ...resolve(name) };
      } catch {
        return null;
      }
    });
}
