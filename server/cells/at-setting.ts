import type { CellError } from "#server/notebook/value.ts";

/** An error of searching or embedding, with the setting it is about: which model embeds, which column is searched. */
export function atSetting(error: CellError): CellError {
  const field = error.code.startsWith("model.") ? "embedding" : fields[error.code];
  return field === undefined ? error : { field, ...error };
}

const fields: { readonly [code: string]: string } = {
  "retrieval.column": "text",
  "retrieval.dimensions": "embedding",
};
