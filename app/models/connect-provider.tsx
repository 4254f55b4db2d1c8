import { Tabs } from "@kobalte/core/tabs";
import { For } from "solid-js";
import { Snippet } from "~/ui/snippet";

interface Way {
  readonly name: string;
  readonly words: string;
  readonly command: string;
  readonly notebook: string;
}

const ways: readonly Way[] = [
  {
    name: "OpenAI",
    words: "Make a key at platform.openai.com and enter it above, or start the server with the key in its environment.",
    command: "export OPENAI_API_KEY=sk-…\nnpm start",
    notebook: "models:\n  big: openai/gpt-5-mini",
  },
  {
    name: "Anthropic",
    words:
      "Make a key at console.anthropic.com and enter it above, or start the server with the key in its environment.",
    command: "export ANTHROPIC_API_KEY=sk-ant-…\nnpm start",
    notebook: "models:\n  big: anthropic/claude-haiku-4-5",
  },
  {
    name: "Ollama",
    words:
      "A model on this machine, with no account and no key. Sheaf finds Ollama at its usual port, 11434, and need not be started again. LM Studio at 1234 is called lm-studio.",
    command: "ollama pull qwen3:4b\nollama serve",
    notebook: "models:\n  big: ollama/qwen3:4b",
  },
  {
    name: "Azure",
    words:
      "The models are the deployments of your resource. Name it under Own endpoints, or in the workspace's endpoints.yaml, with the resource's address, and enter its key above.",
    command: "azure:\n  url: https://NAME-OF-THE-RESOURCE.openai.azure.com/openai/v1\n  key: AZURE_OPENAI_API_KEY",
    notebook: "models:\n  big: azure/NAME-OF-THE-DEPLOYMENT",
  },
  {
    name: "OpenRouter, Groq …",
    words:
      "OpenRouter, Groq, DeepSeek, Mistral and Gemini are known by their names: enter a key above, and their models are listed below.",
    command: "export OPENROUTER_API_KEY=sk-or-…\nnpm start",
    notebook: "models:\n  big: openrouter/meta-llama/llama-3.3-70b-instruct",
  },
  {
    name: "Another server",
    words:
      "Any server that speaks OpenAI's protocol: vLLM, llama.cpp, a gateway of your company. Name it under Own endpoints, or in the workspace's endpoints.yaml; leave the key away where it needs none.",
    command: "gpu:\n  url: http://192.168.1.20:8000/v1\n  key: GPU_API_KEY",
    notebook: "models:\n  big: gpu/NAME-OF-THE-MODEL",
  },
];

/** What to type where, to have the models of a provider. */
export function ConnectProvider() {
  return (
    <Tabs>
      <Tabs.List class="tabs-list" aria-label="Provider">
        <For each={ways}>
          {({ name }) => (
            <Tabs.Trigger class="tabs-tab" value={name}>
              {name}
            </Tabs.Trigger>
          )}
        </For>
      </Tabs.List>
      <For each={ways}>
        {({ name, words, command, notebook }) => (
          <Tabs.Content value={name} class="way">
            <p>{words}</p>
            <Snippet text={command} label={`What to set for ${name}`} />
            <p>
              Then name it at the top of a notebook, and cells can say <code class="mono">model: big</code>.
            </p>
            <Snippet text={notebook} label={`Front matter for ${name}`} />
          </Tabs.Content>
        )}
      </For>
      <p class="dim way-note">
        A key goes to its provider alone. One that is entered on this page is encrypted (AES-256) in the workspace's
        state, with a master key that stands in your own configuration.
      </p>
    </Tabs>
  );
}
