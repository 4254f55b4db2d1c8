import { join } from "node:path";
import type { KeptKeys } from "#server/store/kept-keys.ts";

type Environment = { readonly [name: string]: string | undefined };

/**
 * The environment with the keys that people entered in it, as they are when one is looked at: they go before what the process began with.
 * `originOf` says where the key of a variable goes, where that is a server the workspace has named: a key that was entered for another is none.
 */
export function withKeptKeys(
  environment: Environment,
  keys: Pick<KeptKeys, "get">,
  originOf: (variable: string) => string | null,
): Environment {
  return new Proxy(environment, {
    get: (_, name) => (typeof name === "string" ? (keys.get(name, originOf(name)) ?? environment[name]) : undefined),
  });
}

/**
 * Where the master key stands: `SHEAF_MASTER_KEY_FILE`, or else in this user's own configuration, so that whoever has a copy of a workspace
 * has not the key to its keys. A process without a home has it in the workspace's state.
 */
export function masterKeyFile(environment: Environment, state: string): string {
  const { SHEAF_MASTER_KEY_FILE: file, XDG_CONFIG_HOME: configuration, HOME: home } = environment;
  if (file) return file;
  if (configuration) return join(configuration, "sheaf", "master.key");
  return home ? join(home, ".config", "sheaf", "master.key") : join(state, "master.key");
}
