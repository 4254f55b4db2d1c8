import { filterAliases, filters } from "./filters.ts";
import { Fault, type Span } from "./language-error.ts";
import type { LanguageRecord, Result, Scope } from "./language-value.ts";
import { Meter, type Limits } from "./meter.ts";
import { suggestion } from "./nearest-name.ts";
import { predicateAliases, predicates } from "./predicates.ts";
import type { Context, Filter, Predicate } from "./signature.ts";
import type { Role } from "./syntax.ts";
import type { Message } from "#server/notebook/value.ts";

/** A slot nothing has been put in, or a name that has not been asked for. */
export const unset: unique symbol = Symbol("unset");

/** The variables of one activation of a template or macro. */
export class Frame {
  readonly slots: (Result | Fragment | typeof unset)[];
  readonly parent: Frame | null;

  constructor(size: number, parent: Frame | null) {
    this.slots = [];
    for (let slot = 0; slot < size; slot += 1) this.slots.push(unset);
    this.parent = parent;
  }
}

/** Where in a text a message begins, or messages stand. */
export type Mark =
  | { readonly kind: "role"; readonly offset: number; readonly role: Role }
  | { readonly kind: "messages"; readonly offset: number; readonly messages: readonly Message[] };

/** Text of a macro or block that has marks of messages in it: it can be printed, and nothing else. */
export class Fragment {
  readonly text: string;
  readonly marks: readonly Mark[];

  constructor(text: string, marks: readonly Mark[]) {
    this.text = text;
    this.marks = marks;
  }
}

/** One evaluation: its meter, output, and the names it has read. */
export class Runtime extends Meter implements Context {
  output = "";
  /** Null where roles are text like any other. */
  marks: Mark[] | null = null;
  /** Where in the output values were printed; null where nobody asks, and in what is captured. */
  printed: Span[] | null = null;
  /** The part of the source at work, blamed for a fault. */
  site: Span;
  private readonly scope: Scope;
  private readonly names: readonly string[];
  private readonly globals: (Result | typeof unset)[];
  private written = 0;
  private depth = 0;

  constructor(scope: Scope, names: readonly string[], limits: Partial<Limits> | undefined, site: Span) {
    super(limits);
    this.scope = scope;
    this.names = names;
    this.globals = names.map(() => unset);
    this.site = site;
  }

  /** A name of the scope, asked for once. */
  read(place: number): Result {
    const value = this.globals[place];
    if (value !== unset) return value;
    const found = this.scope.get(this.names[place]!);
    this.globals[place] = found;
    return found;
  }

  /** All results of a name, where the scope knows it so. */
  readAll(place: number): Result {
    return this.scope.all?.(this.names[place]!);
  }

  /** A name of the scope at fixed labels, where the scope knows it so. */
  readAt(name: string, labels: LanguageRecord): Result {
    return this.scope.at?.(name, labels);
  }

  scopeNames(): Iterable<string> {
    return this.scope.names?.() ?? [];
  }

  write(text: string): void {
    this.written += text.length;
    if (this.written > this.limits.output) this.room(this.written);
    this.output += text;
  }

  writeFragment({ text, marks }: Fragment): void {
    const offset = this.output.length;
    this.write(text);
    for (const mark of marks) this.marks?.push({ ...mark, offset: mark.offset + offset });
  }

  /** What `body` writes, instead of writing it. */
  capture(body: () => void): string | Fragment {
    const { output, marks, printed, written } = this;
    this.output = "";
    this.written = 0;
    this.printed = null;
    if (marks !== null) this.marks = [];
    body();
    const text = this.output;
    const inner = this.marks;
    this.output = output;
    this.marks = marks;
    this.printed = printed;
    this.written = written;
    this.spend(text.length >> 4);
    return inner === null || inner.length === 0 ? text : new Fragment(text, inner);
  }

  /** Runs the body of a macro, one level deeper. */
  deeper<T>(body: () => T): T {
    // A call costs about as much as ten operations.
    this.spend(10);
    this.depth += 1;
    this.descend(this.depth, this.limits.depth);
    const result = body();
    this.depth -= 1;
    return result;
  }

  filter(name: string): Filter {
    return known("filter", filterAliases.get(name) ?? name, filters);
  }

  predicate(name: string): Predicate {
    return known("test", predicateAliases.get(name) ?? name, predicates);
  }
}

function known<T>(what: string, name: string, all: ReadonlyMap<string, T>): T {
  const found = all.get(name);
  if (found !== undefined) return found;
  throw new Fault("language.undefined", `there is no ${what} \`${name}\`${suggestion(name, all.keys())}`);
}
