import type { Analysis } from "./binding.ts";
import { ExpressionBinder } from "./expression-binder.ts";
import type {
  ExpressionNode,
  FilterCall,
  ForStatement,
  IfStatement,
  MacroStatement,
  Parameter,
  Statement,
  Target,
} from "./syntax.ts";
import { assignedNames, BlockScope, FunctionScope } from "./variables.ts";

/** Finds what every name of a template means. */
export function analyzeTemplate(source: string, body: readonly Statement[]): Analysis {
  const binder = new TemplateBinder(source);
  binder.body(body, body);
  return binder;
}

/** Finds what every name of an expression means. */
export function analyzeExpression(source: string, root: ExpressionNode): Analysis {
  const binder = new TemplateBinder(source);
  binder.visit(root, "strict");
  return binder;
}

class TemplateBinder extends ExpressionBinder implements Analysis {
  readonly slots = new Map<readonly Statement[], number>();
  readonly fresh = new Map<readonly Statement[], readonly number[]>();
  readonly loops = new Map<ForStatement, number>();
  readonly callers = new Map<MacroStatement, number>();

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
        this.bindings.set(target, { slots: [{ hops: 0, slot }], free: null, aggregated: false, visible: () => [] });
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
}
