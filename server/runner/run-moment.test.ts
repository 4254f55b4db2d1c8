import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Datum } from "#server/notebook/value.ts";
import type { Session } from "./session.ts";
import type { RunOptions } from "./start-run.ts";
import { fence, notebookText, shown, testWorkspace, type TestWorkspace } from "./__fixtures__/test-workspace.ts";

let workspace: TestWorkspace;
beforeAll(async () => void (workspace = await testWorkspace()));
afterAll(() => workspace[Symbol.asyncDispose]());

const clock = Date.UTC(2020, 1, 29, 13, 5, 6, 789);

/** The rows of a cell's table, or its plain value. */
function value(session: Session, cell: string): Datum {
  const found = session.shown(cell)?.value;
  return found?.type === "table" ? found.value.rows! : shown(session, cell);
}

async function ran(cells: readonly string[], options: RunOptions = {}): Promise<Session> {
  const session = await workspace.open(notebookText("", ...cells));
  await session.run({ type: "all" }, options).done;
  return session;
}

describe("the clock of a run", () => {
  test("is what SQL sees, by whatever function or word it asks", async () => {
    const sql = `select now() = current_timestamp and now() = get_current_timestamp() and now() = transaction_timestamp() as one,
      now(), localtimestamp, current_date, today(), localtime, get_current_time() = current_time as timed,
      ago(interval 1 day), age(timestamp '2020-01-01'), age(now(), now()), uuid_extract_timestamp(uuidv7())`;
    const session = await ran([fence("sql times", sql)], { clock });
    expect(value(session, "times")).toEqual([
      [
        true,
        "2020-02-29T13:05:06.789Z",
        "2020-02-29T13:05:06.789",
        "2020-02-29",
        "2020-02-29",
        "13:05:06.789",
        true,
        "2020-02-28T13:05:06.789Z",
        "1 month 28 days",
        "00:00:00",
        "2020-02-29T13:05:06.789Z",
      ],
    ]);
  });

  test("is what code sees, where it stands still", async () => {
    const code = `const begun = Date.now();
      for (let round = 0; round < 1e6; round += 1);
      return [new Date(), Date.now() - begun, new Date(5).getTime(), new Date(0).constructor === Date, Date().slice(0, 24)]`;
    const session = await ran([fence("js times", code)], { clock });
    expect(value(session, "times")).toEqual(["2020-02-29T13:05:06.789Z", 0, 5, true, "Sat Feb 29 2020 13:05:06"]);
  });

  test("is the time the run began where nothing is given, for all its cells the same", async () => {
    const from = Date.now();
    const session = await ran([
      fence("sql first", "select epoch_ms(now()) as at"),
      fence("js second", "return [Date.now(), [...first][0].at]"),
    ]);
    const [seen, before] = value(session, "second") as [number, number];
    expect(seen).toBe(before);
    expect(seen).toBeGreaterThanOrEqual(from);
    expect(seen).toBeLessThanOrEqual(Date.now());
  });
});

const chance = [
  fence("data rows", "---\nkey: id\n---\nid\n1\n2\n3"),
  fence("sql dice", "select random(), uuid(), gen_random_uuid(), uuidv7()"),
  fence("sql drawn", "select * from range(1000) using sample 5"),
  fence("js rolled", "return [Math.random(), Math.random()]"),
  fence(
    "sheet whole",
    [
      "---\nrows: rows\n---",
      fence("formula noise", "random() + id"),
      fence("js coin", "return Math.random()"),
      fence("score lucky", "---\noutput: =coin\nlanguage: js\n---\nreturn Math.random()"),
    ].join("\n"),
  ),
];
const values = (session: Session): readonly Datum[] =>
  ["dice", "drawn", "rolled", "whole"].map((cell) => value(session, cell));

describe("the seed of a run", () => {
  test("with its clock gives equal output when the run is repeated, in SQL, formulas, code and scores", async () => {
    const session = await ran(chance, { clock, seed: 7 });
    const first = values(session);
    await session.run({ type: "all" }, { clock, seed: 7 }).done;
    expect(values(session)).toEqual(first);
    expect(values(await ran(chance, { clock, seed: 7 }))).toEqual(first);
    await session.run({ type: "all" }, { clock, seed: 8 }).done;
    for (const [index, other] of values(session).entries()) expect(other).not.toEqual(first[index]);
  });

  test("gives every cell, row and repeat numbers of its own, whatever else is computed", async () => {
    const twice = [
      fence("js one", "---\nrepeat: 2\n---\nreturn Math.random()"),
      fence("sql two", "select random()"),
      fence("sql three", "select random()"),
    ];
    const session = await ran([...chance, ...twice], { clock, seed: 7 });
    const { results } = session.state;
    const rows = value(session, "whole") as readonly (readonly Datum[])[];
    const numbers = [
      ...["one{repeat=1}", "one{repeat=2}"].map((address) => results.get(address)!.value),
      value(session, "two"),
      value(session, "three"),
      ...rows.flatMap(([id, noise, coin]) => [Number(noise) - Number(id), coin!]),
    ].map((number) => JSON.stringify(number));
    expect(new Set(numbers).size).toBe(4 + 2 * 3);
    expect(values(session)).toEqual(values(await ran(chance, { clock, seed: 7 })));
  });

  test("is made of the run's id where nothing is given, and both are in the run's record, to repeat it by", async () => {
    const session = await workspace.open(notebookText("", ...chance));
    const { runs } = workspace.runtime.store;
    const run = session.run({ type: "all" });
    await run.done;
    const first = values(session);
    await session.run({ type: "all" }).done;
    expect(values(session)[2]).not.toEqual(first[2]);
    const recorded = (await runs.get(run.id))!;
    expect(recorded.clock).toBe(recorded.startedAt);
    const again = session.run({ type: "all" }, { clock: recorded.clock!, seed: recorded.seed! });
    await again.done;
    expect(values(session)).toEqual(first);
    expect(await runs.get(again.id)).toMatchObject({ clock: recorded.clock, seed: recorded.seed });
  });

  test("and the clock are whole numbers, and anything else is an error before the run begins", async () => {
    const session = await workspace.open(notebookText("", ...chance));
    for (const wrong of [{ seed: -1 }, { seed: 0.5 }, { seed: 2 ** 32 }, { clock: NaN }, { clock: 1e17 }])
      expect(() => session.run({ type: "all" }, wrong)).toThrow(expect.objectContaining({ code: "run.moment" }));
    for (const edge of [0, 2 ** 32 - 1])
      expect(await session.run({ type: "all" }, { clock: -8.64e12, seed: edge }).done).toMatchObject({
        outcome: "done",
      });
    expect((value(session, "dice") as Datum[][])[0]![0]).toEqual(expect.any(Number));
  });
});
