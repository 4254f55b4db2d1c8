import { accessOf, isAtCall, metaSubject, type Link } from "./access-path.ts";
import type { Analysis, Binding, Use } from "./binding.ts";
import { functions } from "./functions.ts";
import { syntaxError } from "./language-error.ts";
import type {
  Arguments,
  CallNode,
  ExpressionNode,
  FilterCall,
  ForStatement,
  IfStatement,
  MacroStatement,
  NameNode,
  Parameter,
  Statement,
  Target,
} from "./syntax.ts";
import {
  argumentTolerance,
  filterOperandTolerance,
  leftTolerance,
  testOperandTolerance,
  type Tolerance,
} from "./tolerance.ts";
import { assignedNames, BlockScope, FunctionScope } from "./variables.ts";

/** Finds what every name of a template means. */
export function analyzeTemplate(source: string, body: readonly Statement[]): Analysis {
  const binder = new Binder(source);
  binder.body(body, body);
  return binder;
}

/** Finds what every name of an expression means. */
export function analyzeExpression(source: string, root: ExpressionNode): Analysis {
  const binder = new Binder(source);
  binder.visit(root, "strict");
  return binder;
}

class Binder implements Analysis {
  readonly bindings = new Map<NameNode, Binding>();
  readonly names: string[] = [];
  readonly uses: Use[] = [];
  readonly slots = new Map<readonly Statement[], number>();
  readonly fresh = new Map<readonly Statement[], readonly number[]>();
  readonly loops = new Map<ForStatement, number>();
  readonly callers = new Map<MacroStatement, number>();
  private readonly aggregated = new Set<NameNode>();
  private readonly source: string;
  private readonly places = new Map<string, number>();
  private scope = new BlockScope(null, new FunctionScope());

  constructor(source: string) {
    this.source = source;
  }

  /** Binds a block; `activation` is its statements where it has slots of its own. */
  body(
    body: readonly Statement[],
    activation: readonly Statement[] | null = null,
    bind: () => void = () => {},
  ): BlockScope {
    const outer = this.scope;
    const scope = new BlockScope(outer, activation === null ? outer.owner : new FunctionScope());
    this.scope = scope;
    const assigned = new Set(assignedNames(body));
    this.fresh.set(
      body,
      [...assigned].map((name) => scope.declare(name, "unset").slot),
    );
    bind();
    for (const statement of body) this.statement(statement);
    if (activation !== null) this.slots.set(activation, scope.owner.slots);
    this.scope = outer;
    return scope;
  }

  private statement(statement: Statement): void {
    switch (statement.kind) {
      case "text":
      case "role":
      case "escaped":
        break;
      case "print":
      case "splice":
        this.visit(statement.expression, "strict");
        break;
      case "set":
        this.visit(statement.value, "strict");
        this.assign(statement.target);
        break;
      case "set-block":
        this.body(statement.body);
        this.filters(statement.filters);
        this.assign(statement.target);
        break;
      case "if":
        this.branches(statement);
        break;
      case "for":
        this.loop(statement);
        break;
      case "macro": {
        // Set before its body is read, so that it can call itself.
        this.assign(statement.name);
        const bind = () => this.callers.set(statement, this.scope.declare("caller", "set").slot);
        this.callable(statement.body, statement.parameters, bind);
        break;
      }
      case "call-block":
        this.visit(statement.call, "strict");
        this.callable(statement.body, statement.parameters);
        break;
      case "filter-block":
        this.body(statement.body);
        this.filters(statement.filters);
        break;
      case "with":
        for (const { value } of statement.bindings) this.visit(value, "strict");
        this.body(statement.body, null, () => {
          for (const { target } of statement.bindings) this.assign(target);
        });
        break;
    }
  }

  private branches({ branches, otherwise }: IfStatement): void {
    const ways = [];
    for (const { condition, body } of branches) {
      this.visit(condition, "strict");
      const before = this.scope.states();
      for (const statement of body) this.statement(statement);
      ways.push(this.scope.states());
      this.scope.restore(before);
    }
    for (const statement of otherwise ?? []) this.statement(statement);
    ways.push(this.scope.states());
    this.scope.join(ways);
  }

  private loop(statement: ForStatement): void {
    this.visit(statement.iterable, "strict");
    const scope = this.body(statement.body, null, () => {
      this.assign(statement.target);
      // The condition is asked before there is a `loop`.
      if (statement.condition !== null) this.visit(statement.condition, "strict");
      this.scope.declare("loop", "set");
    });
    const loop = scope.variables.get("loop");
    if (loop?.used === true) this.loops.set(statement, loop.slot);
    if (statement.otherwise !== null) this.body(statement.otherwise);
  }

  private callable(body: readonly Statement[], parameters: readonly Parameter[], bind: () => void = () => {}): void {
    this.body(body, body, () => {
      bind();
      for (const { name, standard } of parameters) {
        if (standard !== null) this.visit(standard, "strict");
        this.assign(name);
      }
    });
  }

  private assign(target: Target): void {
    switch (target.kind) {
      case "name": {
        const { slot } = this.scope.declare(target.name, "set");
        this.bindings.set(target, { slots: [{ hops: 0, slot }], free: null, visible: () => [] });
        break;
      }
      case "tuple":
        for (const item of target.items) this.assign(item);
        break;
      case "member":
        this.visit(target.object, "strict");
        break;
    }
  }

  private filters(calls: readonly FilterCall[]): void {
    for (const call of calls) this.argumentsOf(call, "strict");
  }

  private argumentsOf({ positional, named }: Arguments, tolerance: Tolerance): void {
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
        this.markAggregated(link, called);
        this.argumentsOf(link, argumentTolerance(called));
        break;
    }
  }

  /** What stands alone in an aggregate is read with all its results; `max(a, b)` compares two values. */
  private markAggregated({ positional }: CallNode, called: string | null): void {
    if (
      called === null ||
      !functions.get(called)?.aggregates ||
      positional.length !== functions.get(called)!.aggregates
    )
      return;
    for (const argument of positional) {
      const root = argument.kind === "name" ? argument : isLink(argument) ? accessOf(argument, this.source).root : null;
      if (root?.kind === "name") this.aggregated.add(root);
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
    const binding = { slots, free: bound ? null : this.place(node.name), visible: () => here.visible() };
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

function isLink(node: ExpressionNode): node is Link {
  return node.kind === "attribute" || node.kind === "index" || node.kind === "slice" || node.kind === "call";
}
