import { basename } from "node:path";
import { isMap, isNode, isScalar, LineCounter, parseDocument, type Document } from "yaml";
import { z } from "zod";
import type { Endpoint, EndpointFault, Endpoints } from "#server/models/own-endpoints.ts";
import { SheafError } from "#server/notebook/sheaf-error.ts";
import type { CellError } from "#server/notebook/value.ts";
import { openYamlFile } from "./yaml-file.ts";

/** The OpenAI-compatible servers a workspace has named: a file that people read and edit, and the page writes into. */
export interface ModelEndpointFile {
  /** The endpoints as they are now, the same object until they change: the file is looked at anew, at most once a second. */
  read(): OwnEndpoints;
  /** Sets an endpoint, in place of one of its name. What else stands in the file stays. */
  set(name: string, endpoint: Endpoint): Promise<void>;
  remove(name: string): Promise<void>;
}

export interface OwnEndpoints {
  /** Null where the file could never be read. */
  readonly endpoints: Endpoints | null;
  /** Why the file cannot be read; what was read before stands then. */
  readonly problem: CellError | null;
}

const whole = z.record(z.string(), z.strictObject({ url: z.string(), key: z.string().optional() }));

const heading =
  " OpenAI-compatible servers by name: a cell says NAME/MODEL. `key` is the variable that has the key, never the key itself.";

/** The endpoints in a file, which need not be there. `fault` says what is wrong with them. */
export function openModelEndpointFile(
  path: string,
  fault: (endpoints: Endpoints) => EndpointFault | null,
  now: () => number,
): ModelEndpointFile {
  const file = openYamlFile({ path, heading, now, parse });

  function parse(source: string): Endpoints {
    const lines = new LineCounter();
    const document = parseDocument(source, { lineCounter: lines });
    const [error] = document.errors;
    if (error !== undefined)
      throw wrong(error.linePos?.[0].line, error.message.split("\n")[0]!.replace(/ at line.*/, ""));
    const checked = whole.safeParse(document.toJS() ?? {});
    if (!checked.success) {
      const [{ path: at, message }] = checked.error.issues as [z.core.$ZodIssue];
      throw wrong(lineOf(document, lines, at), `${at.map(String).join(".")} ${message}`.trim());
    }
    const endpoints = Object.fromEntries(
      Object.entries(checked.data).map(([name, entry]) => [name, endpointOf(entry)]),
    );
    const found = fault(endpoints);
    if (found === null) return endpoints;
    throw wrong(
      lineOf(document, lines, found.part === "name" ? [found.name] : [found.name, found.part]),
      found.message,
      found.cure,
    );
  }

  function wrong(
    line: number | undefined,
    message: string,
    cure = "Write for each name where it is, as `gpu: { url: http://192.168.1.20:8000/v1, key: GPU_API_KEY }`.",
  ): SheafError {
    const where = line === undefined ? "" : `, line ${line}`;
    return new SheafError("models.endpoints", `${basename(path)}${where}: ${message}`, { cure });
  }

  return {
    read() {
      const { content: endpoints, problem } = file.read();
      return { endpoints, problem };
    },
    set: (name, endpoint) =>
      file.change((document) => {
        const { [name]: _, ...others } = parse(document.toString());
        const found = fault({ ...others, [name]: endpoint });
        if (found !== null) throw new SheafError("models.endpoint", found.message, { cure: found.cure });
        const { baseUrl, keyVariable } = endpoint;
        document.set(
          name,
          document.createNode({ url: baseUrl, ...(keyVariable === undefined ? {} : { key: keyVariable }) }),
        );
      }),
    remove: (name) => file.change((document) => void document.delete(name)),
  };
}

function endpointOf({ url, key }: z.infer<typeof whole>[string]): Endpoint {
  return { baseUrl: url.replace(/\/+$/, ""), ...(key === undefined ? {} : { keyVariable: key }) };
}

/** The line of a part of the document, or of the nearest thing around it that is there. */
function lineOf(document: Document, lines: LineCounter, at: readonly PropertyKey[]): number | undefined {
  const [name, part] = at;
  const named = isMap(document.contents)
    ? document.contents.items.find(({ key }) => isScalar(key) && String(key.value) === name)
    : undefined;
  const inner = part === undefined ? undefined : document.getIn([name, part], true);
  const place = isNode(inner) ? inner : named?.key;
  const offset = isNode(place) ? place.range?.[0] : undefined;
  return offset === undefined ? undefined : lines.linePos(offset).line;
}
