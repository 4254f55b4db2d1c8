import { api } from "~/api";
import { askedOnce } from "~/notebook/asked-once";
import { embedsOnly } from "./embeds-only";
import { offerWords } from "./offer-words";

/** A model that is offered where one types a name. */
export interface OfferedModel {
  readonly name: string;
  /** What is said of it: what it costs, reads and can do. */
  readonly words: string;
  /** Whether it embeds texts rather than answering. */
  readonly embeds: boolean;
}

/** The models that can be named: those of this machine, those of providers, and the providers whose models have any name. */
export const offeredModels = askedOnce(async (): Promise<readonly OfferedModel[]> => {
  const [{ local, providers }, named] = await Promise.all([api.models.list.query(), api.models.named.query()]);
  const isListed = (provider: string): boolean => named.some(({ name }) => name.startsWith(`${provider}/`));
  return [
    ...local.map(({ name, kind }) => ({ name, words: "on this machine, free", embeds: kind === "embedding" })),
    ...named
      .filter(({ capabilities: { chat, embeddings } }) => chat !== false || embeddings === true)
      .map((model) => ({
        name: model.name,
        words: offerWords(model),
        embeds: embedsOnly(model),
      })),
    ...providers.flatMap(({ name, usable }) =>
      usable && !isListed(name) ? [{ name: `${name}/`, words: "any of its models", embeds: false }] : [],
    ),
  ];
});

/** The short names of a notebook as they are offered, each with the model it stands for. */
export function shortNames(models: { readonly [name: string]: unknown }): readonly OfferedModel[] {
  return Object.entries(models).map(([name, setting]) => {
    const model = typeof setting === "object" && setting !== null ? (setting as { model?: unknown }).model : setting;
    return { name, words: typeof model === "string" ? model : "", embeds: false };
  });
}
