import { env, pipeline } from "@huggingface/transformers";
import { afterAll, describe, expect, test } from "vitest";
import { fileURLToPath } from "node:url";
import { startLocalModels } from "./__fixtures__/local-models.ts";

const local = startLocalModels();
const model = local.embeddingModel("all-minilm-l6-v2");
afterAll(() => local.close());

const texts = [
  "My card still has not arrived",
  "What is the exchange rate for euros?",
  "Where is the card you sent me, it is late",
  "",
  "wörter, 数字 🙂 and a longer sentence that has quite a few more tokens than all the others together",
];

describe("embeddings of this machine", () => {
  test("are those transformers.js computes for a text alone: the mean of its tokens at unit length", async () => {
    env.allowRemoteModels = false;
    env.localModelPath = fileURLToPath(new URL("../../public/models", import.meta.url));
    const raw = await pipeline("feature-extraction", "all-MiniLM-L6-v2", { dtype: "q8" });
    const { vectors } = await model.embed(texts);
    expect(vectors).toHaveLength(texts.length);
    for (const [index, text] of texts.entries()) {
      const [expected] = (await raw([text], { pooling: "mean", normalize: true })).tolist() as number[][];
      const vector = vectors[index]!;
      expect(vector).toHaveLength(model.dimensions);
      expect(Math.max(...vector.map((value, place) => Math.abs(value - expected![place]!)))).toBeLessThan(1e-5);
    }
    await raw.dispose();
  });

  test("do not depend on the texts beside them, nor on their order", async () => {
    const { vectors: together } = await model.embed([...texts, ...texts]);
    const reversed = (await model.embed(texts.toReversed())).vectors.toReversed();
    const alone = await Promise.all(texts.map(async (text) => (await model.embed([text])).vectors[0]));
    expect(together).toEqual([...alone, ...alone]);
    expect(reversed).toEqual(alone);
  });

  test("put what means the same nearer than what does not", async () => {
    const [late, rate, where] = (await model.embed(texts)).vectors;
    const cosine = (a: Float32Array, b: Float32Array): number =>
      a.reduce((sum, each, index) => sum + each * b[index]!, 0);
    expect(cosine(late!, where!)).toBeGreaterThan(cosine(late!, rate!) + 0.2);
  });

  test("read a long text to the 512th token, as the model was trained", async () => {
    const words = Array.from({ length: 900 }, (_, index) => `word${index % 7}`);
    const [long, longer] = (await model.embed([words.slice(0, 800).join(" "), words.join(" ")])).vectors;
    expect(long).toEqual(longer);
  });

  test("of no texts are none, and an aborted call gives none", async () => {
    expect((await model.embed([])).vectors).toEqual([]);
    const reason = new Error("enough");
    await expect(model.embed(["text"], AbortSignal.abort(reason))).rejects.toBe(reason);
    const many = Array.from({ length: 20_000 }, (_, index) => `text number ${index}`);
    const abort = new AbortController();
    const running = model.embed(many, abort.signal);
    setTimeout(() => abort.abort(reason), 50);
    await expect(running).rejects.toBe(reason);
    expect((await model.embed(["free again"])).vectors).toHaveLength(1);
  });

  test("of one more text are there when the turn of the 2,000 that is running has ended", async () => {
    const abort = new AbortController();
    let done = 0;
    const sheet = Array.from({ length: 20 }, (_, chunk) => {
      const rows = Array.from({ length: 100 }, (__, row) => `row ${chunk} ${row}`);
      return model.embed(rows, abort.signal, "batch").then(() => (done += rows.length));
    });
    expect((await model.embed(["and what is this about?"])).vectors).toHaveLength(1);
    expect(done).toBeLessThanOrEqual(100);
    abort.abort(new Error("enough"));
    await Promise.allSettled(sheet);
  });

  test("have a short name too, and a language model has none", () => {
    expect(local.embeddingModel("minilm").name).toBe("local/all-minilm-l6-v2");
    expect(() => local.embeddingModel("gemma-3-270m")).toThrow(/does not embed/);
    expect(() => local.embeddingModel("minilm-7")).toThrow(/no local model local\/minilm-7/);
  });
});
