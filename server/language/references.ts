import type { Reference } from "#server/notebook/reference.ts";
import { positionsIn } from "./position.ts";
import type { Expression, Template } from "./syntax.ts";

/**
 * The free names a template or expression may read, in the order of its source: not what it sets itself, and no
 * functions of the language. A name that is set on some ways only is one. `field` is null.
 */
export function references(parsed: Template | Expression): readonly Reference[] {
  const { uses } = parsed.analysis;
  const position = positionsIn(parsed.source);
  return uses
    .map(({ node, members, at, tolerant, meta, aggregated }) => ({
      name: node.name,
      path: members.map(({ name }) => name),
      at,
      tolerant,
      meta,
      ...(aggregated ? { aggregated } : {}),
      position: position(node.start, node.end),
      field: null,
    }))
    .sort((left, right) => left.position.offset - right.position.offset);
}
