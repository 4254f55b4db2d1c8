/** The embedding model where a cell names none: it comes with Sheaf. */
export const defaultEmbedding = "local/all-minilm-l6-v2";
