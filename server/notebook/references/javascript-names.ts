import { analyze, type Reference as ScopeReference } from "eslint-scope";
import { isNode, parseJavascript, type SyntaxNode } from "./parse-javascript.ts";

/** A name in JavaScript that nothing in the text declares. */
export interface FreeName {
  readonly name: string;
  readonly start: number;
  readonly end: number;
  /** False where it is only assigned to. */
  readonly isRead: boolean;
  /** True in `{ topic }`, where the name is a key as well. */
  readonly isShorthand: boolean;
  /** The fixed attributes behind it, without the method of a call: `correct` of `triage.correct.map(f)`. */
  readonly members: readonly { readonly name: string; readonly start: number; readonly end: number }[];
  /** True where a declaration around this place has the name, so that a free name there would be taken for it. */
  readonly isDeclaredAround: (name: string) => boolean;
}

/** Expressions of TypeScript that wrap one of JavaScript; what else TypeScript adds are types, which read no values. */
const typeScriptChildren: { readonly [type: string]: string[] } = {
  TSAsExpression: ["expression"],
  TSSatisfiesExpression: ["expression"],
  TSNonNullExpression: ["expression"],
  TSTypeAssertion: ["expression"],
  TSInstantiationExpression: ["expression"],
};

/**
 * The free names of a function's body in JavaScript or TypeScript, in the order of the text: not what is declared there, nor
 * attributes, strings, comments and types. Throws `javascript.syntax` with the place where the body does not parse.
 */
export function freeNames(source: string): FreeName[] {
  const tree = parseJavascript(source);
  const parents = new Map<unknown, SyntaxNode>();
  collectParents(tree, parents);
  const manager = analyze(tree as never, {
    ecmaVersion: 2026 as never,
    sourceType: "script",
    nodejsScope: true,
    fallback: ((node: { readonly type: string }) => typeScriptChildren[node.type] ?? []) as never,
  });
  const declared = new Set(enumNames(parents));
  const places = new Map<number, FreeName>();
  for (const reference of manager.globalScope?.through ?? []) {
    const free = toFreeName(reference, parents);
    const known = places.get(free.start);
    // A pattern with a default is listed twice, once for the default.
    if (!declared.has(free.name)) places.set(free.start, known?.isRead === true ? known : free);
  }
  return [...places.values()].sort((left, right) => left.start - right.start);
}

/** Names of TypeScript's enums: the scope analysis knows JavaScript only. */
function enumNames(parents: ReadonlyMap<unknown, SyntaxNode>): string[] {
  return [...parents.keys()].filter(isNode).flatMap((node) => {
    const id = node["id"];
    return node.type === "TSEnumDeclaration" && isNode(id) ? [String(id["name"])] : [];
  });
}

function toFreeName(reference: ScopeReference, parents: ReadonlyMap<unknown, SyntaxNode>): FreeName {
  const identifier = reference.identifier as unknown as SyntaxNode;
  const property = parents.get(identifier);
  const shorthand = property?.type === "AssignmentPattern" ? parents.get(property) : property;
  return {
    name: String(identifier["name"]),
    start: identifier.start,
    end: identifier.start + String(identifier["name"]).length,
    isRead: reference.isRead(),
    isShorthand:
      shorthand?.type === "Property" && shorthand["shorthand"] === true && shorthand.start === identifier.start,
    members: membersOf(identifier, parents),
    isDeclaredAround: (name) => {
      for (let scope = reference.from as typeof reference.from | null; scope !== null; scope = scope.upper)
        if (scope.set.has(name)) return true;
      return false;
    },
  };
}

function membersOf(identifier: SyntaxNode, parents: ReadonlyMap<unknown, SyntaxNode>): FreeName["members"] {
  const members: { name: string; start: number; end: number }[] = [];
  let node = identifier;
  for (;;) {
    const parent = parents.get(node);
    const property = parent?.["property"] as SyntaxNode | undefined;
    if (parent?.type !== "MemberExpression" || parent["object"] !== node || property === undefined) break;
    const { start, end, type, value } = property;
    // `row["first name"]`: the quotes are not the name's.
    if (parent["computed"] !== true && type === "Identifier")
      members.push({ name: String(property["name"]), start, end });
    else if (typeof value === "string") members.push({ name: value, start: start + 1, end: end - 1 });
    else break;
    node = parent;
  }
  const parent = parents.get(node);
  return parent?.type === "CallExpression" && parent["callee"] === node ? members.slice(0, -1) : members;
}

function collectParents(root: SyntaxNode, parents: Map<unknown, SyntaxNode>): void {
  const open: SyntaxNode[] = [root];
  for (let node = open.pop(); node !== undefined; node = open.pop()) {
    for (const child of Object.values(node)) {
      for (const item of Array.isArray(child) ? child : [child]) {
        if (!isNode(item) || parents.has(item)) continue;
        // A shorthand's key and value are one place, and the value is the one that is read.
        parents.set(item, node);
        open.push(item);
      }
    }
  }
}
