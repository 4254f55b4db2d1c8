import { coordinatesText, type Coordinates } from "#server/notebook/address.ts";
import { isAt } from "#server/notebook/axis.ts";
import { SheafError } from "#server/notebook/sheaf-error.ts";
import type { Session } from "./duckdb-session.ts";
import { variantsPerRow, type SheetCatalog, type SheetFrame } from "./sheet-catalog.ts";
import { freshnessCode, settledCodes } from "./sheet-codes.ts";
import { givenRows } from "./sheet-inputs.ts";
import { within, type RowScope } from "./sheet-scope.ts";
import type { NodeInput, NodeSpec } from "./sheet-store.ts";

/** The states of a node's addresses as SQL: `with ${clauses}` defines the relation `name`, and those it is made from. */
export interface StatesSql {
  readonly clauses: string;
  /**
   * A relation with a record an address: `ordinal`, `row`, `place` (of the variant in the node's list), `address`, `state` (a
   * code of `freshnessWords`), `seen` (null unless readers may use the value), `key` and `outcome` of what is stored,
   * `override`, and for each node it reads `u0`, `u1` … the address there, null unless readers may use its value.
   * Of some rows it also has `label`, `input`, `parts` (of each input, now, with commas between), `stored_parts` and `value_hash`,
   * and `value`, `error` and `calls`, which cost nothing where they are not selected; and for each node it reads that makes one
   * value of repeats `calls0`, `calls1` …, the calls there. Calls are those of the repeats too.
   */
  readonly name: string;
  /** The nodes it reads, in the order of its inputs, by the names of their tables' ends. */
  readonly upstream: readonly { readonly spec: NodeSpec; readonly tables: string }[];
  /** The end of the node's own tables' names, `SHEET_NODE`. */
  readonly tables: string;
}

interface Context {
  readonly catalog: SheetCatalog;
  readonly session: Session;
  readonly frame: SheetFrame;
  readonly nodes: readonly NodeSpec[];
  readonly scope: RowScope;
  /** A node whose relation has the column `input` of all rows too. */
  readonly withInput?: string;
}

type NodeRead = Extract<NodeInput, { type: "node" }>;

/** Builds the states of a node and of all it reads in the sheet, for the rows of a scope. */
export async function statesSql(context: Context, node: string): Promise<StatesSql> {
  const [states] = await allStatesSql(context, [node]);
  return states!;
}

/** The same for several nodes, whose clauses are one: what more than one of them reads is worked out once. */
export async function allStatesSql(context: Context, nodes: readonly string[]): Promise<readonly StatesSql[]> {
  const clauses = new Map<string, StatesSql & { readonly sql: string }>();
  const begun = new Set<string>();

  async function add(name: string): Promise<StatesSql> {
    const known = clauses.get(name);
    if (known !== undefined) return known;
    if (begun.has(name)) throw new SheafError("sheet.cycle", `the node ${name} of the sheet reads itself`);
    begun.add(name);
    const spec = specOf(context.nodes, name);
    const reads = spec.inputs.filter((input): input is NodeRead => input.type === "node");
    const upstream: (StatesSql & { readonly spec: NodeSpec })[] = [];
    for (const read of reads) upstream.push({ ...(await add(read.node)), spec: specOf(context.nodes, read.node) });
    const own = `${context.frame.sheet.id}_${await context.catalog.node(context.frame.sheet, name)}`;
    const sql = await nodeStates(context, spec, reads, upstream, own);
    const states = { clauses: "", name: `n${clauses.size}`, upstream, tables: own, sql };
    clauses.set(name, states);
    return states;
  }

  const built: StatesSql[] = [];
  for (const node of nodes) built.push(await add(node));
  const all = [...clauses.values()].map(({ name, sql }) => `${name} as materialized (${sql})`).join(",\n");
  return built.map((states) => ({ ...states, clauses: all }));
}

/** The node of a name. Throws `sheet.node` where it is not among `nodes`. */
export function specOf(nodes: readonly NodeSpec[], name: string): NodeSpec {
  const spec = nodes.find((candidate) => candidate.node === name);
  if (spec === undefined) throw new SheafError("sheet.node", `the sheet has no node ${name}`);
  return spec;
}

/** For a node that makes one value of repeats, which of the nodes it reads are those, as places among them. */
export function repeatsRead({ node, inputs }: NodeSpec): readonly number[] {
  const reads = inputs.filter((input) => input.type === "node");
  return reads.flatMap((read, at) => (read.node === `${node}#each` ? [at] : []));
}

/** The calls of a result as SQL, and after them those of the repeats it is made of, where no value of a person stands before these. */
export function callsWithRepeats(
  calls: string,
  repeats: readonly { readonly calls: string; readonly override: string }[],
): string {
  if (repeats.length === 0) return calls;
  const lists = repeats.map((one) => `case when ${one.override} is null then ${one.calls} end`);
  return `cast(to_json(flatten([${[calls, ...lists].map((list) => `cast(cast(${list} as JSON) as JSON[])`).join(", ")}])) as VARCHAR)`;
}

/** The places of a node's variants that have the labels asked for. Throws `sheet.axis` for an axis it does not have, or a label. */
export function placesAt({ node, variants }: NodeSpec, labels: Coordinates): readonly number[] {
  const places = variants.flatMap(({ at }, place) => (isAt(at, labels) ? [place] : []));
  if (places.length > 0) return places;
  const asked = Object.entries(labels).map(([axis, label]) => `${axis}=${label}`);
  throw new SheafError("sheet.axis", `${node} has no variant with ${asked.join(", ")}`);
}

async function nodeStates(
  context: Context,
  spec: NodeSpec,
  reads: readonly NodeRead[],
  upstream: readonly (StatesSql & { readonly spec: NodeSpec })[],
  own: string,
): Promise<string> {
  const { catalog, session, frame, scope } = context;
  const detailed = scope.type === "some";
  const given = await givenRows(catalog, session, frame, spec, scope);
  const variants = await variantValues(context, spec, reads);
  const places = reads.map((_, index) => index);
  const address = (variant: string): string => `cast(g.row as BIGINT) * ${variantsPerRow} + ${variant}`;
  const ofRow =
    reads.length === 0
      ? "g.given"
      : `md5_number(cast(g.given as BLOB) || ${places.map((at) => `cast(n_${at}.seen as BLOB)`).join(" || ")})`;
  const input = spec.overRows === true ? await inputOfAll(context, spec) : ofRow;
  const unknown = [`${input} is null`, ...places.map((at) => `n_${at}.seen is null`)].join(" or ");
  const state = `case
    when o.type is not null then ${freshnessCode.locked} + o.type
    when r.key is null then ${freshnessCode.never}
    when v.key is null then ${freshnessCode["stale-upstream"]}
    when r.key <> v.key then ${freshnessCode["stale-key"]}
    when ${unknown} then ${freshnessCode["stale-upstream"]}
    when r.input is distinct from ${input} then ${freshnessCode["stale-input"]}
    else ${freshnessCode.current} end`;
  const columns = [
    `g.ordinal, g.row, v.place, ${address("v.variant")} as address, ${state} as state`,
    "coalesce(o.seen, r.seen) as stored_seen, r.key, r.outcome, o.type as override",
    ...places.map((at) => `case when n_${at}.seen is not null then n_${at}.address end as u${at}`),
  ];
  if (context.withInput === spec.node) columns.push(`${input} as input`);
  if (detailed) {
    const seen = places.map((at) => `coalesce(left(cast(n_${at}.seen as VARCHAR), 8), '?')`);
    columns.push(
      `g.label, ${input} as input, concat_ws(',', g.parts${seen.map((part) => `, ${part}`).join("")}) as parts`,
    );
    columns.push("r.parts as stored_parts, r.value_hash, coalesce(o.value, r.value) as value, r.error");
    const repeats = repeatsRead(spec).map((at) => ({ calls: `n_${at}.calls`, override: `n_${at}.override` }));
    columns.push(`${callsWithRepeats("r.calls", repeats)} as calls`);
    for (const at of places)
      if (repeatsRead(upstream[at]!.spec).length > 0) columns.push(`n_${at}.calls as calls${at}`);
  }
  return `select *, case when state in (${settledCodes.join(", ")}) then stored_seen end as seen from (
    select ${columns.join(", ")}
    from ${given} g cross join (values ${variants}) v(place, variant, key${places.map((at) => `, u${at}`).join("")})
    left join ${within(`sheet_results_${own}`, scope)} r on r.address = ${address("v.variant")}
    left join ${within(`sheet_overrides_${own}`, scope)} o on o.address = ${address("v.variant")}
    ${places.map((at) => `left join ${upstream[at]!.name} n_${at} on n_${at}.address = ${address(`v.u${at}`)}`).join("\n")})`;
}

/** What all rows give a node together, as SQL over its variants; null at those where it is not known of all rows. */
async function inputOfAll(context: Context, spec: NodeSpec): Promise<string> {
  const { overRows: _, ...alone } = spec;
  const nodes = context.nodes.map((node) => (node === spec ? alone : node));
  const scope = { type: "all" } as const;
  const { clauses, name } = await statesSql({ ...context, nodes, scope, withInput: spec.node }, spec.node);
  // The text of a whole hash takes DuckDB far longer than that of its halves.
  const halves = "(input >> 64)::UBIGINT, ' ', (input & 18446744073709551615::UHUGEINT)::UBIGINT";
  const read = await context.session.queryColumns(`with ${clauses}
    select place, cast(bit_xor(md5_number(concat(ordinal, ' ', ${halves}))) as VARCHAR) from ${name}
    group by place having count(*) = count(input)`);
  const [places, hashes] = read.columns as readonly [number[], string[]];
  const cases = places.map((place, index) => `when ${place} then '${hashes[index]}'::UHUGEINT`);
  return cases.length === 0 ? "cast(null as UHUGEINT)" : `case v.place ${cases.join(" ")} end`;
}

/** A record a variant: its place, its integer, the integer of its key (-1 where none is stored by that key), and the variants it reads. */
async function variantValues(
  { catalog, frame: { sheet }, nodes }: Context,
  spec: NodeSpec,
  reads: readonly NodeRead[],
): Promise<string> {
  const names = await catalog.names();
  const records: string[] = [];
  for (const [place, { at, key }] of spec.variants.entries()) {
    const id = key === null ? "null" : ((await names.known(sheet.id, "key", key)) ?? -1);
    const read: (number | "null")[] = [];
    for (const upstream of reads) {
      const there = upstreamVariant(spec.node, at, upstream);
      const known = specOf(nodes, upstream.node).variants.some(
        (other) => coordinatesText(other.at) === coordinatesText(there),
      );
      read.push(known ? await catalog.variant(sheet, there) : "null");
    }
    const integers = [place, await catalog.variant(sheet, at), id, ...read];
    records.push(`(${integers.map((integer) => `${integer}::INTEGER`).join(", ")})`);
  }
  if (records.length > 0) return records.join(", ");
  throw new SheafError("sheet.variants", `the node ${spec.node} has no variant`);
}

/** The coordinates at which a variant reads another node: of the axes that one has, those fixed by the reference, then the reader's. */
export function upstreamVariant(node: string, at: Coordinates, read: NodeRead): Coordinates {
  const labels = { ...at, ...read.at };
  return Object.fromEntries(
    read.axes.map((axis) => {
      const label = labels[axis];
      if (label !== undefined) return [axis, label];
      throw new SheafError(
        "sheet.axis",
        `${node} reads ${read.node}, which varies by ${axis}, and does not say which ${axis}`,
        {
          cure: `Read it as ${read.node}.at(${axis}="…").`,
        },
      );
    }),
  );
}
