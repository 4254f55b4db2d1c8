import type { CatalogueModel } from "#server/models/model-catalogue.ts";
import { capabilityWords, rateText, tokensText } from "./capability-words";
import { contextOf } from "./sorted-models";

/** What is said of a model where its name is offered: `$0.25 in, $2 out · 400k · images, schema`. */
export function offerWords(model: CatalogueModel): string {
  const { price } = model;
  const cost =
    price === null
      ? "unpriced"
      : price.input + price.output === 0
        ? "free"
        : `${rateText(price.input)} in, ${rateText(price.output)} out`;
  const context = contextOf(model);
  const can = capabilityWords(model).map(({ word }) => word);
  return [
    cost,
    ...(context === undefined ? [] : [tokensText(context)]),
    ...(can.length === 0 ? [] : [can.join(", ")]),
  ].join(" · ");
}
