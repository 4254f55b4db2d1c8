import type { Use } from "./binding.ts";
import { LanguageError, type Span } from "./language-error.ts";
import { escaped } from "./escaped.ts";
import { isName } from "./is-name.ts";
import { parseExpression, parseTemplate, type TemplateOptions } from "./parse.ts";
import { positionAt } from "./position.ts";
import type { Expression, Template } from "./syntax.ts";

/**
 * The template with every free use of `from` changed to `to`, and nothing else: not what the template binds itself,
 * nor texts, comments, members or argument names that read alike. `from` is a name, or a name and a member of it,
 * `triage.correct`; then `to` is too (`triage.right`, or `right` alone).
 * Throws a `LanguageError` where `to` is no name or means something else at a use.
 */
export function renameInTemplate(source: string, from: string, to: string, options?: TemplateOptions): string {
  return rename(source, from, to, (text) => parseTemplate(text, options));
}

/** The same for an expression. */
export function renameInExpression(source: string, from: string, to: string): string {
  return rename(source, from, to, parseExpression);
}

function rename(source: string, from: string, to: string, parse: (source: string) => Template | Expression): string {
  const [oldName, oldMember] = parts(from);
  const [first, second] = parts(to);
  const newName = oldMember !== null && second === null ? oldName : first;
  const newMember = oldMember !== null && second === null ? first : second;
  if (!isName(newName) || newMember === "" || (newMember === null) !== (oldMember === null))
    throw refused(
      source,
      { start: 0, end: 0 },
      `\`${to}\` cannot replace \`${from}\``,
      "A name is letters, digits and `_`.",
    );
  const uses = inOrder(parse(source));
  const edits: Edit[] = [];
  for (const use of uses.filter((one) => one.node.name === oldName && memberMatches(one, oldMember))) {
    if (use.maybeBound && oldName !== newName)
      throw refused(
        source,
        use.node,
        `\`${oldName}\` is set here on some ways and read from outside on others`,
        "Rename it by hand.",
      );
    if (oldName !== newName) edits.push({ ...use.node, text: newName });
    const member = use.members[0];
    if (member !== undefined && newMember !== null && member.name !== newMember)
      edits.push(
        member.node.kind === "attribute"
          ? attributeEdit(member.node, newMember)
          : { ...member.node.index, text: quoted(newMember) },
      );
  }
  const renamed = applied(source, edits);
  verify(source, uses, inOrder(parse(renamed)), { oldName, oldMember, newName, newMember });
  return renamed;
}

interface Edit extends Span {
  readonly text: string;
}

interface Renaming {
  readonly oldName: string;
  readonly oldMember: string | null;
  readonly newName: string;
  readonly newMember: string | null;
}

function parts(path: string): readonly [string, string | null] {
  const dot = path.indexOf(".");
  return dot < 0 ? [path, null] : [path.slice(0, dot), path.slice(dot + 1)];
}

function memberMatches(use: Use, member: string | null): boolean {
  return member === null || use.members[0]?.name === member;
}

function attributeEdit(node: { dot: number; nameStart: number; end: number }, name: string): Edit {
  return isName(name)
    ? { start: node.nameStart, end: node.end, text: name }
    : { start: node.dot, end: node.end, text: `[${quoted(name)}]` };
}

/** Every use means after the edits what it meant before, or the new name was taken by something else. */
function verify(source: string, before: readonly Use[], after: readonly Use[], renaming: Renaming): void {
  const { oldName, oldMember, newName, newMember } = renaming;
  for (const [place, use] of before.entries()) {
    const renamed = use.node.name === oldName && memberMatches(use, oldMember);
    const now = after[place];
    const name = renamed ? newName : use.node.name;
    const member = renamed && newMember !== null ? newMember : use.members[0]?.name;
    if (
      now?.node.name === name &&
      now.members[0]?.name === member &&
      now.maybeBound === use.maybeBound &&
      now.meta === use.meta
    )
      continue;
    throw refused(
      source,
      use.node,
      `\`${newName}\` means something else here`,
      "Choose a name that the text does not set itself.",
    );
  }
}

function applied(source: string, edits: readonly Edit[]): string {
  let text = "";
  let done = 0;
  for (const edit of [...edits].sort((left, right) => left.start - right.start)) {
    text += source.slice(done, edit.start) + edit.text;
    done = edit.end;
  }
  return text + source.slice(done);
}

function inOrder(parsed: Template | Expression): readonly Use[] {
  return [...parsed.analysis.uses].sort((left, right) => left.node.start - right.node.start);
}

/** A text as it is written in an expression. */
function quoted(text: string): string {
  return `"${escaped(text, '"')}"`;
}

function refused(source: string, span: Span, message: string, cure: string): LanguageError {
  return new LanguageError("language.rename", message, { cure, position: positionAt(source, span.start, span.end) });
}
