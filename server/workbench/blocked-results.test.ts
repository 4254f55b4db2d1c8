import { afterAll, beforeAll, expect, test } from "vitest";
import { isFailed } from "#server/notebook/blocked-by-error.ts";
import { fence, notebookText, testWorkspace, type TestWorkspace } from "#server/runner/__fixtures__/test-workspace.ts";
import type { Session } from "#server/runner/session.ts";
import { blockedResults } from "./blocked-results.ts";

let workspace: TestWorkspace;
beforeAll(async () => void (workspace = await testWorkspace()));
afterAll(() => workspace[Symbol.asyncDispose]());

type Named = { readonly [address: string]: readonly string[] };

const said = (session: Session): Named => {
  session.freshness();
  return Object.fromEntries(blockedResults(session.state));
};

const became = ({ state }: Session): Named =>
  Object.fromEntries(
    [...state.results].flatMap(([address, { outcome, because }]) =>
      outcome === "blocked" ? [[address, because]] : [],
    ),
  );

const template = (name: string, source: string, settings = ""): string =>
  fence(`template ${name}`, settings === "" ? source : `---\n${settings}\n---\n${source}`);
const fails = (name: string, settings = ""): string =>
  fence(`js ${name}`, `${settings === "" ? "" : `---\n${settings}\n---\n`}throw new Error("no luck")`);

interface Case {
  readonly cells: readonly string[];
  /** Cells that have run before one looks. */
  readonly ran?: readonly string[];
  readonly blocked: Named;
}

test.each<[string, Case]>([
  [
    "a mistake, near and far, each by what it reads itself",
    {
      cells: [
        template("bad", "{{ nobody }}"),
        template("near", "{{ bad }}"),
        template("far", "{{ near }} {{ other }}"),
        template("other", "Hi"),
      ],
      blocked: { near: ["bad"], far: ["near"] },
    },
  ],
  [
    "two mistakes, each named once",
    {
      cells: [template("a", "{{ x }}"), template("b", "{{ y }}"), template("c", "{{ a }}{{ b }}{{ a }}")],
      blocked: { c: ["a", "b"] },
    },
  ],
  [
    "a mistake whose facts alone are read",
    { cells: [template("bad", "{{ nobody }}"), template("cost", "{{ meta(bad).cost }}")], blocked: { cost: ["bad"] } },
  ],
  [
    "a mistake in a cell whose errors are values: it has none",
    {
      cells: [template("bad", "{{ nobody }}", "continue_on_error: true"), template("near", "{{ bad }}")],
      blocked: { near: ["bad"] },
    },
  ],
  [
    "cells that read one another: what reads them, and not they",
    {
      cells: [template("a", "{{ b }}"), template("b", "{{ a }}"), template("c", "{{ a }}")],
      blocked: { c: ["a"] },
    },
  ],
  [
    "what a list of rows is computed from: that, for its sheet",
    {
      cells: [fails("made"), template("gone", "{{ made }}"), fence("sheet whole", "---\nrows: =[gone]\n---")],
      ran: ["made"],
      blocked: { gone: ["made"], "whole#rows": ["gone"], whole: ["gone"] },
    },
  ],
  [
    "what only comes after a mistake: not at all",
    {
      cells: [template("bad", "{{ nobody }}"), template("later", "Hi", "after: bad")],
      blocked: {},
    },
  ],
  [
    "a failure, whether or not it is `optional`: that is for what is skipped",
    {
      cells: [fails("broken"), template("near", "{{ broken }}", "optional: broken"), template("far", "{{ near }}")],
      ran: ["broken"],
      blocked: { near: ["broken"], far: ["near"] },
    },
  ],
  [
    "a failure that is a value to its readers: not at all",
    {
      cells: [fails("broken", "continue_on_error: true"), template("near", "{{ broken is none }}")],
      ran: ["broken"],
      blocked: {},
    },
  ],
  [
    "a failure in a reader that goes on with its own errors alone",
    {
      cells: [
        fails("broken"),
        template("near", "{{ broken }}", "continue_on_error: true"),
        template("far", "{{ near }}"),
      ],
      ran: ["broken"],
      blocked: { near: ["broken"], far: ["near"] },
    },
  ],
  [
    "one label that failed: at that label alone, and not where another is read",
    {
      cells: [
        fence("js size", "---\nvary: { n: [1, 2] }\n---\nif (vary.n === 2) throw new Error('two'); return 1"),
        template("each", "{{ size }}"),
        template("first", '{{ size.at(n="1") }}'),
      ],
      ran: ["size"],
      blocked: { "each{n=2}": ["size"] },
    },
  ],
  [
    "rows that are not there: the sheet, and what reads it or a column of it",
    {
      cells: [
        fence("data tickets", "---\nfile: nowhere.csv\nunknown: =nobody\n---"),
        fence("sheet triage", `---\nrows: tickets\n---\n${template("mail", "{{ row.text }}")}`),
        template("count", "{{ triage | length }}"),
        template("further", "{{ count }}"),
        template("first_mail", "{{ triage.mail | first }}"),
      ],
      ran: ["tickets"],
      blocked: { triage: ["tickets"], count: ["triage"], further: ["count"], first_mail: ["triage"] },
    },
  ],
  [
    "what a run may yet mend: nothing is said of it beforehand",
    {
      cells: [template("never", "Hi"), template("near", "{{ never }}")],
      blocked: {},
    },
  ],
])("%s", async (_, { cells, ran = [], blocked }) => {
  const session = await workspace.open(notebookText("", ...cells));
  if (ran.length > 0) await session.run({ type: "cells", cells: ran }).done;
  expect(said(session)).toEqual(blocked);
  await session.run({ type: "stale" }).done;
  expect(became(session)).toEqual(blocked);
  // And as long as nothing is edited it is said again.
  expect(said(session)).toEqual(blocked);
});

test("a failure that an edit may have mended blocks nobody until it has run", async () => {
  const text = (body: string): string =>
    notebookText("", fence("js broken", body), template("near", "{{ broken }}"), template("far", "{{ near }}"));
  const session = await workspace.open(text("throw new Error('no luck')"));
  await session.run({ type: "stale" }).done;
  expect(isFailed(session.state.results.get("far")!)).toBe(true);
  await session.setText(text("return 'luck'"));
  expect(said(session)).toEqual({});
  await session.run({ type: "stale" }).done;
  expect(became(session)).toEqual({});
});

test("a value of a person's own is in nobody's way", async () => {
  const session = await workspace.open(notebookText("", fails("broken"), template("near", "{{ broken }}")));
  await session.run({ type: "cells", cells: ["broken"] }).done;
  await session.note({ address: "broken", type: "edited", value: { type: "string", value: "mended" } });
  expect(said(session)).toEqual({});
  await session.run({ type: "stale" }).done;
  expect(became(session)).toEqual({});
});
