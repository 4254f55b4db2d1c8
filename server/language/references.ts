import type { Reference } from "#server/notebook/reference.ts";
import { accessOf, isFixed, isLink } from "./access-path.ts";
import { positionsIn } from "./position.ts";
import type { Expression, Template } from "./syntax.ts";

/** The reference that an expression is as a whole: a name, members and `.at(…)`. Null where it computes anything. */
export function wholeReference(parsed: Expression): Reference | null {
  const { root, source } = parsed;
  const access = isLink(root) ? accessOf(root, source) : null;
  const name = access === null ? root : access.root;
  return name.kind === "name" && (access === null || isFixed(access)) ? references(parsed)[0]! : null;
}

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
