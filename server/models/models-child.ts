import { availableParallelism, totalmem } from "node:os";
import { serveChild, type MethodContext } from "#server/process/serve-child.ts";
import { createTokenCounts } from "./local/count-tokens.ts";
import { createEmbedders } from "./local/embedders.ts";
import { createLanguageModels } from "./local/language-models.ts";
import type { CountArgument, EmbedArgument, GenerateArgument, SearchArgument } from "./local/methods.ts";
import { readHeader } from "./local/read-header.ts";
import { embeddingWorkers, languageThreads, modelMemory } from "./local/threads.ts";
import { createTurns } from "./local/turns.ts";
import { createVectorSearch } from "./local/vector-search.ts";

// The module of the models process: everything native that computes a model runs here, never in the server.

const { SHEAF_THREADS, SHEAF_MODEL_MEMORY, SHEAF_GPU } = process.env;
const cores = availableParallelism();
const turn = createTurns();
const languageModels = createLanguageModels({
  threads: languageThreads(cores, SHEAF_THREADS),
  memory: modelMemory(totalmem(), SHEAF_MODEL_MEMORY),
  gpu: SHEAF_GPU === "1",
});
const count = createTokenCounts(languageModels.started);
const embedders = createEmbedders(embeddingWorkers(cores, SHEAF_THREADS), turn);
const search = createVectorSearch();

serveChild({
  generate: (request: GenerateArgument, { signal, emit }: MethodContext) =>
    turn({ length: "long", priority: request.priority }, signal, () =>
      languageModels.use(request, (model) => model.generate(request, signal, emit)),
    ),
  count: (request: CountArgument, { signal }: MethodContext) => count(request, signal),
  embed: (request: EmbedArgument, { signal }: MethodContext) => embedders.embed(request, signal),
  header: ({ file }: { readonly file: string }) => readHeader(file),
  search: (request: SearchArgument, { signal }: MethodContext) => search(request, signal),
});
