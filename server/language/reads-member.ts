import type { Arguments, AttributeNode, Expression, FilterNode, IndexNode, Template } from "./syntax.ts";

/**
 * Whether a template or expression may read a member of this name: `r.topic`, `r["topic"]`, `map(attribute="topic")`. What it reads
 * directly of a free name that `isOther` takes is none.
 */
export function readsMember(
  parsed: Template | Expression,
  member: string,
  isOther: (name: string) => boolean,
): boolean {
  const ofOthers = new Set<unknown>(
    parsed.analysis.uses.filter(({ node }) => isOther(node.name)).map(({ members: [first] }) => first?.node),
  );
  const open: unknown[] = [parsed.kind === "template" ? parsed.body : parsed.root];
  while (open.length > 0) {
    const node = open.pop();
    if (typeof node !== "object" || node === null) continue;
    if (!ofOthers.has(node) && isRead(node as Read, member)) return true;
    open.push(...Object.values(node));
  }
  return false;
}

type Read = AttributeNode | IndexNode | FilterNode;

function isRead(node: Read, member: string): boolean {
  switch (node.kind) {
    case "attribute":
      return node.name === member;
    case "index":
      return isText(node.index, member);
    case "filter":
      return argumentsOf(node.filter).some((argument) => isText(argument, member));
    default:
      return false;
  }
}

function argumentsOf({ positional, named }: Arguments) {
  return [...positional, ...named.map(({ value }) => value)];
}

/** A filter names what is deeper with dots, `topic.score`. */
function isText(node: ReturnType<typeof argumentsOf>[number], member: string): boolean {
  return node.kind === "literal" && typeof node.value === "string" && node.value.split(".").includes(member);
}
