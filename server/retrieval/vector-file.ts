import { open, rename, type FileHandle } from "node:fs/promises";
import { crc32 } from "node:zlib";

/**
 * A file of vectors: the matrix (little-endian float32, vector by vector), then the vectors' row numbers (uint32), then 24 bytes:
 * the magic `SHEAFVEC`, and as uint32 the version, the dimensions, the count, and the CRC-32 of all before.
 */
export interface VectorFile {
  readonly path: string;
  readonly dimensions: number;
  /** The table's row of each vector, ascending. */
  readonly rows: Uint32Array;
}

const magic = Buffer.from("SHEAFVEC");
const version = 1;
const footerBytes = 24;
const readBytes = 1 << 20;

/** Reads what a file of vectors says of itself and checks all its bytes. Rejects where it is missing, cut off or damaged. */
export async function openVectorFile(path: string): Promise<VectorFile> {
  const file = await open(path);
  try {
    const { size } = await file.stat();
    const footer = await read(file, Math.max(0, size - footerBytes), footerBytes);
    const dimensions = footer.readUInt32LE(12);
    const count = footer.readUInt32LE(16);
    const body = count * dimensions * 4 + count * 4;
    const sound =
      magic.equals(footer.subarray(0, 8)) && footer.readUInt32LE(8) === version && size === body + footerBytes;
    if (!sound || (await checksum(file, body)) !== footer.readUInt32LE(20)) throw new Error(`${path} is damaged`);
    const rows = await read(file, count * dimensions * 4, count * 4);
    return { path, dimensions, rows: new Uint32Array(rows.buffer, rows.byteOffset, count) };
  } finally {
    await file.close();
  }
}

/** Completes a draft that holds the matrix, and gives it its name. */
export async function sealVectorFile(
  draft: string,
  path: string,
  dimensions: number,
  rows: Uint32Array,
): Promise<VectorFile> {
  const file = await open(draft, "r+");
  try {
    const matrix = rows.length * dimensions * 4;
    await file.truncate(matrix);
    await file.write(rows, 0, rows.byteLength, matrix);
    const footer = Buffer.alloc(footerBytes);
    magic.copy(footer);
    footer.writeUInt32LE(version, 8);
    footer.writeUInt32LE(dimensions, 12);
    footer.writeUInt32LE(rows.length, 16);
    footer.writeUInt32LE(await checksum(file, matrix + rows.byteLength), 20);
    await file.write(footer, 0, footerBytes, matrix + rows.byteLength);
    await file.sync();
  } finally {
    await file.close();
  }
  await rename(draft, path);
  return { path, dimensions, rows };
}

async function checksum(file: FileHandle, bytes: number): Promise<number> {
  let value = 0;
  for (let at = 0; at < bytes; at += readBytes)
    value = crc32(await read(file, at, Math.min(readBytes, bytes - at)), value);
  return value;
}

/** Bytes at a place, in memory of their own so that numbers in them are aligned. */
async function read(file: FileHandle, at: number, length: number): Promise<Buffer> {
  const buffer = Buffer.from(new ArrayBuffer(length));
  let filled = 0;
  while (filled < length) {
    const { bytesRead } = await file.read(buffer, filled, length - filled, at + filled);
    if (bytesRead === 0) throw new Error("the file of vectors is cut off");
    filled += bytesRead;
  }
  return buffer;
}
