import { createModels, type Models } from "../index.ts";

/** The models of all providers that have an address, at one server; the endpoint is called `here`. */
export function modelsAt(url: string): Models {
  return createModels({
    environment: {
      OPENAI_API_KEY: "sk-test-key",
      OPENAI_BASE_URL: `${url}/v1`,
      ANTHROPIC_API_KEY: "sk-test-key",
      ANTHROPIC_BASE_URL: url,
    },
    fetch,
    endpoints: { here: { baseUrl: `${url}/v1` } },
  });
}
