import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { pairedDifference } from "#evals/statistics/paired-difference.ts";
import { fence, notebookText, shown, testWorkspace, type TestWorkspace } from "./__fixtures__/test-workspace.ts";

let workspace: TestWorkspace;
beforeAll(async () => void (workspace = await testWorkspace()));
afterAll(() => workspace[Symbol.asyncDispose]());

const trial = [
  fence("data rows", "old,new\n1,1\n0,1\n0,1\n1,0\n0,1"),
  fence(
    "sheet trial",
    ["---\nrows: rows\n---", fence("js before", "return row.old"), fence("js after", "return row.new")].join("\n"),
  ),
].join("\n");

interface Told {
  readonly mean: number;
  readonly low: number;
  readonly high: number;
  readonly p: number;
}

const difference = "paired(trial.after, trial.before)";

describe("`paired`", () => {
  test("compares two columns row by row, in a template as in a test", async () => {
    const session = await workspace.open(
      notebookText(
        "",
        trial,
        fence("template told", `{% set gain = ${difference} %}\n{{ gain.n }}: {{ gain.mean }}, {{ gain.low < 0 }}`),
        fence("test gate", `${difference}.mean == 0.4`),
      ),
    );
    await session.run({ type: "stale" }).done;
    expect(session.shown("told")?.value).toEqual({ type: "string", value: "5: 0.4, true" });
    expect(session.shown("gate")?.value).toMatchObject({
      value: { verdict: "pass", lines: [{ sides: ["0.4 (n 5 of 5, over 5 rows of trial)", "0.4"] }] },
    });
  });

  test("compares nothing else, on either side", async () => {
    const session = await workspace.open(
      notebookText(
        "",
        trial,
        fence("test gate", "paired(trial.after, 1).mean == 0\npaired([1], trial.after).mean == 0"),
      ),
    );
    await session.run({ type: "stale" }).done;
    const reason = "`paired` compares the results of two columns";
    expect(session.shown("gate")?.value).toMatchObject({ value: { verdict: "fail", lines: [{ reason }, { reason }] } });
  });

  test("compares each repeat with the same one, and counts the repeats of a row as one observation", async () => {
    const repeated = (name: string, number: string): string =>
      fence(`js ${name}`, `---\nrepeat: 3\n---\nreturn ${number}`);
    const session = await workspace.open(
      notebookText(
        "",
        fence("data rows", "gain\n1\n0\n0\n1"),
        fence(
          "sheet trial",
          `---\nrows: rows\n---\n${repeated("before", "vary.repeat")}\n${repeated("after", "vary.repeat + row.gain")}\n${fence("js once", "return row.gain")}`,
        ),
        fence("template same", "{{ paired(trial.before, trial.before) | tojson }}"),
        fence("template told", "{{ paired(trial.after, trial.before) | tojson }}"),
        fence("template uneven", "{{ paired(trial.before, trial.once) | tojson }}"),
      ),
    );
    await session.run({ type: "stale" }).done;
    const found = (cell: string): unknown => JSON.parse(String(shown(session, cell)));
    expect(found("same")).toEqual({ n: 12, mean: 0, low: 0, high: 0, p: null });
    // Student's t of the four rows' gains: 0.5 ± 3.182 · 0.5774 / 2.
    const gain = { mean: 0.5, low: expect.closeTo(-0.4187, 3), high: expect.closeTo(1.4187, 3) };
    expect(found("told")).toEqual({ n: 12, ...gain, p: expect.closeTo(0.1817, 3) });
    expect(found("uneven")).toMatchObject({ n: 4, mean: 1.5, low: expect.closeTo(0.5813, 3) });
  });

  test("counts rows whose answers came of one request as one observation, as a comparison of variants does", async () => {
    workspace.script = (prompt) => (/big m[1-9]|small m3$/.test(prompt) ? "yes" : "no");
    const lines = Array.from({ length: 60 }, (_, index) => `${index},m${index % 12}`);
    const asked = (cells: string): string =>
      notebookText(
        "",
        fence("data rows", ["---", "key: id", "---", "id,text", ...lines].join("\n")),
        fence(
          "sheet trial",
          [
            "---\nrows: rows\n---",
            fence(
              "prompt answer",
              "---\nmodel: server/small\nvary: { size: [small, big] }\n---\n{{ vary.size }} {{ row.text }}",
            ),
            fence("score right", "---\noutput: =answer\nexpected: yes\n---\n- equals"),
          ].join("\n"),
        ),
        cells,
      );
    const of = (size: string): string => `trial.right.at(size="${size}")`;
    const session = await workspace.open(
      asked(
        [
          fence("template there", `{{ paired(${of("big")}, ${of("small")}) | tojson }}`),
          fence("template back", `{{ paired(${of("small")}, ${of("big")}) | tojson }}`),
        ].join("\n"),
      ),
    );
    await session.run({ type: "stale" }).done;
    workspace.script = null;
    expect(workspace.sent()).toHaveLength(24);
    const compared = (await session.compareVariants("trial", "right", { size: "big" }, { size: "small" }))!;
    expect(compared).toMatchObject({ n: 60, clusters: 12, test: "paired", interval: { high: 1 } });
    const [there, back] = ["there", "back"].map((cell) => JSON.parse(String(shown(session, cell)))) as [Told, Told];
    expect(there).toEqual({
      n: 60,
      mean: expect.closeTo(compared.difference!, 9),
      low: expect.closeTo(compared.interval!.low, 9),
      high: expect.closeTo(compared.interval!.high, 9),
      p: expect.closeTo(compared.p!, 9),
    });
    expect([back.mean, back.low, back.p]).toEqual([
      -there.mean,
      expect.closeTo(-there.high, 9),
      expect.closeTo(there.p, 9),
    ]);
  });

  test("is computed again where only that changed which answers came of one request", async () => {
    const asked = (texts: readonly string[]): string =>
      notebookText(
        "",
        fence(
          "data rows",
          ["---", "key: id", "---", "id,text", ...texts.map((text, id) => `${id},${text}`)].join("\n"),
        ),
        fence(
          "sheet trial",
          [
            "---\nrows: rows\n---",
            fence("prompt answer", "---\nmodel: server/small\n---\nagain {{ row.text }}"),
            fence("js before", "return row.id"),
            fence("js after", "return row.id * 2 + answer.length * 0"),
          ].join("\n"),
        ),
        fence("template told", `{{ ${difference}.p }}`),
      );
    const session = await workspace.open(asked(["a", "b", "c"]));
    await session.run({ type: "stale" }).done;
    const apart = Number(shown(session, "told"));
    await session.setText(asked(["a", "a", "c"]));
    await session.run({ type: "stale" }).done;
    const expected = pairedDifference([0, 2, 4], [0, 1, 2], { clusters: ["a", "a", "c"] });
    expect([apart, Number(shown(session, "told"))]).toEqual([
      expect.closeTo(pairedDifference([0, 2, 4], [0, 1, 2]).p!, 9),
      expect.closeTo(expected.p!, 9),
    ]);
  });

  test("counts labels whose answers came of one request as one observation, outside sheets too", async () => {
    workspace.script = (prompt) => (prompt.endsWith("big b") ? "no" : prompt.includes("big") ? "yes" : "no");
    const session = await workspace.open(
      notebookText(
        "",
        fence(
          "prompt answer",
          "---\nmodel: server/small\nvary: { size: [small, big], text: [a1, a2, b1, c1] }\n---\nlabel {{ vary.size }} {{ vary.text | first }}",
        ),
        fence("score right", "---\noutput: =answer\nexpected: yes\n---\n- equals"),
        fence("template told", '{{ paired(right.at(size="big"), right.at(size="small")) | tojson }}'),
      ),
    );
    await session.run({ type: "stale" }).done;
    workspace.script = null;
    expect(workspace.sent().filter((prompt) => prompt.startsWith("label"))).toHaveLength(6);
    const { interval, p } = pairedDifference([1, 1, 0, 1], [0, 0, 0, 0], { clusters: ["a", "a", "b", "c"] });
    expect(JSON.parse(String(shown(session, "told")))).toMatchObject({
      n: 4,
      low: expect.closeTo(interval!.low, 9),
      p: expect.closeTo(p!, 9),
    });
  });

  test("tells no interval of one pair, and of pairs that all differ alike, and a gate on it fails and says why", async () => {
    const line = (rows: string): string =>
      notebookText(
        "",
        trial.replace(/old,new\n[^`]*/, `old,new\n${rows}\n`),
        fence("template told", `{{ ${difference} | tojson }}`),
        fence("test gate", `${difference}.low > 0`),
      );
    for (const [n, rows] of [
      [1, "0.2,0.7"],
      [3, "0.2,0.3\n0.7,0.8\n0.8,0.9"],
    ] as const) {
      const session = await workspace.open(line(rows));
      await session.run({ type: "stale" }).done;
      expect(JSON.parse(String(shown(session, "told")))).toMatchObject({ n, low: null, high: null, p: null });
      expect(session.shown("gate")?.value).toMatchObject({
        value: {
          verdict: "fail",
          lines: [
            {
              sides: [`nothing (n ${n} of ${n}, over ${n} rows of trial)`, "0"],
              reason: "nothing is neither below nor above anything",
            },
          ],
        },
      });
    }
  });

  test("of verdicts that all go one way tells the exact interval, above nothing where the exact test says so", async () => {
    for (const [n, low, p, verdict] of [
      [1, -0.95, 1, "fail"],
      [5, -0.0436, 0.0625, "fail"],
      [6, 0.0815, 0.03125, "pass"],
      [20, 0.6631, 2 ** -19, "pass"],
    ] as const) {
      const session = await workspace.open(
        notebookText(
          "",
          trial.replace(/old,new\n[^`]*/, `old,new\n${Array(n).fill("0,1").join("\n")}\n`),
          fence("template told", `{{ ${difference} | tojson }}`),
          fence("test gate", `${difference}.low > 0`),
        ),
      );
      await session.run({ type: "stale" }).done;
      expect(JSON.parse(String(shown(session, "told")))).toEqual({
        ...{ n, mean: 1, low: expect.closeTo(low, 4), high: 1, p: expect.closeTo(p, 9) },
      });
      expect(session.shown("gate")?.value).toMatchObject({ value: { verdict } });
    }
  });

  test("pairs results outside sheets by their labels, and refuses those that have none in common", async () => {
    const session = await workspace.open(
      notebookText(
        "",
        fence("js before", "---\nvary: { n: [1, 2, 5] }\n---\nreturn vary.n"),
        fence("js after", "---\nvary: { n: [1, 2, 5] }\n---\nreturn vary.n + (vary.n === 5 ? 3 : 0)"),
        fence("js other", "---\nvary: { m: [1, 2, 5] }\n---\nreturn vary.m"),
        fence("template told", "{{ paired(after, before) | tojson }}"),
        fence("template refused", "{{ paired(before, other).mean }}"),
      ),
    );
    await session.run({ type: "stale" }).done;
    // Student's t of 0, 0 and 3: 1 ± 4.303 · 1.732 / √3.
    expect(JSON.parse(String(shown(session, "told")))).toEqual({
      n: 3,
      mean: 1,
      low: expect.closeTo(-3.303, 3),
      high: expect.closeTo(5.303, 3),
      p: expect.closeTo(0.4226, 3),
    });
    expect(session.shown("refused")?.error).toMatchObject({
      message: "`before` and `other` have neither rows nor labels in common by which `paired` could compare them",
      cure: expect.stringContaining("columns of one sheet"),
    });
  });
});
