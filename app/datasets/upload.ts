import type { CellError } from "#server/notebook/value.ts";

/** The largest file a browser may send, bytes; the server holds it too. */
export const largestUpload = 2 * 1024 ** 3;

/** Names a dataset file may have. */
export const datasetTypes = ".csv,.tsv,.json,.jsonl,.ndjson,.parquet";

/** How an upload ended. `exists`: a file of the name is there, and nothing was said of replacing it. */
export type UploadEnd =
  | { readonly type: "done" }
  | { readonly type: "cancelled" }
  | { readonly type: "exists" }
  | { readonly type: "failed"; readonly error: CellError };

export interface Upload {
  readonly ended: Promise<UploadEnd>;
  cancel(): void;
}

/** Why a file is not even sent; null where it is. */
export function refusal({ name, size }: Pick<File, "name" | "size">): CellError | null {
  if (size > largestUpload)
    return {
      code: "dataset.too-large",
      message: `${name} has more than 2 GB`,
      cure: "Put it into the folder datasets/ yourself, as Parquet if you can.",
    };
  if (!datasetTypes.split(",").some((type) => name.toLowerCase().endsWith(type)))
    return {
      code: "dataset.path",
      message: `${name} is no dataset file`,
      cure: "Dataset files are CSV, TSV, JSON, JSONL or Parquet.",
    };
  if (size === 0) return { code: "dataset.empty", message: `${name} is empty`, cure: "Choose another." };
  return null;
}

/** Sends a file to `datasets/`, and tells how many bytes have gone. */
export function upload(file: File, { replace, sent }: { replace: boolean; sent(bytes: number): void }): Upload {
  // `fetch` does not tell how far a body has gone.
  const request = new XMLHttpRequest();
  const ended = new Promise<UploadEnd>((resolve) => {
    request.upload.addEventListener("progress", ({ loaded }) => sent(loaded));
    request.addEventListener("abort", () => resolve({ type: "cancelled" }));
    request.addEventListener("error", () => resolve({ type: "failed", error: lost }));
    request.addEventListener("load", () => {
      if (request.status === 200) resolve({ type: "done" });
      else if (request.status === 409) resolve({ type: "exists" });
      else resolve({ type: "failed", error: errorOf(request.responseText) });
    });
  });
  request.open("PUT", `/api/datasets/${encodeURIComponent(file.name)}${replace ? "?replace" : ""}`);
  request.send(file);
  return { ended, cancel: () => request.abort() };
}

const lost: CellError = {
  code: "api.unreachable",
  message: "the connection was lost while the file was sent",
  cure: "Is the server still running? Nothing of the file was kept: send it again.",
};

function errorOf(answer: string): CellError {
  try {
    return (JSON.parse(answer) as { readonly error: CellError }).error;
  } catch {
    return lost;
  }
}
