import { fileURLToPath } from "node:url";
import { createModelFiles, type ModelFilesOptions } from "../files/model-files.ts";
import { runCommand } from "../files/run-command.ts";
import { createModelsChild } from "../local-child.ts";
import { readHeader } from "../local/read-header.ts";
import { createLocalProvider } from "../local.ts";
import type { ChatModel, EmbeddingModel, ProviderSettings } from "../model.ts";

const root = new URL("../../../", import.meta.url);

const checkout = {
  workspace: fileURLToPath(new URL("models", root)),
  cache: fileURLToPath(new URL(".sheaf/cache/models", root)),
  shipped: fileURLToPath(new URL("public/models", root)),
};

/** The checkout's own model files, or those of other folders; nothing is fetched. */
export function checkoutModelFiles(folders: ModelFilesOptions["folders"] = checkout) {
  return createModelFiles({
    folders,
    consents: { has: () => false },
    fetch: () => Promise.reject(new Error("tests do not leave the machine")),
    run: runCommand,
    header: readHeader,
  });
}

/** Whether a model has been fetched. Where it must be (`SHEAF_REQUIRE_MODELS=1`) its absence is a failure, otherwise a reason to skip. */
export async function isFetched(name: string): Promise<boolean> {
  if ((await checkoutModelFiles().path(name)) !== null) return true;
  const message = `${name} has not been fetched: run \`npm run -s sheaf -- models pull ${name}\``;
  if (process.env["SHEAF_REQUIRE_MODELS"] === "1") throw new Error(message);
  process.stderr.write(`skipped: ${message}\n`);
  return false;
}

const settings: ProviderSettings = { environment: {}, fetch, endpoints: {} };

/** The local provider over a models process of its own, to be closed. */
export function startLocalModels(environment: { readonly [name: string]: string } = {}, files = checkoutModelFiles()) {
  const child = createModelsChild({ ...process.env, ...environment });
  const provider = createLocalProvider({ child, files });
  return {
    child,
    chatModel: (model: string): ChatModel => provider.chatModel!(model, settings),
    embeddingModel: (model: string): EmbeddingModel => provider.embeddingModel!(model, settings),
    close: () => child.close(),
  };
}
