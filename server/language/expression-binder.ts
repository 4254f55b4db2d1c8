import { accessOf, isAtCall, isFixed, isLink, metaSubject, type Link } from "./access-path.ts";
import type { Binding, Use } from "./binding.ts";
import { filters } from "./filters.ts";
import { functions } from "./functions.ts";
import { syntaxError } from "./language-error.ts";
import type { Signature } from "./signature.ts";
import type { Arguments, CallNode, ExpressionNode, NameNode } from "./syntax.ts";
import {
  argumentTolerance,
  filterOperandTolerance,
  leftTolerance,
  testOperandTolerance,
  type Tolerance,
} from "./tolerance.ts";
import { BlockScope, FunctionScope } from "./variables.ts";

/** Finds what the names of expressions mean where they stand. */
export class ExpressionBinder {
  readonly bindings = new Map<NameNode, Binding>();
  readonly names: string[] = [];
  readonly uses: Use[] = [];
  protected scope = new BlockScope(null, new FunctionScope());
  private readonly source: string;
  private readonly aggregated = new Set<NameNode>();
  private readonly places = new Map<string, number>();

  constructor(source: string) {
    this.source = source;
  }

  protected argumentsOf({ positional, named }: Arguments, tolerance: Tolerance): void {
    for (const argument of positional) this.visit(argument, tolerance);
    for (const { value } of named) this.visit(value, tolerance);
  }

  /** Binds the names of an expression that is read with a tolerance for what is absent. */
  visit(node: ExpressionNode, tolerance: Tolerance): void {
    switch (node.kind) {
      case "literal":
        break;
      case "name":
        this.use(node, { members: [], at: null }, tolerance, false);
        break;
      case "attribute":
      case "index":
      case "slice":
      case "call":
        this.access(node, tolerance);
        break;
      case "list":
        for (const item of node.items) this.visit(item, "strict");
        break;
      case "dictionary":
        for (const { key, value } of node.entries) {
          this.visit(key, "strict");
          this.visit(value, "strict");
        }
        break;
      case "filter":
        if (node.filter.positional.length + node.filter.named.length === 0)
          this.markAggregated(filters.get(node.filter.name), [node.operand]);
        this.visit(node.operand, filterOperandTolerance(node));
        this.argumentsOf(node.filter, "strict");
        break;
      case "test":
        this.visit(node.operand, testOperandTolerance(node));
        this.argumentsOf(node, "strict");
        break;
      case "not":
      case "sign":
        this.visit(node.operand, "strict");
        break;
      case "arithmetic":
        this.visit(node.left, "strict");
        this.visit(node.right, "strict");
        break;
      case "logical":
        this.visit(node.left, leftTolerance(node, tolerance));
        this.visit(node.right, tolerance);
        break;
      case "comparison":
        this.visit(node.first, "strict");
        for (const { operand } of node.rest) this.visit(operand, "strict");
        break;
      case "conditional":
        this.visit(node.condition, "strict");
        this.visit(node.then, tolerance);
        if (node.otherwise !== null) this.visit(node.otherwise, tolerance);
        break;
    }
  }

  private access(node: Link, tolerance: Tolerance): void {
    const access = accessOf(node, this.source);
    const { root, links } = access;
    const [first] = links;
    let called: string | null = null;
    if (root.kind !== "name") this.visit(root, rootTolerance(links, tolerance));
    else if (first?.kind !== "call") this.use(root, access, rootTolerance(links, tolerance), false);
    else {
      const binding = this.bind(root);
      if (binding.slots.length === 0) called = root.name;
      if (called === "meta") return this.meta(first, links, tolerance);
      if (called === null || !functions.has(called)) this.record(root, binding, access, tolerance, false);
    }
    for (const link of links) this.link(link, link === first ? called : null);
  }

  private link(link: Link, called: string | null): void {
    switch (link.kind) {
      case "attribute":
        break;
      case "index":
        this.visit(link.index, "strict");
        break;
      case "slice":
        for (const part of [link.from, link.to, link.step]) if (part !== null) this.visit(part, "strict");
        break;
      case "call":
        this.markAggregated(called === null ? undefined : functions.get(called), link.positional);
        this.argumentsOf(link, argumentTolerance(called));
        break;
    }
  }

  /** What stands alone in an aggregate is read with all its results; `max(a, b)` compares two values, and `sum(a[:3])` adds up elements. */
  private markAggregated(signature: Signature | undefined, read: readonly ExpressionNode[]): void {
    if (signature?.aggregates !== read.length) return;
    for (const node of read) {
      const access = isLink(node) ? accessOf(node, this.source) : null;
      const root = access === null ? node : access.root;
      if (root.kind === "name" && (access === null || isFixed(access))) this.aggregated.add(root);
    }
  }

  private meta(call: CallNode, links: readonly Link[], tolerance: Tolerance): void {
    const subject = metaSubject(call, this.source);
    if (subject === null)
      throw syntaxError(this.source, call, "`meta` takes the name of a cell", "Write `meta(topic).cost`.");
    this.use(subject.root, subject.access ?? { members: [], at: null }, tolerance, true);
    for (const link of links.slice(1)) this.link(link, null);
  }

  private use(node: NameNode, access: Pick<Use, "members" | "at">, tolerance: Tolerance, meta: boolean): void {
    this.record(node, this.bind(node), access, tolerance, meta);
  }

  private record(
    node: NameNode,
    binding: Binding,
    { members, at }: Pick<Use, "members" | "at">,
    tolerance: Tolerance,
    meta: boolean,
  ): void {
    if (binding.free === null) return;
    this.uses.push({
      node,
      members,
      at,
      tolerant: tolerance !== "strict",
      meta,
      aggregated: this.aggregated.has(node),
      maybeBound: binding.slots.length > 0,
    });
  }

  private bind(node: NameNode): Binding {
    const { scope: here } = this;
    const slots: { hops: number; slot: number }[] = [];
    let bound = false;
    let hops = 0;
    for (let scope: BlockScope | null = here; scope !== null && !bound; scope = scope.parent) {
      const variable = scope.variables.get(node.name);
      // A macro is called later than it is read: it sees what the template around it sets further down.
      if (variable !== undefined && (variable.state !== "unset" || hops > 0)) {
        variable.used = true;
        slots.push({ hops, slot: variable.slot });
        bound = variable.state !== "maybe";
      }
      if (scope.parent !== null && scope.parent.owner !== scope.owner) hops += 1;
    }
    const free = bound ? null : this.place(node.name);
    const binding = { slots, free, aggregated: this.aggregated.has(node), visible: () => here.visible() };
    this.bindings.set(node, binding);
    return binding;
  }

  private place(name: string): number {
    let place = this.places.get(name);
    if (place === undefined) {
      place = this.names.length;
      this.names.push(name);
      this.places.set(name, place);
    }
    return place;
  }
}

/** What a slice or a method is taken of must be there; members and `.at(…)` pass on how the whole is read. */
function rootTolerance(links: readonly Link[], tolerance: Tolerance): Tolerance {
  const passed = links.every((link, place) => {
    if (link.kind === "attribute" || link.kind === "index") return true;
    return link.kind === "call" && place > 0 && isAtCall(link);
  });
  return passed ? tolerance : "strict";
}
