import { isReservedName, isWordingLabel, nameProblem } from "../names.ts";
import { reservedKinds, type CellForm, type CellForms } from "../cell-forms.ts";
import { nearestName } from "../nearest-name.ts";
import type { Diagnostic } from "../notebook.ts";

type Finding = Pick<Diagnostic, "severity" | "code" | "message"> & { readonly cure: string };

/** What a fence's info string makes of it: a cell, or prose; either may have something wrong. */
export interface FenceInfo {
  readonly cell: {
    readonly kind: string;
    readonly form: CellForm | null;
    readonly known: boolean;
    readonly name: string;
    readonly label: string | null;
  } | null;
  readonly findings: readonly Finding[];
}

const prose: FenceInfo = { cell: null, findings: [] };
const vendorKind = /^[A-Za-z][A-Za-z0-9_-]*\/[A-Za-z][A-Za-z0-9_-]*$/;

/** Kinds whose words also name languages in code examples: without a name these are no slip. */
const languageWords: ReadonlySet<string> = new Set(["sql", "js", "data"]);

/** True for a word that can open a cell: a kind, one reserved for later, or somebody else's, `vendor/kind`. */
export function isKindWord(word: string, forms: CellForms): boolean {
  return forms.has(word) || reservedKinds.includes(word) || vendorKind.test(word);
}

/** Reads an info string without white space around it. Exactly `kind name` or `kind name.label` is a cell. */
export function readFenceInfo(info: string, forms: CellForms): FenceInfo {
  const [word = "", name, ...more] = info.split(/[ \t]+/);
  const kind = word.toLowerCase();
  if (more.length > 0)
    return forms.has(word) && !languageWords.has(word) && isName(name!) ? extraWords(word, name!) : prose;
  if (!isKindWord(isKindWord(word, forms) ? word : kind, forms)) return likelyMeant(word, name, forms);
  if (name === undefined) return forms.has(word) && !languageWords.has(word) ? unnamed(word) : prose;
  const bare = /^\{(.*)\}$/.exec(name)?.[1];
  if (bare !== undefined && isName(bare) && !languageWords.has(word)) return extraWords(word, bare);
  // `js {3-5}` and `sql title=…` are another tool's notes on a code example.
  if (/[{}=:"'<>]/.test(name)) return prose;
  if (!isKindWord(word, forms))
    return noKind("notebook.kind-case", word, `Write the kind in lower case: \`${kind} ${name}\`.`);

  const form = forms.get(word) ?? null;
  const known = form !== null;
  const point = name.indexOf(".");
  const own = point === -1 ? name : name.slice(0, point);
  const label = point === -1 ? null : name.slice(point + 1);
  const problem = nameProblem(own, "a cell");
  if (problem !== null && !isReservedName(own)) return known ? failed(problem) : prose;
  if (label !== null && !isWordingLabel(label)) return known ? failed(badLabel(name, own)) : prose;
  const findings: Finding[] = problem === null ? [] : [{ severity: "error", ...problem }];
  if (!known) findings.push(unknownKind(word, own));
  return { cell: { kind: word, form, known, name: own, label }, findings };
}

function failed(problem: { readonly code: string; readonly message: string; readonly cure: string }): FenceInfo {
  return { cell: null, findings: [{ severity: "error", ...problem }] };
}

function unnamed(word: string): FenceInfo {
  return {
    cell: null,
    findings: [
      {
        severity: "warning",
        code: "notebook.unnamed-cell",
        message: `this fence of kind \`${word}\` has no name, so it is prose`,
        cure: `Name it: \`${word} my_${word}\`.`,
      },
    ],
  };
}

function extraWords(word: string, name: string): FenceInfo {
  const message = "this fence says more than a kind and a name, so it is prose";
  const cure = `Leave \`${word} ${name}\`, or write it otherwise if it is an example.`;
  return { cell: null, findings: [{ severity: "warning", code: "notebook.extra-words", message, cure }] };
}

/** Prose, with a warning where the info string looks like a cell's with a slip in its kind. */
function likelyMeant(word: string, name: string | undefined, forms: CellForms): FenceInfo {
  if (name === undefined || !isName(name)) return prose;
  const kind = nearestKind(word.toLowerCase(), forms);
  return kind === null ? prose : noKind("notebook.kind-misspelt", word, `Did you mean \`${kind}\`?`);
}

/** Whether a cell or a wording may be called that. */
function isName(name: string): boolean {
  const [own = "", label, ...more] = name.split(".");
  return nameProblem(own, "a cell") === null && more.length === 0 && (label === undefined || isWordingLabel(label));
}

function nearestKind(word: string, forms: CellForms): string | null {
  if (languagesLikeKinds.has(word)) return null;
  if (word.length > 3) return nearestName(word, forms.keys());
  // With one other letter a word so short is another language (`jsx`, `gql`): only swapped letters are a slip.
  const letters = [...word].toSorted().join("");
  return [...forms.keys()].find((kind) => [...kind].toSorted().join("") === letters) ?? null;
}

/** Words of more than three letters that name languages, by highlight.js, Shiki, Linguist and Pygments, and are spelt nearly like a kind. */
const languagesLikeKinds: ReadonlySet<string> = new Set(
  "charity csharp dats dita gsql mata php-template promql psql rest scope tesc tese text tsql vstemplate".split(" "),
);

function noKind(code: string, word: string, cure: string): FenceInfo {
  const message = `\`${word}\` is not a kind of cell, so this fence is prose`;
  return { cell: null, findings: [{ severity: "warning", code, message, cure }] };
}

function badLabel(name: string, own: string): { code: string; message: string; cure: string } {
  return {
    code: "notebook.name",
    message: `\`${name}\` cannot be the name of a wording`,
    cure: `Use letters, digits, \`_\` and \`-\` behind the point: \`${own}.short\`.`,
  };
}

function unknownKind(kind: string, name: string): Finding {
  return {
    severity: "error",
    code: "notebook.unknown-kind",
    message: `no kind of cell \`${kind}\` is known here, so \`${name}\` cannot be computed`,
    cure: "The cell is kept as it is; open the notebook with a release that knows the kind.",
  };
}
