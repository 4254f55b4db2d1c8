import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Session } from "./session.ts";
import { fence, fresh, notebookText, shown, testWorkspace, type TestWorkspace } from "./__fixtures__/test-workspace.ts";

let workspace: TestWorkspace;
beforeAll(async () => void (workspace = await testWorkspace()));
afterAll(() => workspace[Symbol.asyncDispose]());

const tickets = (...texts: readonly string[]): string =>
  fence(
    "data tickets",
    ["---\nkey: id\n---\nid,text", ...texts.map((text, index) => `${index + 1},${text}`)].join("\n"),
  );
const topic = fence("template topic", "---\nvary: { tone: [warm, cold] }\n---\n{{ vary.tone }} {{ row.text }}");
const correct = (check = "- contains: warm"): string => fence("score correct", `---\noutput: =topic\n---\n${check}`);
const triage = (...cells: readonly string[]): string =>
  fence("sheet triage", ["---\nrows: tickets\n---", ...cells].join("\n"));
const template = (name: string, source: string): string => fence(`template ${name}`, source);

async function ran(...cells: readonly string[]): Promise<Session> {
  const session = await workspace.open(notebookText("", ...cells));
  expect(session.diagnostics).toEqual([]);
  await session.run({ type: "stale" }).done;
  return session;
}

describe("outside its sheet a column is its records in expressions and templates", () => {
  test("one an address, with the row's columns, its axes, its value's fields, what it reads and `meta`", async () => {
    const session = await ran(
      tickets("one", "two"),
      triage(topic, correct()),
      template(
        "lines",
        "{% for r in triage.correct %}{{ r.id }} {{ r.text }} {{ r.tone }} {{ r.score }} {{ r.pass }} {{ r.topic }} {{ r.meta.outcome }}\n{% endfor %}",
      ),
    );
    expect(shown(session, "lines")).toBe(
      [
        "1 one warm 1 true warm one ok",
        "1 one cold 0 false cold one ok",
        "2 two warm 1 true warm two ok",
        "2 two cold 0 false cold two ok\n",
      ].join("\n"),
    );
  });

  test("that can be counted, filtered, indexed, sliced and printed", async () => {
    const session = await ran(
      tickets("one", "two"),
      triage(topic, fence("js size", "---\nrepeat: 2\n---\nreturn topic.length")),
      template("number", "{{ triage.topic | length }}, {{ triage.size | length }}"),
      template("cold", '{{ triage.topic | selectattr("tone", "eq", "cold") | map(attribute="topic") | join(", ") }}'),
      template("last", "{{ triage.topic[-1].topic }}; {{ triage.topic[1:3] | map(attribute='id') | list }}"),
      template("printed", "{{ triage.size[:1] | map('list') }} {{ triage.topic }}"),
      template("names", "{{ triage.size.columns }}"),
    );
    expect(shown(session, "number")).toBe("4, 8");
    expect(shown(session, "cold")).toBe("cold one, cold two");
    expect(shown(session, "last")).toBe("cold two; [1, 2]");
    expect(shown(session, "printed")).toMatch(
      /^\[\["id", "text", "repeat", "tone", "size", "topic", "meta"\]\] \[\{"id": 1, "text": "one", "tone": "warm", "topic": "warm one", "meta": \{.*\}\}, \{.*\}\]$/,
    );
    expect(shown(session, "names")).toBe('["id", "text", "repeat", "tone", "size", "topic", "meta"]');
  });

  test("at fixed labels only those there", async () => {
    const session = await ran(
      tickets("one", "two"),
      triage(topic),
      template("cold", '{% for r in triage.topic.at(tone="cold") %}{{ r.topic }}. {% endfor %}'),
      template("each", '{{ triage.topic.at(tone="warm") | length }} of {{ triage.topic | length }}'),
    );
    expect([shown(session, "cold"), shown(session, "each")]).toEqual(["cold one. cold two. ", "2 of 4"]);
    const unknown = await workspace.open(
      notebookText("", tickets("one"), triage(topic), template("dry", '{{ triage.topic.at(tone="dry") | length }}')),
    );
    expect(unknown.diagnostics).toMatchObject([{ code: "graph.unknown-label", cell: "dry" }]);
  });

  test("also in fields, with as many rows as other tables have, and in a prompt", async () => {
    const session = await ran(
      fence("sql tickets", "select range as id, 'n' || range as text from range(300)"),
      triage(topic),
      fence(
        "score found",
        '---\noutput: =triage.topic.at(tone="warm") | map(attribute="topic") | list\n---\n- contains: warm n299',
      ),
      fence("prompt ask", "---\nmodel: server/small\n---\n{{ triage.topic[598].topic }} {{ triage.topic | length }}"),
    );
    expect(session.shown("found")!.value).toMatchObject({ type: "score", value: { score: 1 } });
    expect(shown(session, "ask")).toBe("<warm n299 600>");
  });

  test("in the cells of another sheet, and in its own beside the row's", async () => {
    const session = await ran(
      tickets("one", "two"),
      triage(topic, template("place", "{{ triage.topic | length }} {{ topic }}")),
      fence("sheet again", ["---\nrows: tickets\n---", template("seen", "{{ triage.topic[0].topic }}")].join("\n")),
      template("all_seen", "{{ again.seen | map(attribute='seen') | list }} {{ triage.place[3].place }}"),
    );
    expect(shown(session, "all_seen")).toBe('["warm one", "warm one"] 4 cold two');
  });

  test("one of more than 100,000 records says that it is too long, in a text and in a field", async () => {
    const session = await workspace.open(
      notebookText(
        "",
        fence("sql tickets", "select range as id from range(100001)"),
        triage(fence("formula twice", "id * 2")),
        template("text", "{{ triage.twice[0].twice }}"),
        fence("template field", "---\nwhen: =triage.twice[0].twice == 0\n---\nyes"),
      ),
    );
    // A record an address: those of rows that have not run count too.
    await session.run({ type: "stale" }, { everySheet: { type: "first", count: 1 } }).done;
    for (const cell of ["text", "field"])
      expect(session.shown(cell)!.error).toMatchObject({
        code: "cell.too-many-rows",
        message: expect.stringContaining("a table of 100,001 rows is too long to be read row by row"),
      });
  });

  test("a column in a sheet that has not run says so, and costs an estimate nothing but being open", async () => {
    const text = notebookText(
      "",
      tickets("one"),
      triage(topic),
      fence("prompt ask", "---\nmodel: server/small\n---\nfirst {{ triage.topic[0].topic }}"),
    );
    const session = await workspace.open(text);
    expect(await session.estimate({ type: "stale" })).toMatchObject({ known: { calls: 0 }, open: 1 });
    await session.run({ type: "only", cell: "ask" }).done;
    expect(session.shown("ask")!.error).toMatchObject({ code: "sheet.not-run" });
    await session.run({ type: "cells", cells: ["triage"] }).done;
    expect(await session.estimate({ type: "stale" })).toMatchObject({ known: { calls: 1 }, open: 0 });
  });
});

describe("a column of which nothing came", () => {
  const asked = (name: string, schema: string): string =>
    fence(`prompt ${name}`, `---\nmodel: server/small\nschema: ${schema}\n---\n{{ row.text }}`);

  test("has the columns its values will have, in SQL, templates and formulas", async () => {
    workspace.script = () => ({ text: "no", status: 400 });
    const session = await workspace.open(
      notebookText(
        "",
        tickets("one", "two"),
        fence(
          "sheet s",
          [
            "---\nrows: tickets\n---",
            asked("amount", "number"),
            asked("bill", "{ vendor: string, total: number, lines: { type: array, items: { type: integer } } }"),
            fence(
              "score correct",
              "---\noutput: =amount\nexpected: 1\n---\n- equals\n- { equals: 2, name: two }\n- equals",
            ),
            fence("score never", "---\noutput: =row.text\nwhen: =row.id == '9'\n---\n- equals"),
            fence("formula more", "---\noptional: [never]\n---\nnever + 1"),
          ].join("\n"),
        ),
        fence(
          "sql scores",
          "select avg(score) as score, any_value(pass) as pass, min(reason) as reason from s.correct",
        ),
        fence("sql checks", 'select avg(equals), avg(two), avg("equals 2") from s.correct'),
        fence("sql numbers", "select avg(amount) as amount from s.amount"),
        fence("sql fields", "select sum(total) as total, min(vendor) as vendor, sum(len(lines)) as lines from s.bill"),
        fence("sql sheet", "select avg(correct.score) as score, sum(bill.total) as total from s"),
        fence("sql formula", "select count(meta.error), count(*) from s.more"),
        template("mapped", "{{ s.never | map(attribute='score') | list }}"),
      ),
    );
    await session.run({ type: "stale" }).done;
    workspace.script = null;
    const rows = (cell: string): unknown => [session.shown(cell)?.value, session.shown(cell)?.error];
    const nulls = (count: number): unknown => [{ value: { rows: [Array(count).fill(null)] } }, null];
    expect(rows("scores")).toMatchObject(nulls(3) as object);
    expect(rows("checks")).toMatchObject(nulls(3) as object);
    expect(rows("numbers")).toMatchObject(nulls(1) as object);
    expect(rows("fields")).toMatchObject(nulls(3) as object);
    expect(rows("sheet")).toMatchObject(nulls(2) as object);
    expect(shown(session, "mapped")).toBe("[null, null]");
    expect(rows("formula")).toMatchObject([{ value: { rows: [[0, 2]] } }, null]);
  });
});

describe("figures and records of a column", () => {
  test("stand in one cell, also beside the sheet's own table and handed on under another name", async () => {
    const session = await ran(
      tickets("one", "two"),
      triage(topic, correct()),
      template(
        "report",
        'mean {{ mean(triage.correct) }}, {{ mean(triage.correct.at(tone="cold")) }} of {{ triage.correct | length }} in {{ triage | length }} rows',
      ),
      template("named", "{% set found = triage.correct %}{{ mean(found) }} {{ found | sum(attribute='score') }}"),
    );
    expect(shown(session, "report")).toBe("mean 0.5, 0 of 4 in 2 rows");
    expect(shown(session, "named")).toBe("0.5 2");
  });

  test("of a field are under an aggregate only", async () => {
    const session = await ran(
      tickets("one", "two"),
      triage(topic, correct()),
      template("passed", "{{ sum(triage.correct.pass) }}"),
      template("fields", "{{ triage.correct.score }}"),
    );
    expect(shown(session, "passed")).toBe("2");
    expect(session.shown("fields")!.error).toMatchObject({ message: "`triage.correct` has no `score`" });
  });

  test("of a neighbour in the same sheet are under an aggregate", async () => {
    const session = await ran(
      tickets("a", "bcd"),
      triage(
        fence("js size", "return row.text.length"),
        template("share", "{{ size }} of {{ sum(triage.size) }}"),
        template("most", "{{ max(size) }}"),
      ),
      template("shares", "{{ triage.share | map(attribute='share') | join('; ') }}; {{ triage.most[0].most }}"),
    );
    expect(shown(session, "shares")).toBe("1 of 4; 3 of 4; 3");
  });

  test("in a test leave it open until all records are settled, whatever is asked of them", async () => {
    const session = await workspace.open(
      notebookText(
        "",
        tickets("one", "two"),
        triage(topic, correct()),
        fence(
          "test gate",
          [
            'triage.correct | selectattr("pass") | list | length == 2',
            "triage.correct[3].score + 1 == 1",
            "triage.correct | length == 4",
            'mean(triage.correct.at(tone="warm")) == 1',
          ].join("\n"),
        ),
      ),
    );
    const lines = (): unknown => {
      const value = session.shown("gate")!.value;
      return value?.type === "test" && value.value.lines.map(({ verdict, reason = "" }) => `${verdict} ${reason}`);
    };
    await session.run({ type: "stale" }, { everySheet: { type: "first", count: 1 } }).done;
    expect(lines()).toEqual([
      "open 2 of 4 results of `triage.correct` are not settled",
      "open 2 of 4 results of `triage.correct` are not settled",
      "open 2 of 4 results of `triage.correct` are not settled",
      "open 1 of 2 results of `triage.correct` are not settled",
    ]);
    await session.run({ type: "stale" }).done;
    expect(lines()).toEqual(["pass ", "pass ", "pass ", "pass "]);
    expect(session.shown("gate")!.value).toMatchObject({
      value: { lines: [{}, {}, { sides: ["4 (n 4 of 4, over 2 rows of triage × 2 labels of tone)", "4"] }, {}] },
    });
  });
});

describe("a cell that reads a column's records", () => {
  const text = (check: string, loop: string): string =>
    notebookText("", tickets("one", "two"), triage(topic, correct(check)), template("lines", loop));
  const scores = "{% for r in triage.correct %}{{ r.score }} {% endfor %}";

  test("is stale when the column is, current again when the edit is undone, and not computed again for equal records", async () => {
    const session = await workspace.open(text("- contains: warm", scores));
    await session.run({ type: "stale" }).done;
    expect([fresh(session, "lines"), shown(session, "lines")]).toEqual(["current", "1 0 1 0 "]);
    await session.setText(text("- contains: cold", scores));
    expect(fresh(session, "lines")).toBe("stale: triage.correct");
    await session.setText(text("- contains: warm", scores));
    expect(fresh(session, "lines")).toBe("current");
    await session.setText(text("- { contains: warm }", scores));
    const before = session.state.results.get("lines");
    await session.run({ type: "stale" }).done;
    expect(session.state.results.get("lines")).toBe(before);
    await session.setText(text("- contains: cold", scores));
    await session.run({ type: "stale" }).done;
    expect([fresh(session, "lines"), shown(session, "lines")]).toEqual(["current", "0 1 0 1 "]);
  });

  test("sees at labels only those results: another label's make nothing of it stale", async () => {
    const at = (label: string): string => `{{ triage.answer.at(tone="${label}") | map(attribute="answer") | list }}`;
    const session = await ran(
      tickets("one"),
      triage(fence("prompt answer", "---\nmodel: server/small\nvary: { tone: [warm, cold] }\n---\n{{ vary.tone }}")),
      template("warm", at("warm")),
      template("cold", at("cold")),
    );
    const before = session.state.results.get("cold");
    workspace.script = (prompt) => `new ${prompt}`;
    const address = "triage.answer{tone=warm,triage=1}";
    await session.runAgain(address).done;
    await session.run({ type: "stale" }).done;
    workspace.script = null;
    expect([shown(session, "warm"), shown(session, "cold")]).toEqual(['["new warm"]', '["<cold>"]']);
    expect(session.state.results.get("cold")).toBe(before);
  });

  test("holds after a restart, once the sheet has been looked at", async () => {
    const session = await workspace.open(text("- contains: one", scores), { path: "records.md" });
    await session.run({ type: "stale" }).done;
    await workspace.restart();
    const again = await workspace.open(text("- contains: one", scores), { path: "records.md" });
    expect(fresh(again, "lines")).toBe("stale: triage.correct");
    await again.refresh();
    expect(fresh(again, "lines")).toBe("current");
  });

  test("may be done after a column without reading it", async () => {
    const session = await ran(
      tickets("one"),
      triage(topic),
      fence("template later", "---\nafter: triage.topic\n---\nlater"),
    );
    expect(session.state.results.get("later")!.parts).not.toHaveProperty("triage.topic");
    expect(shown(session, "later")).toBe("later");
  });
});
