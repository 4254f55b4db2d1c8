import type { Member } from "./access-path.ts";
import type { ForStatement, MacroStatement, NameNode, Statement } from "./syntax.ts";

/** Where a name is found: the first slot that is set, counted in activations outwards; then, where `name` is not null, the scope. */
export interface Binding {
  readonly slots: readonly { readonly hops: number; readonly slot: number }[];
  /** The place in `names`, or null where the template itself always sets the name. */
  readonly free: number | null;
  /** True where it is what an aggregate is taken of. */
  readonly aggregated: boolean;
  /** The template's names seen from here. */
  readonly visible: () => Iterable<string>;
}

/** A free name as it is read. */
export interface Use {
  readonly node: NameNode;
  readonly members: readonly Member[];
  readonly at: { readonly [axis: string]: string } | null;
  readonly tolerant: boolean;
  readonly meta: boolean;
  /** True where it is what an aggregate is taken of. */
  readonly aggregated: boolean;
  /** True where the template may have set the name itself before. */
  readonly maybeBound: boolean;
}

/** What every name of a template or expression means. */
export interface Analysis {
  readonly bindings: ReadonlyMap<NameNode, Binding>;
  /** The free names, each once. */
  readonly names: readonly string[];
  readonly uses: readonly Use[];
  /** The slots of an activation of the template, a macro or the body of a `call`, by its statements. */
  readonly slots: ReadonlyMap<readonly Statement[], number>;
  /** The slots to empty when a block is entered, by its statements. */
  readonly fresh: ReadonlyMap<readonly Statement[], readonly number[]>;
  /** The slot of `loop` in the loops that use it. */
  readonly loops: ReadonlyMap<ForStatement, number>;
  /** The slot of `caller` in a macro. */
  readonly callers: ReadonlyMap<MacroStatement, number>;
}
