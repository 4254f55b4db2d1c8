import { describe, expect, test } from "vitest";
import { createModels, providers } from "./index.ts";
import { defineProvider } from "./model.ts";

const settings = {
  environment: {},
  fetch,
  endpoints: {
    vllm: { baseUrl: "http://127.0.0.1:8000/v1" },
    hosted: { baseUrl: "https://models.example/v1", keyVariable: "HOSTED_KEY" },
  },
};
const models = createModels(settings);

describe("the list of models", () => {
  test("has providers of different names", () => {
    expect(new Set(providers.map(({ name }) => name)).size).toBe(providers.length);
  });

  test("gives a model by provider/model, the same each time", () => {
    expect(models.chatModel("openai/gpt-5-mini").name).toBe("openai/gpt-5-mini");
    expect(models.chatModel("openai/gpt-5-mini")).toBe(models.chatModel("openai/gpt-5-mini"));
  });

  test("gives a workspace's endpoints by their names, free where they are on this machine and need no key", () => {
    expect(models.chatModel("vllm/a/b")).toMatchObject({
      name: "vllm/a/b",
      effect: "model",
      identity: { provider: "openai-compatible", baseUrl: "http://127.0.0.1:8000/v1" },
    });
    expect(models.chatModel("hosted/m").effect).toBe("paid");
    expect(models.chatModel("openai-compatible/vllm/m").name).toBe("vllm/m");
  });

  test("takes the one server of the environment, and lets the workspace redefine a known endpoint", () => {
    const own = createModels({
      environment: { OPENAI_COMPATIBLE_BASE_URL: "http://127.0.0.1:9/v1" },
      fetch,
      endpoints: { ollama: { baseUrl: "http://127.0.0.1:11/v1" } },
    });
    expect(own.chatModel("server/m").identity["baseUrl"]).toBe("http://127.0.0.1:9/v1");
    expect(own.chatModel("ollama/m").identity["baseUrl"]).toBe("http://127.0.0.1:11/v1");
  });

  test.each([
    ["ollama", "http://127.0.0.1:11434/v1", null],
    ["lm-studio", "http://127.0.0.1:1234/v1", null],
    ["vllm", "http://127.0.0.1:8000/v1", null],
    ["openrouter", "https://openrouter.ai/api/v1", "OPENROUTER_API_KEY"],
    ["groq", "https://api.groq.com/openai/v1", "GROQ_API_KEY"],
    ["deepseek", "https://api.deepseek.com/v1", "DEEPSEEK_API_KEY"],
    ["mistral", "https://api.mistral.ai/v1", "MISTRAL_API_KEY"],
    ["gemini", "https://generativelanguage.googleapis.com/v1beta/openai", "GEMINI_API_KEY"],
    ["azure", "https://our.openai.azure.com/openai/v1", "AZURE_OPENAI_API_KEY"],
  ])(
    "knows %s at %s, sends it its own key alone, and can be asked for its models",
    async (name, baseUrl, keyVariable) => {
      const sent: { url: string; key: string | null }[] = [];
      const plain = createModels({
        environment: {
          AZURE_OPENAI_ENDPOINT: "https://our.openai.azure.com",
          OPENAI_API_KEY: "sk-openai",
          ...(keyVariable === null ? {} : { [keyVariable]: "its-own" }),
        },
        fetch: async (input, init) => {
          sent.push({ url: String(input), key: new Headers(init?.headers).get("authorization") });
          return Response.json({ error: { message: "no" } }, { status: 400 });
        },
        endpoints: {},
      });
      const model = plain.chatModel(`${name}/a/b`);
      expect(model).toMatchObject({
        name: `${name}/a/b`,
        identity: { baseUrl },
        effect: keyVariable === null ? "model" : "paid",
      });
      const stream = model.stream(
        { messages: [{ role: "user", content: "Hi" }], parameters: {} },
        AbortSignal.timeout(5_000),
      );
      await expect(stream[Symbol.asyncIterator]().next()).rejects.toThrow("no");
      const [{ url, key }] = sent as [{ url: string; key: string | null }];
      expect(url).toBe(`${baseUrl}/chat/completions`);
      expect(key).toBe(keyVariable === null ? "Bearer none" : "Bearer its-own");
      expect(plain.list().find((state) => state.name === name)).toMatchObject({
        baseUrl,
        keyVariable,
        lists: true,
        usable: true,
      });
    },
  );

  test("knows a resource at Azure by its address, its deployments as models", () => {
    const { chatModel } = createModels({
      environment: { AZURE_OPENAI_ENDPOINT: "https://our.openai.azure.com/" },
      fetch,
      endpoints: {},
    });
    expect(chatModel("azure/our-gpt")).toMatchObject({
      effect: "paid",
      identity: { baseUrl: "https://our.openai.azure.com/openai/v1" },
    });
  });

  test.each([
    ["opnai/gpt-5-mini", /Did you mean openai/],
    ["vlm/x", /Did you mean vllm/],
    ["small", /alias is defined in the front matter/],
    ["openai/", /Providers are/],
    ["", /Providers are/],
    ["openai-compatible/nowhere/m", /endpoints are/],
    ["echo/loud", /Use text/],
  ])("knows no %j and says what to do", (name, cure) => {
    expect(() => models.chatModel(name)).toThrow(
      expect.objectContaining({ code: "model.unknown", cure: expect.stringMatching(cure) }),
    );
  });

  test("says what a provider has not", () => {
    expect(() => models.embeddingModel("anthropic/x")).toThrow(expect.objectContaining({ code: "model.unknown" }));
  });

  test("refuses an endpoint whose base URL is no address", () => {
    const bad = createModels({ ...settings, endpoints: { bad: { baseUrl: "file:///etc" } } });
    expect(() => bad.chatModel("bad/m")).toThrow(expect.objectContaining({ code: "model.bad-endpoint" }));
  });

  test("takes providers that need more than settings, and one more is one object", async () => {
    const shout = defineProvider({
      name: "shout",
      title: "Shout",
      chatModel: (name) => ({
        name: `shout/${name}`,
        identity: { provider: "shout" },
        effect: "model",
        async *stream({ messages }) {
          yield { type: "text", text: `${messages.at(-1)?.content ?? ""}!` };
          yield { type: "finish", reason: "stop", usage: {} };
        },
      }),
    });
    expect(createModels(settings, [shout]).chatModel("shout/x").name).toBe("shout/x");
    expect(
      createModels(settings, [shout])
        .list()
        .map(({ name }) => name),
    ).toContain("shout");
  });

  test("says which providers have their key", () => {
    const usable = (environment: Record<string, string>) =>
      createModels({ ...settings, environment })
        .list()
        .filter((state) => state.usable)
        .map(({ name }) => name);
    expect(usable({})).toEqual(["echo", "ollama", "lm-studio", "vllm"]);
    expect(usable({ OPENAI_API_KEY: "x", HOSTED_KEY: " " })).toEqual(["openai", "echo", "ollama", "lm-studio", "vllm"]);
  });
});
