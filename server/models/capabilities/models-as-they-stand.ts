import type { ChatModel } from "../model.ts";
import { remember } from "../remember.ts";

/** Models by their names, with their capabilities as they stand now: those of a model are joined anew whenever it is asked. The error for a name that no model has, looked for once too. */
export function modelsAsTheyStand(resolve: (name: string) => ChatModel): (name: string) => ChatModel | Error {
  const models = new Map<string, ChatModel | Error>();
  return (name) =>
    remember(models, name, () => {
      try {
        return { ...resolve(name) };
      } catch (thrown) {
        return thrown as Error;
      }
    });
}
