import { basename } from "node:path";
import { isMap, isNode, isScalar, LineCounter, parseDocument, type Document } from "yaml";
import { z } from "zod";
import type { OwnLimits } from "#server/models/calling/own-limits.ts";
import type { Endpoint, EndpointFault, Endpoints } from "#server/models/own-endpoints.ts";
import { SheafError } from "#server/notebook/sheaf-error.ts";
import type { CellError } from "#server/notebook/value.ts";
import { openYamlFile } from "./yaml-file.ts";

/** The OpenAI-compatible servers a workspace has named, and its limits of them and of other providers: a file that people read and edit, and the page writes into. */
export interface ModelEndpointFile {
  /** The endpoints as they are now, the same object until they change: the file is looked at anew, at most once a second. */
  read(): OwnEndpoints;
  /** The limits of a provider or an endpoint as they are now, looked at as the endpoints are. */
  limits(name: string): OwnLimits;
  /** Sets an endpoint, in place of one of its name, whose limits stay. What else stands in the file stays. */
  set(name: string, endpoint: Endpoint): Promise<void>;
  remove(name: string): Promise<void>;
}

export interface OwnEndpoints {
  /** Null where the file could never be read. */
  readonly endpoints: Endpoints | null;
  /** Why the file cannot be read; what was read before stands then. */
  readonly problem: CellError | null;
}

const count = z.int().min(1).max(10_000).optional();
const perMinute = z.number().positive().max(1e12).optional();
const seconds = z.number().positive().max(86_400).optional();
const limits = {
  concurrency: count,
  requestsPerMinute: perMinute,
  tokensPerMinute: perMinute,
  inputTokensPerMinute: perMinute,
  outputTokensPerMinute: perMinute,
  firstPartSeconds: seconds,
  idleSeconds: seconds,
  totalSeconds: seconds,
  attempts: count,
} satisfies { readonly [Limit in keyof OwnLimits]-?: z.ZodType };
const whole = z.record(
  z.string(),
  z.strictObject({ url: z.string().optional(), key: z.string().optional(), ...limits }),
);
type Entry = z.infer<typeof whole>[string];

/** What the file says: endpoints, and limits by name, also of those that have no address in it. */
interface Said {
  readonly endpoints: Endpoints;
  readonly limits: ReadonlyMap<string, OwnLimits>;
}

const noLimits: OwnLimits = {};

const heading =
  " OpenAI-compatible servers by name: a cell says NAME/MODEL. `key` is the variable that has the key, never the key itself.";

/** The endpoints in a file, which need not be there. `fault` says what is wrong with them, and with names that have limits and no address. */
export function openModelEndpointFile(
  path: string,
  fault: (endpoints: Endpoints, limited: readonly string[]) => EndpointFault | null,
  now: () => number,
): ModelEndpointFile {
  const file = openYamlFile({ path, heading, now, parse });

  function parse(source: string): Said {
    const lines = new LineCounter();
    const document = parseDocument(source, { lineCounter: lines });
    const [error] = document.errors;
    if (error !== undefined)
      throw wrong(error.linePos?.[0].line, error.message.split("\n")[0]!.replace(/ at line.*/, ""));
    const checked = whole.safeParse(document.toJS() ?? {});
    if (!checked.success) {
      const [{ path: at, message }] = checked.error.issues as [z.core.$ZodIssue];
      const told = `${at.map(String).join(".")} ${message}`.trim();
      const isLimit = Object.hasOwn(limits, at[1] ?? "");
      throw wrong(lineOf(document, lines, at), told, isLimit ? "Write a number, as in `concurrency: 4`." : undefined);
    }
    const entries = Object.entries(checked.data);
    const endpoints = Object.fromEntries(
      entries.flatMap(([name, entry]) => (entry.url === undefined ? [] : [[name, endpointOf(entry.url, entry.key)]])),
    );
    const found = fault(endpoints, limitedOnly(entries));
    if (found === null) return { endpoints, limits: new Map(entries.map(([name, entry]) => [name, limitsOf(entry)])) };
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
      const { content, problem } = file.read();
      return { endpoints: content?.endpoints ?? null, problem };
    },
    limits: (name) => file.read().content?.limits.get(name) ?? noLimits,
    set: (name, endpoint) =>
      file.change((document) => {
        const { [name]: _, ...others } = parse(document.toString()).endpoints;
        const found = fault({ ...others, [name]: endpoint }, []);
        if (found !== null) throw new SheafError("models.endpoint", found.message, { cure: found.cure });
        const { baseUrl, keyVariable } = endpoint;
        document.setIn([name, "url"], baseUrl);
        if (keyVariable === undefined) document.deleteIn([name, "key"]);
        else document.setIn([name, "key"], keyVariable);
      }),
    remove: (name) => file.change((document) => void document.delete(name)),
  };
}

function endpointOf(url: string, key: string | undefined): Endpoint {
  return { baseUrl: url.replace(/\/+$/, ""), ...(key === undefined ? {} : { keyVariable: key }) };
}

function limitsOf(entry: Entry): OwnLimits {
  const { url: _url, key: _key, ...own } = entry;
  return own;
}

function limitedOnly(entries: readonly (readonly [string, Entry])[]): readonly string[] {
  return entries.flatMap(([name, { url }]) => (url === undefined ? [name] : []));
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
