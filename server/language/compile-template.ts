import type { Analysis } from "./binding.ts";
import { compilePrinted, Macro } from "./compile-access.ts";
import { compileFilterCall } from "./compile-expression.ts";
import { compileNamed, type Compilation } from "./compiler.ts";
import { Fault, type Span } from "./language-error.ts";
import { kindOf, type LanguageValue, type Result } from "./language-value.ts";
import { elements, isTruthy } from "./lists.ts";
import { LoopValue } from "./loop-value.ts";
import { spliced } from "./messages.ts";
import { Namespace } from "./namespace.ts";
import { Fragment, Frame, unset, type Runtime } from "./runtime.ts";
import { arrangeValues } from "./signature.ts";
import type {
  CallBlockStatement,
  FilterCall,
  ForStatement,
  IfStatement,
  NameNode,
  Parameter,
  Statement,
  Target,
} from "./syntax.ts";
import { textOf } from "./value-text.ts";

/** A statement made ready: writes to the output of an evaluation and sets its variables. */
export type Execute = (run: Runtime, frame: Frame) => void;

/** Makes the statements of a template ready to be rendered many times. */
export class StatementCompiler {
  private readonly context: Compilation;
  private readonly analysis: Analysis;

  constructor(context: Compilation, analysis: Analysis) {
    this.context = context;
    this.analysis = analysis;
  }

  /** Statements, one after the other. */
  sequence(body: readonly Statement[]): Execute {
    const execute = body.map((statement) => this.statement(statement));
    if (execute.length === 1) return execute[0]!;
    return (run, frame) => {
      for (const one of execute) one(run, frame);
    };
  }

  /** Unsets the names a block sets, which it does when it is entered. */
  private enter(body: readonly Statement[]): (frame: Frame) => void {
    const fresh = this.analysis.fresh.get(body) ?? [];
    return (frame) => {
      for (const slot of fresh) frame.slots[slot] = unset;
    };
  }

  /** A block with names of its own. */
  private block(body: readonly Statement[]): Execute {
    const enter = this.enter(body);
    const execute = this.sequence(body);
    return (run, frame) => {
      enter(frame);
      execute(run, frame);
    };
  }

  private statement(statement: Statement): Execute {
    switch (statement.kind) {
      case "text": {
        const { text } = statement;
        return (run) => run.write(text);
      }
      case "print":
        return this.print(compilePrinted(statement.expression, this.context), statement.expression);
      case "if":
        return this.ifStatement(statement);
      case "for":
        return this.forStatement(statement);
      case "set": {
        const value = this.context.compile(statement.value, "strict");
        const assign = this.assign(statement.target);
        return (run, frame) => assign(value(run, frame), run, frame);
      }
      case "set-block": {
        const body = this.block(statement.body);
        const apply = this.filters(statement.filters, statement);
        const slot = this.slot(statement.target);
        return (run, frame) => {
          const captured = run.capture(() => body(run, frame));
          frame.slots[slot] = statement.filters.length === 0 ? captured : apply(captured, run, frame);
        };
      }
      case "macro": {
        const slot = this.slot(statement.name);
        const { parameters, body } = statement;
        const caller = this.analysis.callers.get(statement);
        const define = this.callable({ name: statement.name.name, parameters, body, caller });
        return (_, frame) => {
          frame.slots[slot] = define(frame);
        };
      }
      case "call-block":
        return this.callBlock(statement);
      case "filter-block": {
        const body = this.block(statement.body);
        const apply = this.filters(statement.filters, statement);
        return (run, frame) =>
          run.write(
            textOf(
              apply(
                run.capture(() => body(run, frame)),
                run,
                frame,
              ),
              run,
            ),
          );
      }
      case "with": {
        const bindings = statement.bindings.map(({ target, value }) => ({
          value: this.context.compile(value, "strict"),
          assign: this.assign(target),
        }));
        const enter = this.enter(statement.body);
        const body = this.sequence(statement.body);
        return (run, frame) => {
          const values = bindings.map(({ value }) => value(run, frame));
          enter(frame);
          for (const [place, { assign }] of bindings.entries()) assign(values[place], run, frame);
          body(run, frame);
        };
      }
      case "role": {
        const { role, text } = statement;
        return (run) =>
          run.marks === null ? run.write(text) : void run.marks.push({ kind: "role", offset: run.output.length, role });
      }
      case "escaped": {
        const { text, content } = statement;
        return (run) => run.write(run.marks === null ? text : content);
      }
      case "splice": {
        const { text, expression } = statement;
        const value = this.context.compile(expression, "strict");
        return (run, frame) => {
          if (run.marks === null) return run.write(text);
          const messages = value(run, frame);
          run.site = expression;
          run.marks.push({ kind: "messages", offset: run.output.length, messages: spliced(messages, run) });
        };
      }
    }
  }

  private print(value: (run: Runtime, frame: Frame) => Result | Fragment, site: Span): Execute {
    return (run, frame) => {
      const printed = value(run, frame);
      if (printed instanceof Fragment) return run.writeFragment(printed);
      const start = run.output.length;
      if (typeof printed === "string") run.write(printed);
      else {
        run.site = site;
        run.write(textOf(printed, run));
      }
      run.printed?.push({ start, end: run.output.length });
    };
  }

  private ifStatement({ branches, otherwise }: IfStatement): Execute {
    const compiled = branches.map(({ condition, body }) => ({
      condition: this.context.compile(condition, "strict"),
      // The names set here belong to the block around it.
      body: this.sequence(body),
    }));
    const last = this.sequence(otherwise ?? []);
    return (run, frame) => {
      for (const { condition, body } of compiled) if (isTruthy(condition(run, frame))) return body(run, frame);
      last(run, frame);
    };
  }

  private forStatement(statement: ForStatement): Execute {
    const iterable = this.context.compile(statement.iterable, "strict");
    const assign = this.assign(statement.target);
    const condition = statement.condition === null ? null : this.context.compile(statement.condition, "strict");
    const enter = this.enter(statement.body);
    const body = this.sequence(statement.body);
    const otherwise = this.block(statement.otherwise ?? []);
    const loopSlot = this.analysis.loops.get(statement);
    return (run, frame) => {
      const source = iterable(run, frame);
      run.site = statement.iterable;
      let items = elements(source, run);
      if (condition !== null)
        items = items.filter((item) => {
          assign(item, run, frame);
          return isTruthy(condition(run, frame));
        });
      if (items.length === 0) return otherwise(run, frame);
      const loop = loopSlot === undefined ? null : new LoopValue(items, run);
      for (let place = 0; place < items.length; place += 1) {
        run.site = statement;
        run.spend(1);
        enter(frame);
        assign(items[place], run, frame);
        if (loop !== null) {
          loop.place = place;
          frame.slots[loopSlot!] = loop;
        }
        body(run, frame);
      }
    };
  }

  private callBlock({ call, ...block }: CallBlockStatement): Execute {
    const callee = this.context.compile(call.callee, "strict");
    const positional = call.positional.map((argument) => this.context.compile(argument, "strict"));
    const named = compileNamed(call.named, this.context);
    const caller = this.callable({ name: "caller", ...block });
    return (run, frame) => {
      const macro = callee(run, frame);
      const values = positional.map((argument) => argument(run, frame) as LanguageValue);
      const namedValues = named(run, frame);
      run.site = call;
      if (!(macro instanceof Macro))
        throw new Fault("language.type", `\`call\` needs a macro and got ${kindOf(macro)}`);
      const printed = macro.run(values, namedValues, run, caller(frame));
      if (printed instanceof Fragment) run.writeFragment(printed);
      else run.write(printed);
    };
  }

  /** Makes the macro of an activation: each call of it is an activation within that one. */
  private callable({ name, parameters, body, caller }: Callable): (frame: Frame) => Macro {
    const signature = { name, parameters: parameters.map(({ name }) => `${name.name}?`), summary: "" };
    const assigned = parameters.map(({ name, standard }) => ({
      slot: this.slot(name),
      standard: standard === null ? null : this.context.compile(standard, "strict"),
    }));
    const execute = this.sequence(body);
    const size = this.analysis.slots.get(body)!;
    return (outer) =>
      new Macro(name, (positional, named, run, callerMacro) => {
        const values = arrangeValues(signature, positional, named);
        return run.deeper(() => {
          const frame = new Frame(size, outer);
          if (caller !== undefined) frame.slots[caller] = callerMacro;
          for (const [place, { slot, standard }] of assigned.entries())
            frame.slots[slot] = values[place] === undefined ? standard?.(run, frame) : values[place];
          return run.capture(() => execute(run, frame));
        });
      });
  }

  private filters(calls: readonly FilterCall[], site: Span) {
    const compiled = calls.map((call) => compileFilterCall(call, this.context));
    return (captured: string | Fragment, run: Runtime, frame: Frame): Result => {
      if (captured instanceof Fragment) {
        run.site = site;
        throw new Fault("language.type", "a filter cannot be applied to messages (`user:` on a line)");
      }
      let value: Result = captured;
      for (const apply of compiled) value = apply(value, run, frame);
      return value;
    };
  }

  private slot(node: NameNode): number {
    return this.context.binding(node).slots[0]!.slot;
  }

  private assign(target: Target): (value: Result, run: Runtime, frame: Frame) => void {
    switch (target.kind) {
      case "name": {
        const slot = this.slot(target);
        return (value, _, frame) => {
          frame.slots[slot] = value;
        };
      }
      case "member": {
        const object = this.context.compile(target.object, "strict");
        const { name } = target;
        return (value, run, frame) => {
          const owner = object(run, frame);
          run.site = target;
          if (owner instanceof Namespace) return owner.set(name, value as LanguageValue);
          throw new Fault(
            "language.type",
            `${kindOf(owner)} cannot be changed`,
            "`{% set ns = namespace() %}` makes what can.",
          );
        };
      }
      case "tuple": {
        const items = target.items.map((item) => this.assign(item));
        return (value, run, frame) => {
          run.site = target;
          const values = elements(value, run);
          if (values.length !== items.length)
            throw new Fault(
              "language.type",
              `${values.length} values cannot be taken apart into ${items.length} names`,
            );
          for (const [place, assign] of items.entries()) assign(values[place], run, frame);
        };
      }
    }
  }
}

type Callable = {
  readonly name: string;
  readonly parameters: readonly Parameter[];
  readonly body: readonly Statement[];
  /** The slot of `caller`, where there is one. */
  readonly caller?: number | undefined;
};
