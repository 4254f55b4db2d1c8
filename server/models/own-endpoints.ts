import { createModels, providers } from "./index.ts";
import type { ProviderSettings } from "./model.ts";
import { endpointsOf } from "./openai-compatible.ts";

/** An OpenAI-compatible server: its address and the variable that has its key. */
export type Endpoint = ProviderSettings["endpoints"][string];
export type Endpoints = ProviderSettings["endpoints"];

/** What is wrong with an endpoint of a workspace, and with which part of it. */
export interface EndpointFault {
  readonly name: string;
  readonly part: "name" | "url" | "key";
  readonly message: string;
  readonly cure: string;
}

/** The names an endpoint cannot have: those of providers. */
const taken = new Set([...providers.map(({ name }) => name), "local"]);

/** The names under which limits stand without an address: those of providers that have one, and of endpoints that are known. */
const addressed = new Set([
  ...providers.flatMap(({ name, keyVariable }) => (keyVariable === undefined ? [] : [name])),
  ...Object.keys(endpointsOf({ endpoints: {}, environment: {} })),
  "azure",
  "server",
]);

/**
 * The first fault of a workspace's own endpoints; null where there is none. `limited` are the names that have limits and no address. A variable has a key for one host: what comes with a copy
 * of somebody's workspace must not send a key, or another secret of the environment, elsewhere.
 */
export function endpointFault(
  own: Endpoints,
  limited: readonly string[],
  environment: ProviderSettings["environment"],
): EndpointFault | null {
  const owners = keyOwners(environment);
  const missing = limited.find((name) => !addressed.has(name));
  if (missing !== undefined)
    return {
      name: missing,
      part: "url",
      message: `${missing}.url is missing`,
      cure: `Write where it is, as in http://127.0.0.1:8000/v1. Without it there are limits of ${[...addressed].join(", ")}.`,
    };
  for (const [name, { baseUrl, keyVariable }] of Object.entries(own)) {
    const fault = (part: EndpointFault["part"], message: string, cure: string): EndpointFault => ({
      name,
      part,
      message,
      cure,
    });
    if (!/^[a-z0-9][a-z0-9._-]{0,59}$/i.test(name))
      return fault("name", `${JSON.stringify(name)} is no name of an endpoint`, "Use letters, digits, - _ and . only.");
    if (taken.has(name))
      return fault(
        "name",
        `${name} is a provider of its own`,
        "Give the endpoint another name, or leave out url and key where limits of the provider are meant.",
      );
    const url = URL.canParse(baseUrl) ? new URL(baseUrl) : null;
    if (url === null || !/^https?:$/.test(url.protocol))
      return fault("url", `${baseUrl} is no HTTP address`, "Write it as in http://127.0.0.1:8000/v1.");
    if (url.username !== "" || url.password !== "" || url.search !== "" || url.hash !== "")
      return fault(
        "url",
        `the address of ${name} has more than a host and a path`,
        "Leave out what stands before @ or after ? and #; a key stands in a variable.",
      );
    if (keyVariable === undefined) continue;
    if (!/^[A-Z][A-Z0-9_]*_API_KEY$/.test(keyVariable))
      return fault(
        "key",
        `${keyVariable} is no name of a variable with a key`,
        "Name one in capitals that ends in _API_KEY; the key itself is entered on the page Models or stands in the environment.",
      );
    const owner = owners.get(keyVariable) ?? url.origin;
    if (owner !== url.origin)
      return fault(
        "key",
        `the key in ${keyVariable} goes to ${owner} and nowhere else`,
        "Name a variable of its own for this endpoint.",
      );
    owners.set(keyVariable, owner);
  }
  return null;
}

/** Where the key in a variable goes, by the workspace's own endpoints; null where none of them has it. */
export function endpointOrigin(own: Endpoints, variable: string): string | null {
  const endpoint = Object.values(own).find(({ keyVariable }) => keyVariable === variable);
  return endpoint === undefined ? null : new URL(endpoint.baseUrl).origin;
}

/** Where keys go that are not of the workspace's own endpoints, by their variables. */
function keyOwners(environment: ProviderSettings["environment"]): Map<string, string> {
  const all = createModels({ environment, endpoints: {}, fetch }).list();
  return new Map(
    all.flatMap(({ keyVariable, baseUrl }) =>
      keyVariable === null || baseUrl === null || !URL.canParse(baseUrl)
        ? []
        : [[keyVariable, new URL(baseUrl).origin] as const],
    ),
  );
}
