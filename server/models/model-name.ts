/** The longest name of a model that is taken for one, as in a file of answers. */
const longestName = 500;

/** The model that answered, by its provider's word: whatever a server has there, only a name is one. */
export function modelName(said: unknown): string | undefined {
  return typeof said === "string" && said !== "" && said.length <= longestName ? said : undefined;
}
