import { readFile, stat } from "node:fs/promises";
import { basename, extname } from "node:path";
import type { Input } from "#server/notebook/notebook.ts";
import { SheafError } from "#server/notebook/sheaf-error.ts";
import type { Datum, Value } from "#server/notebook/value.ts";
import { keepFile } from "#server/store/keep-file.ts";
import { parseJson } from "#server/tables/parse-json.ts";
import { parseYaml, YamlProblem } from "#server/tables/parse-yaml.ts";
import { inputValue } from "./input-value.ts";
import { imageType, mediaType } from "./media-type.ts";
import type { Runtime } from "./runtime.ts";

/** A file a person gives for an input. */
export interface GivenFile {
  /** Absolute. */
  readonly path: string;
  /** As it was written. */
  readonly name: string;
}

/** A text and data may be this long, in bytes. */
const mostText = 16_000_000;
/** A file or an image may be this long, in bytes. */
const mostBytes = 100_000_000;

/**
 * The value an input has by a file: its text for `string`, the data in its JSON or YAML for `json` and `messages`, the rows of its CSV,
 * JSON, JSONL, YAML or Parquet for `table`, the file itself, kept by content, for `file` and `image`. Throws `input.type` where the
 * type is another or the content is not so, and `input.file` where there is no file or too large a one.
 */
export async function readInputFile(
  input: Input,
  file: GivenFile,
  { tables, workspace }: Pick<Runtime, "tables" | "workspace">,
): Promise<Value> {
  const { type, name } = input;
  switch (type) {
    case "string":
      return { type, value: await textOf(input, file) };
    case "json":
    case "messages":
      return await inputValue(input, parse(input, file, await textOf(input, file)), tables);
    case "table":
      await sizeOf(input, file);
      return { type, value: await tables.importAnyFile(file.path, file.name) };
    case "file":
    case "image": {
      const bytes = await bytesOf(input, file, mostBytes);
      if (type === "image" && imageType(bytes) === null)
        throw new SheafError("input.type", `${file.name} is no PNG, JPEG, GIF or WebP image, as \`${name}\` must be`, {
          cure: "Give an image, or save this one in such a format.",
        });
      const hash = await keepFile(workspace.files, bytes);
      const called = basename(file.path);
      return { type, value: { hash, name: called, mediaType: mediaType(bytes, called), bytes: bytes.length } };
    }
    case "number":
    case "boolean":
    case "choice":
      throw new SheafError("input.type", `the input \`${name}\` is a ${type}, which is not read from a file`, {
        cure: `Write its value, as in \`--set ${name}=…\`; \`@@\` at its start stands for one \`@\`.`,
      });
  }
}

async function sizeOf({ name }: Input, file: GivenFile): Promise<number> {
  const found = await stat(file.path).catch(() => null);
  if (found?.isFile() === true) return found.size;
  const what = found === null ? `there is no file ${file.name}` : `${file.name} is no file`;
  throw new SheafError("input.file", `${what} for the input \`${name}\``, {
    cure: "Give a file's path from where you stand; `@@` stands for one `@` at the start of a value.",
  });
}

async function bytesOf(input: Input, file: GivenFile, most: number): Promise<Buffer> {
  const size = await sizeOf(input, file);
  if (size > most) {
    const megabytes = (bytes: number): string => `${(bytes / 1e6).toFixed(0)} MB`;
    const may = `the input \`${input.name}\` may have ${megabytes(most)}`;
    throw new SheafError("input.file", `${file.name} has ${megabytes(size)}; ${may}`, {
      cure: "Give a smaller file; rows of data are better an input of type `table`.",
    });
  }
  try {
    return await readFile(file.path);
  } catch (thrown) {
    const said = thrown instanceof Error ? thrown.message : String(thrown);
    throw new SheafError("input.file", `${file.name} cannot be read: ${said}`, { cure: "Give a file you may read." });
  }
}

/** The file's text without a byte order mark. */
async function textOf(input: Input, file: GivenFile): Promise<string> {
  const bytes = await bytesOf(input, file, mostText);
  try {
    if (bytes.includes(0)) throw new TypeError("a zero byte");
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    throw new SheafError("input.type", `${file.name} is no UTF-8 text, as the input \`${input.name}\` must be`, {
      cure: "Save it as UTF-8, or make the input's type `file` or `image`.",
    });
  }
}

/** JSON, or YAML where the name ends so. */
function parse(input: Input, { name }: GivenFile, text: string): Datum {
  const wrong = (message: string, cure: string): SheafError =>
    new SheafError("input.type", `the input \`${input.name}\` cannot be read from ${name}: ${message}`, { cure });
  try {
    return /^\.ya?ml$/i.test(extname(name)) ? parseYaml(text) : parseJson(text);
  } catch (problem) {
    if (problem instanceof YamlProblem)
      throw wrong(`${problem.line === null ? "" : `line ${problem.line}: `}${problem.message}`, problem.cure);
    const said = problem instanceof Error ? problem.message : String(problem);
    throw wrong(`it is not JSON: ${said}`, "Correct it; YAML is read from files that end in .yaml.");
  }
}
