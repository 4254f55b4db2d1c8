import type { NameNode, Statement, Target } from "./syntax.ts";

/** What is known of a name at a point of a block: not set yet, set on some ways here, or set on all. */
export type State = "unset" | "maybe" | "set";

export interface Variable {
  readonly slot: number;
  state: State;
  used: boolean;
}

/** The variables of one activation: a template, or a macro. */
export class FunctionScope {
  slots = 0;
}

/** A block with names of its own. `if` is none, as in Jinja. */
export class BlockScope {
  readonly variables = new Map<string, Variable>();
  readonly parent: BlockScope | null;
  readonly owner: FunctionScope;

  constructor(parent: BlockScope | null, owner: FunctionScope) {
    this.parent = parent;
    this.owner = owner;
  }

  declare(name: string, state: State): Variable {
    let variable = this.variables.get(name);
    if (variable === undefined) {
      variable = { slot: this.owner.slots, state, used: false };
      this.owner.slots += 1;
      this.variables.set(name, variable);
    }
    if (state === "set") variable.state = state;
    return variable;
  }

  /** All names seen from here, for suggestions. */
  *visible(): Iterable<string> {
    yield* this.variables.keys();
    if (this.parent !== null) yield* this.parent.visible();
  }

  states(): ReadonlyMap<string, State> {
    return new Map([...this.variables].map(([name, { state }]) => [name, state]));
  }

  /** Sets the states to what they are after one of several ways was taken. */
  join(ways: readonly ReadonlyMap<string, State>[]): void {
    for (const [name, variable] of this.variables) {
      const states = new Set(ways.map((way) => way.get(name) ?? "unset"));
      variable.state = states.size > 1 ? "maybe" : [...states][0]!;
    }
  }

  restore(states: ReadonlyMap<string, State>): void {
    for (const [name, variable] of this.variables) variable.state = states.get(name) ?? "unset";
  }
}

/** The names a block assigns somewhere outside the blocks within it. */
export function assignedNames(body: readonly Statement[]): readonly string[] {
  return body.flatMap((statement) => {
    switch (statement.kind) {
      case "set":
        return targetNames(statement.target).map(({ name }) => name);
      case "set-block":
        return [statement.target.name];
      case "macro":
        return [statement.name.name];
      case "if":
        return [...statement.branches.map(({ body }) => body), statement.otherwise ?? []].flatMap(assignedNames);
      default:
        return [];
    }
  });
}

/** The names a target binds; a member's object is read and not bound. */
function targetNames(target: Target): readonly NameNode[] {
  switch (target.kind) {
    case "name":
      return [target];
    case "tuple":
      return target.items.flatMap(targetNames);
    case "member":
      return [];
  }
}
