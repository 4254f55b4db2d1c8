import { label } from "./argument-parser.ts";
import type { AttributeNode, CallNode, ExpressionNode, IndexNode, NameNode, SliceNode } from "./syntax.ts";

/** A member as it is written: `.text` or `["a b"]`. */
export interface Member {
  readonly name: string;
  readonly node: AttributeNode | IndexNode;
}

/** What follows a value by `.`, `[…]` and `(…)`, from the inside out: the links of `row.tags[0].upper()`. */
export interface Access {
  readonly root: ExpressionNode;
  readonly links: readonly Link[];
  /** The members at the front that are fixed and are not methods being called. */
  readonly members: readonly Member[];
  /** The labels of an `.at(…)` after them. */
  readonly at: { readonly [axis: string]: string } | null;
}

export type Link = AttributeNode | IndexNode | SliceNode | CallNode;

/** Takes an expression of links apart. */
export function accessOf(node: Link, source: string): Access {
  const links: Link[] = [];
  let root: ExpressionNode = node;
  while (isLink(root)) {
    links.unshift(root);
    root = root.kind === "call" ? root.callee : root.object;
  }
  const members: Member[] = [];
  for (const [place, link] of links.entries()) {
    const next = links[place + 1];
    if (link.kind === "attribute") {
      if (next?.kind === "call") return { root, links, members, at: link.name === "at" ? labels(next, source) : null };
      members.push({ name: link.name, node: link });
    } else if (link.kind === "index" && link.index.kind === "literal" && typeof link.index.value === "string") {
      members.push({ name: link.index.value, node: link });
    } else break;
  }
  return { root, links, members, at: null };
}

export function isLink(node: ExpressionNode): node is Link {
  return node.kind === "attribute" || node.kind === "index" || node.kind === "slice" || node.kind === "call";
}

/** True for `.at(…)`, through which an absent value is read like a member's. */
export function isAtCall(node: CallNode): boolean {
  return node.callee.kind === "attribute" && node.callee.name === "at";
}

/** The axis labels of an `.at(…)`, as they are written. */
export function labels(call: CallNode, source: string): { readonly [axis: string]: string } {
  return Object.fromEntries(call.named.map(({ name, value }) => [name, label(value, source) ?? ""]));
}

/** True where nothing follows the value but fixed members and perhaps one `.at(…)` after them. */
export function isFixed({ links, members, at }: Access): boolean {
  return members.length + (at === null ? 0 : 2) === links.length;
}

/** What `meta(triage.correct)` is about, or null where it is no name with members. */
export function metaSubject(call: CallNode, source: string): { root: NameNode; access: Access | null } | null {
  const [subject] = call.positional;
  if (subject === undefined || call.positional.length > 1 || call.named.length > 0) return null;
  if (subject.kind === "name") return { root: subject, access: null };
  if (!isLink(subject)) return null;
  const access = accessOf(subject, source);
  return access.root.kind === "name" && isFixed(access) ? { root: access.root, access } : null;
}
