import { existsSync } from "node:fs";
import { mkdir, open, readFile, rename, rm, stat, writeFile } from "node:fs/promises";
import { dirname } from "node:path";
import type { RowText } from "./column-texts.ts";
import { sealVectorFile, type VectorFile } from "./vector-file.ts";

/** Texts embedded between two writes; a build that was interrupted goes on at a multiple of them. */
export const textsAPage = 1024;

export interface BuildVectors {
  readonly path: string;
  /** Pages of texts, always the same for the same index. */
  readonly pages: AsyncIterable<readonly RowText[]>;
  embed(texts: readonly string[], signal: AbortSignal): Promise<readonly Float32Array[]>;
  readonly signal: AbortSignal;
  /** Called with the number of rows whose vectors are there. */
  onDone(rows: number): void;
}

/**
 * Embeds all texts into a file of vectors. The draft stays when the build is interrupted, and the next build goes on where its
 * last safely written page ends. To be called by one process at a time for a path.
 */
export async function buildVectors({ path, pages, embed, signal, onDone }: BuildVectors): Promise<VectorFile> {
  await mkdir(dirname(path), { recursive: true });
  const draft = `${path}.part`;
  const note = `${draft}.json`;
  const kept = await keptOf(draft, note);
  const rows: number[] = [];
  let { dimensions } = kept;
  let page = 0;
  const file = await open(draft, kept.pages > 0 ? "r+" : "w");
  try {
    for await (const texts of pages) {
      signal.throwIfAborted();
      page += 1;
      const before = rows.length;
      for (const { row } of texts) rows.push(row);
      if (page > kept.pages && texts.length > 0) {
        const vectors = await embed(
          texts.map(({ text }) => text),
          signal,
        );
        dimensions = vectors[0]!.length;
        const matrix = new Float32Array(vectors.length * dimensions);
        vectors.forEach((vector, index) => matrix.set(vector, index * dimensions));
        await file.write(matrix, 0, matrix.byteLength, before * dimensions * 4);
        await file.sync();
        await writeFile(`${note}.part`, JSON.stringify({ pages: page, texts: rows.length, dimensions } satisfies Kept));
        await rename(`${note}.part`, note);
      }
      onDone(rows.length);
    }
  } finally {
    await file.close();
  }
  const sealed = await sealVectorFile(draft, path, dimensions, Uint32Array.from(rows));
  await rm(note, { force: true });
  return sealed;
}

/** How many texts of an index have their vectors: of a build that was interrupted those of its draft; null where it is whole. */
export async function builtTexts(path: string): Promise<number | null> {
  if (existsSync(path)) return null;
  return (await keptOf(`${path}.part`, `${path}.part.json`)).texts;
}

/** What of a draft is safely on the disk. */
interface Kept {
  readonly pages: number;
  readonly texts: number;
  readonly dimensions: number;
}

async function keptOf(draft: string, note: string): Promise<Kept> {
  try {
    const kept = JSON.parse(await readFile(note, "utf8")) as Kept;
    if ((await stat(draft)).size >= kept.texts * kept.dimensions * 4) return kept;
  } catch {
    // No draft, or one without a readable note: the build begins anew.
  }
  return { pages: 0, texts: 0, dimensions: 0 };
}
