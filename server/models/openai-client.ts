import type OpenAI from "openai";
import { ModelError } from "./model-error.ts";
import type { ProviderSettings } from "./model.ts";
import { keysIn } from "./provider-keys.ts";
import { providerFetch } from "./provider-fetch.ts";

/** An account at a server that speaks OpenAI's protocol. */
export interface OpenAIAccount {
  /** The provider's title, for messages. */
  readonly title: string;
  readonly baseUrl: string;
  /** What the call key has of the provider. */
  readonly identity: { readonly [part: string]: string };
  /** The environment variable with the key; absent for a server that needs none. */
  readonly keyVariable?: string;
  readonly organization?: string;
}

export interface OpenAIConnection {
  /** The key; throws `model.no-key` where its variable is not set. */
  readonly key: () => string;
  /** The SDK's client, loaded when first asked for and then kept. */
  readonly client: () => Promise<OpenAI>;
  readonly secrets: readonly string[];
}

/** A connection through OpenAI's SDK: no retries of its own, no reading of the process's environment, no log. */
export function openAIClient(
  account: OpenAIAccount,
  settings: ProviderSettings,
  secret = keysOf(account, settings)[0],
): OpenAIConnection {
  const { keyVariable, baseUrl, title } = account;
  let client: Promise<OpenAI> | undefined;
  const key = (): string => {
    if (keyVariable === undefined) return "none";
    if (!secret) throw noKeyError(title, keyVariable, settings);
    return secret;
  };
  return {
    key,
    secrets: keysOf(account, settings),
    client: () => {
      const apiKey = key();
      return (client ??= import("openai").then(
        (library) =>
          new library.default({
            apiKey,
            baseURL: baseUrl,
            organization: account.organization ?? null,
            project: null,
            adminAPIKey: null,
            webhookSecret: null,
            maxRetries: 0,
            logLevel: "off",
            fetch: providerFetch(settings.fetch),
            // A key must not follow a redirect to another host.
            fetchOptions: { redirect: "manual" },
          }),
      ));
    },
  };
}

/** The keys of the account, in the order in which they take turns. */
export function keysOf({ keyVariable }: OpenAIAccount, { environment }: ProviderSettings): readonly string[] {
  return keyVariable === undefined ? [] : keysIn(environment[keyVariable]);
}

/** The error for a model whose key is not set. In a server it is the server's environment that counts, whoever has it do a command. */
export function noKeyError(
  title: string,
  keyVariable: string,
  { served }: Pick<ProviderSettings, "served">,
): ModelError {
  const [where, set] =
    served === true
      ? [
          " where the server of this workspace was started",
          `Enter it on the page Models, start the server again with ${keyVariable} set`,
        ]
      : ["", `Set ${keyVariable} in the environment, enter it on the page Models`];
  return new ModelError("model.no-key", `${title} needs a key, and ${keyVariable} is not set${where}`, {
    unbilled: true,
    cure: `${set}, or use a model that needs no key, such as one of local/….`,
  });
}
