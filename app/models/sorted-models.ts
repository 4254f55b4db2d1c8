import type { CatalogueModel } from "#server/models/model-catalogue.ts";
import { capabilityWords } from "./capability-words";

/** What models can be sorted by. */
export type ModelOrder = "name" | "context" | "input" | "output";

/** The models all of whose words, parts of names or what they can do, are typed; in an order, what is not known last. */
export function sortedModels(
  models: readonly CatalogueModel[],
  typed: string,
  order: ModelOrder,
  isDescending: boolean,
): readonly CatalogueModel[] {
  const words = typed.toLowerCase().split(/\s+/).filter(Boolean);
  const found = models.filter((model) => {
    const said = [model.name.toLowerCase(), ...capabilityWords(model).map(({ word }) => word)];
    return words.every((word) => said.some((one) => one.includes(word)));
  });
  const sign = isDescending ? -1 : 1;
  if (order === "name")
    return found.toSorted((left, right) => sign * left.name.localeCompare(right.name, "en", { numeric: true }));
  const valueOf = (model: CatalogueModel): number | undefined =>
    order === "context" ? contextOf(model) : model.price?.[order];
  return found.toSorted((left, right) => {
    const [one, other] = [valueOf(left), valueOf(right)];
    if (one === undefined || other === undefined) return Number(one === undefined) - Number(other === undefined);
    return sign * (one - other);
  });
}

/** The context of a model, said or as the list of prices has it. */
export function contextOf({ capabilities, listedContext }: CatalogueModel): number | undefined {
  return capabilities.contextLength ?? listedContext;
}
