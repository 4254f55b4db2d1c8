import { open } from "node:fs/promises";
import { setImmediate as pause } from "node:timers/promises";
import { SheafError } from "#server/notebook/sheaf-error.ts";
import type { SearchAnswer, SearchArgument } from "./methods.ts";

/** Products of one piece of work, about 10 ms: between pieces other calls are heard. */
const productsAPiece = 1e7;
/** Bytes of matrices that are kept in memory between calls. */
const keptBytes = 512e6;

/** Searches vector files by the exact inner product with every row, which for unit vectors is the cosine. Keeps the last files read. */
export function createVectorSearch() {
  const matrices = new Map<string, Float32Array>();

  async function matrixOf({ file, offset, rows, dimensions }: SearchArgument): Promise<Float32Array> {
    const key = JSON.stringify([file, offset, rows, dimensions]);
    const matrix = matrices.get(key) ?? (await readMatrix(file, offset, rows * dimensions));
    matrices.delete(key);
    matrices.set(key, matrix);
    let bytes = [...matrices.values()].reduce((sum, { byteLength }) => sum + byteLength, 0);
    for (const [old, { byteLength }] of matrices) {
      if (bytes <= keptBytes || old === key) break;
      matrices.delete(old);
      bytes -= byteLength;
    }
    return matrix;
  }

  return async function search(request: SearchArgument, signal: AbortSignal): Promise<SearchAnswer> {
    const { dimensions, queries, within } = request;
    const rows = within?.length ?? request.rows;
    const k = Math.min(request.k, rows);
    const count = queries.length / dimensions;
    const answer = { rows: new Uint32Array(count * k), scores: new Float32Array(count * k) };
    if (k === 0 || count === 0) return answer;
    const matrix = await matrixOf(request);
    const scores = new Float32Array(rows);
    const rowsAPiece = Math.max(1, Math.floor(productsAPiece / dimensions));
    for (let query = 0; query < count; query += 1) {
      const vector = queries.subarray(query * dimensions, (query + 1) * dimensions);
      for (let start = 0; start < rows; start += rowsAPiece) {
        multiply(matrix, vector, scores, start, Math.min(rows, start + rowsAPiece), within);
        await pause();
        signal.throwIfAborted();
      }
      const best = nearestRows(scores, k);
      answer.rows.set(within === undefined ? best : best.map((place) => within[place]!), query * k);
      best.forEach((row, place) => (answer.scores[query * k + place] = scores[row]!));
    }
    return answer;
  };
}

async function readMatrix(file: string, offset: number, length: number): Promise<Float32Array> {
  const matrix = new Float32Array(length);
  const bytes = new Uint8Array(matrix.buffer);
  await using handle = await open(file);
  let filled = 0;
  while (filled < bytes.length) {
    const { bytesRead } = await handle.read(bytes, filled, Math.min(1 << 28, bytes.length - filled), offset + filled);
    if (bytesRead === 0) throw new SheafError("retrieval.index", "the file of vectors is shorter than it should be");
    filled += bytesRead;
  }
  return matrix;
}

/** The scores of the rows `from ≤ row < to`, or of those of `within` at these places. */
function multiply(
  matrix: Float32Array,
  vector: Float32Array,
  scores: Float32Array,
  from: number,
  to: number,
  within: Uint32Array | undefined,
): void {
  const dimensions = vector.length;
  const even = dimensions - (dimensions % 4);
  for (let row = from; row < to; row += 1) {
    const start = (within === undefined ? row : within[row]!) * dimensions;
    // Four sums, so that one addition does not wait for the one before.
    let [a, b, c, d] = [0, 0, 0, 0];
    for (let index = 0; index < even; index += 4) {
      a += matrix[start + index]! * vector[index]!;
      b += matrix[start + index + 1]! * vector[index + 1]!;
      c += matrix[start + index + 2]! * vector[index + 2]!;
      d += matrix[start + index + 3]! * vector[index + 3]!;
    }
    for (let index = even; index < dimensions; index += 1) a += matrix[start + index]! * vector[index]!;
    scores[row] = a + b + c + d;
  }
}

/** The `k` rows with the highest scores, best first, equal scores by row. */
function nearestRows(scores: Float32Array, k: number): Uint32Array {
  if (k * 8 > scores.length)
    return Uint32Array.from(scores.keys())
      .sort((a, b) => scores[b]! - scores[a]! || a - b)
      .slice(0, k);
  const best = new Uint32Array(k);
  let held = 0;
  for (let row = 0; row < scores.length; row += 1) {
    const score = scores[row]!;
    if (held === k && score <= scores[best[k - 1]!]!) continue;
    let place = held === k ? k - 1 : held;
    for (; place > 0 && scores[best[place - 1]!]! < score; place -= 1) best[place] = best[place - 1]!;
    best[place] = row;
    if (held < k) held += 1;
  }
  return best;
}
