import { createModels, type Models } from "../index.ts";
import type { Capabilities } from "../model.ts";

/** The models of all providers that have an address, at one server; the endpoint is called `here`. `own` is what the workspace says of each. */
export function modelsAt(url: string, own?: Capabilities): Models {
  return createModels(
    {
      environment: {
        OPENAI_API_KEY: "sk-test-key",
        OPENAI_BASE_URL: `${url}/v1`,
        ANTHROPIC_API_KEY: "sk-test-key",
        ANTHROPIC_BASE_URL: url,
      },
      fetch,
      endpoints: { here: { baseUrl: `${url}/v1` } },
    },
    [],
    { own: () => own },
  );
}
