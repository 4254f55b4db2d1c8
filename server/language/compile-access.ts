import { isAtCall, labels, metaSubject } from "./access-path.ts";
import { compileNamed, excerpt, settled, type Compilation, type Evaluate } from "./compiler.ts";
import { functions } from "./functions.ts";
import { Fault } from "./language-error.ts";
import {
  HostFunction,
  isHost,
  isRecord,
  kindOf,
  skipped,
  type LanguageRecord,
  type LanguageValue,
  type Result,
} from "./language-value.ts";
import { attribute, member, slice } from "./lists.ts";
import { callMethod, methodNames } from "./methods.ts";
import { suggestion } from "./nearest-name.ts";
import { Fragment, unset, type Frame, type Runtime } from "./runtime.ts";
import { arrangeValues } from "./signature.ts";
import type { AttributeNode, CallNode, ExpressionNode, IndexNode, NameNode, SliceNode } from "./syntax.ts";
import { argumentTolerance, calledName, type Tolerance } from "./tolerance.ts";

/** Makes a member, element, slice or call ready. */
export function compileAccess(
  node: AttributeNode | IndexNode | SliceNode | CallNode,
  tolerance: Tolerance,
  context: Compilation,
): Evaluate {
  switch (node.kind) {
    case "attribute":
      return compileAttribute(node, tolerance, context);
    case "index":
      return compileIndex(node, tolerance, context);
    case "slice":
      return compileSlice(node, context);
    case "call":
      return whole(compileCall(node, tolerance, context), node);
  }
}

/** Reads a name: from the first slot that is set, or from the scope. */
export function compileName(node: NameNode, tolerance: Tolerance, context: Compilation): Evaluate {
  const { name } = node;
  const { free, visible } = context.binding(node);
  const find = compileVariable(node, context);
  const missing = (run: Runtime) => {
    if (free === null) return new Fault("language.undefined", `\`${name}\` has no value here`);
    const hint = suggestion(name, [...visible(), ...run.scopeNames()]);
    const cure = hint === "" && functions.has(name) ? `\`${name}\` is a function: \`${name}(…)\`.` : undefined;
    return new Fault("language.undefined", `\`${name}\` is not defined${hint}`, cure);
  };
  const read: Evaluate = (run, frame) => {
    const value = find(run, frame) as Result;
    if (value !== undefined && value !== skipped) return value;
    return settled(value, tolerance, run, node, missing, `\`${name}\``);
  };
  return context.binding(node).slots.length === 0 ? read : whole(read, node);
}

/** The value of a name as it is kept, text with messages in it included. */
function compileVariable(node: NameNode, context: Compilation): (run: Runtime, frame: Frame) => Result | Fragment {
  const { slots, free, aggregated } = context.binding(node);
  const [first] = slots;
  if (first === undefined)
    return aggregated ? (run) => run.readAll(free!) ?? run.read(free!) : (run) => run.read(free!);
  if (slots.length === 1 && first.hops === 0 && free === null) {
    const { slot } = first;
    return (_, frame) => {
      const value = frame.slots[slot];
      return value === unset ? undefined : value;
    };
  }
  return (run, frame) => {
    for (const { hops, slot } of slots) {
      let owner = frame;
      for (let hop = 0; hop < hops; hop += 1) owner = owner.parent!;
      const value = owner.slots[slot];
      if (value !== unset) return value;
    }
    return free === null ? undefined : run.read(free);
  };
}

/** What a print tag writes: like any expression, but text with messages in it is kept whole. */
export function compilePrinted(
  node: ExpressionNode,
  context: Compilation,
): (run: Runtime, frame: Frame) => Result | Fragment {
  if (node.kind === "call") return compileCall(node, "strict", context);
  const read = context.compile(node, "strict");
  if (node.kind !== "name" || context.binding(node).slots.length === 0) return read;
  const find = compileVariable(node, context);
  return (run, frame) => {
    const value = find(run, frame);
    return value instanceof Fragment ? value : read(run, frame);
  };
}

/** Refuses text with messages in it, which is good only for printing. */
function whole(evaluate: (run: Runtime, frame: Frame) => Result | Fragment, site: ExpressionNode): Evaluate {
  return (run, frame) => {
    const value = evaluate(run, frame);
    if (!(value instanceof Fragment)) return value;
    run.site = site;
    throw new Fault(
      "language.type",
      "this has messages in it (a role such as `user:` on a line) and can only be printed",
      "Print it alone: `{{ … }}`.",
    );
  };
}

function compileAttribute(node: AttributeNode, tolerance: Tolerance, context: Compilation): Evaluate {
  const object = context.compile(node.object, tolerance);
  const { name } = node;
  const site = { start: node.nameStart, end: node.end };
  const what = excerpt(context.source, node);
  return (run, frame) => {
    const owner = object(run, frame);
    if (owner === skipped) return skipped;
    const value = attribute(owner, name);
    if (value !== undefined && value !== skipped) return value;
    return settled(value, tolerance, run, site, () => noMember(owner, name, node.object, context), what);
  };
}

function compileIndex(node: IndexNode, tolerance: Tolerance, context: Compilation): Evaluate {
  const object = context.compile(node.object, tolerance);
  const index = context.compile(node.index, "strict");
  const what = excerpt(context.source, node);
  return (run, frame) => {
    const owner = object(run, frame);
    const key = index(run, frame) as LanguageValue;
    if (owner === skipped) return skipped;
    run.site = node.index;
    const value = member(owner, key, run);
    if (value !== undefined && value !== skipped) return value;
    return settled(value, tolerance, run, node.index, () => noMember(owner, key, node.object, context), what);
  };
}

function noMember(owner: Result, key: LanguageValue, object: ExpressionNode, context: Compilation): Fault {
  const what = excerpt(context.source, object);
  const shown = typeof key === "string" ? `\`${key}\`` : typeof key === "number" ? `element ${key}` : kindOf(key);
  if (owner === null || owner === undefined)
    return new Fault("language.undefined", `${what} is ${kindOf(owner)} and has no ${shown}`);
  const names = isHost(owner) ? (owner.names?.() ?? []) : isRecord(owner) ? Object.keys(owner) : [];
  const hint = typeof key === "string" ? suggestion(key, names) : "";
  const cure = typeof key === "string" && methodNames.includes(key) ? `\`.${key}(…)\` calls the method.` : undefined;
  return new Fault("language.undefined", `${what} has no ${shown}${hint}`, cure);
}

function compileSlice(node: SliceNode, context: Compilation): Evaluate {
  const object = context.compile(node.object, "strict");
  const [from, to, step] = [node.from, node.to, node.step].map((part) =>
    part === null ? null : context.compile(part, "strict"),
  );
  return (run, frame) => {
    const owner = object(run, frame);
    const first = from?.(run, frame);
    const last = to?.(run, frame);
    const by = step?.(run, frame);
    run.site = node;
    run.spend(1);
    return slice(owner, first, last, by, run);
  };
}

function compileCall(
  node: CallNode,
  tolerance: Tolerance,
  context: Compilation,
): (run: Runtime, frame: Frame) => Result | Fragment {
  const call = compileCallee(node, tolerance, context);
  const missing = () => new Fault("language.undefined", `${excerpt(context.source, node)} gives nothing`);
  const what = excerpt(context.source, node);
  return (run, frame) => {
    const value = call(run, frame);
    if (value !== undefined && value !== skipped) return value;
    return settled(value, tolerance, run, node, missing, what);
  };
}

function compileCallee(
  node: CallNode,
  tolerance: Tolerance,
  context: Compilation,
): (run: Runtime, frame: Frame) => Result | Fragment {
  const { callee } = node;
  if (isAtCall(node) && callee.kind === "attribute") return compileAt(node, callee, tolerance, context);
  const name = calledName(node);
  const global = callee.kind === "name" && context.binding(callee).slots.length === 0;
  if (global && name === "meta") return compileMeta(node, callee, context);
  const builtIn = global && name !== null ? functions.get(name) : undefined;
  const argument = node.positional.map((one) =>
    context.compile(one, argumentTolerance(builtIn === undefined ? null : name)),
  );
  const positional = (run: Runtime, frame: Frame) => argument.map((one) => one(run, frame));
  const named = compileNamed(node.named, context);
  if (builtIn !== undefined)
    return (run, frame) => {
      const values = positional(run, frame);
      const namedValues = named(run, frame);
      run.site = node;
      run.spend(1);
      if (builtIn.variadic === true) return builtIn.call(values, run, namedValues);
      return builtIn.call(arrangeValues(builtIn, values, namedValues), run, {});
    };
  if (callee.kind === "attribute") {
    const object = context.compile(callee.object, "strict");
    const site = { start: callee.nameStart, end: node.end };
    return (run, frame) => {
      const owner = object(run, frame) as LanguageValue;
      const values = positional(run, frame) as LanguageValue[];
      const namedValues = named(run, frame);
      run.site = site;
      run.spend(1);
      const own = attribute(owner, callee.name);
      if (own instanceof HostFunction) return invoke(own, values, namedValues, run);
      return callMethod(owner, callee.name, values, namedValues, run);
    };
  }
  const target = context.compile(callee, "strict");
  return (run, frame) => {
    const value = target(run, frame);
    const values = positional(run, frame) as LanguageValue[];
    const namedValues = named(run, frame);
    run.site = node;
    run.spend(1);
    if (value instanceof HostFunction) return invoke(value, values, namedValues, run);
    throw new Fault("language.type", `${excerpt(context.source, callee)} is ${kindOf(value)} and cannot be called`);
  };
}

/** A function that needs the evaluation it is called in: a macro. */
export class Macro extends HostFunction {
  readonly run: (
    positional: readonly LanguageValue[],
    named: LanguageRecord,
    run: Runtime,
    caller?: Macro,
  ) => string | Fragment;

  constructor(name: string, run: Macro["run"]) {
    super(name, () => {
      throw new Fault("language.type", `the macro \`${name}\` can only be called in its own template`);
    });
    this.run = run;
  }
}

function invoke(
  callee: HostFunction,
  positional: readonly LanguageValue[],
  named: LanguageRecord,
  run: Runtime,
): Result | Fragment {
  return callee instanceof Macro ? callee.run(positional, named, run) : callee.call(positional, named);
}

function compileAt(node: CallNode, callee: AttributeNode, tolerance: Tolerance, context: Compilation): Evaluate {
  const object = context.compile(callee.object, tolerance);
  const at = labels(node, context.source);
  const site = { start: callee.nameStart, end: node.end };
  const root = callee.object;
  const name = root.kind === "name" && context.binding(root).slots.length === 0 ? root : null;
  const { aggregated = false, free = null } = name === null ? {} : context.binding(name);
  return (run, frame) => {
    const all = aggregated ? run.readAll(free!) : undefined;
    const fixed = name === null || all !== undefined ? undefined : run.readAt(name.name, at);
    if (fixed !== undefined) return fixed;
    const owner = object(run, frame);
    if (owner === undefined || owner === skipped) return owner;
    run.site = site;
    run.spend(1);
    if (tolerance === "optional" && isHost(owner)) return owner.method?.("at", [], at);
    return callMethod(owner, "at", [], at, run);
  };
}

/** `meta(name)` does not read the name: the scope's `meta` gives the facts. A function gets the name as it is written and the labels; a mapping is by name alone. */
function compileMeta(node: CallNode, callee: ExpressionNode, context: Compilation): Evaluate {
  const { root, access } = metaSubject(node, context.source)!;
  const path = [root.name, ...(access?.members ?? []).map(({ name }) => name)].join(".");
  const at = access?.at ?? {};
  const meta = context.compile(callee, "strict");
  return (run, frame) => {
    const facts = meta(run, frame);
    run.site = node;
    if (facts instanceof HostFunction) return facts.call([path], at);
    if (Object.keys(at).length === 0) return member(facts, path, run);
    throw new Fault("language.type", "the facts of results are not known by their labels here", "Leave `.at(…)` out.");
  };
}
