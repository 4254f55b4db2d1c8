import type { Capabilities, ChatModel } from "../model.ts";
import { modelFamilies, type ModelFamily } from "./model-families.ts";

/** What is documented of a model by its name, and where: `source` of each fact by its member. */
export interface FamilyCapabilities {
  readonly capabilities: Capabilities;
  readonly sources: { readonly [Fact in keyof Capabilities]?: Pick<ModelFamily, "source" | "read"> };
}

/** What the families say that a model belongs to, the last that says something first. Worked out once a model: every call asks. */
export function familyCapabilities({ name, identity }: Pick<ChatModel, "name" | "identity">): FamilyCapabilities {
  const key = `${name} ${identity["baseUrl"] ?? ""}`;
  let said = found.get(key);
  if (said === undefined) {
    // Names are whatever people type.
    if (found.size >= 2_000) found.clear();
    found.set(key, (said = sayingsOf({ name, identity })));
  }
  return said;
}

const found = new Map<string, FamilyCapabilities>();

function sayingsOf({ name, identity }: Pick<ChatModel, "name" | "identity">): FamilyCapabilities {
  const slash = name.indexOf("/");
  const { baseUrl = "" } = identity;
  const places = new Set([name.slice(0, slash), URL.canParse(baseUrl) ? new URL(baseUrl).hostname : ""]);
  const model = name.slice(slash + 1);
  const said = modelFamilies.filter(({ at, names }) => at.some((place) => places.has(place)) && names.test(model));
  return {
    capabilities: Object.assign({}, ...said.map(({ says }) => says)) as Capabilities,
    sources: Object.assign(
      {},
      ...said.flatMap(({ says, source, read }) => Object.keys(says).map((fact) => ({ [fact]: { source, read } }))),
    ) as FamilyCapabilities["sources"],
  };
}
