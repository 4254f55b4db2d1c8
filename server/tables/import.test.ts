import { existsSync } from "node:fs";
import { copyFile, symlink } from "node:fs/promises";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import fc from "fast-check";
import iconv from "iconv-lite";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { temporaryTables, type TemporaryTables } from "./__fixtures__/temporary-tables.ts";

let workspace: TemporaryTables;
beforeAll(async () => {
  workspace = await temporaryTables();
});
afterAll(() => workspace[Symbol.asyncDispose]());

const csv = (text: string) => workspace.tables.importText(text, "csv");
let files = 0;
/** Imports content as a dataset file of its own. */
async function file(ending: string, content: string | Uint8Array, encoding?: string) {
  const path = `file${files++}.${ending}`;
  await workspace.write(path, content);
  return await workspace.tables.importFile(path, encoding === undefined ? {} : { encoding });
}

const manyNames = (count: number) => Array.from({ length: count }, (_, index) => `c${index}`);

describe("CSV", () => {
  test("finds the type of a column where every value is written so", async () => {
    const table = await csv(
      [
        "flag,whole,part,day,time,instant,code,phone,long,version,mixed,german",
        "true,1,1.50,2026-01-31,2026-01-31 09:30,2026-01-31T09:30:00Z,007,+4912,12345678901234567890,1.2.3,1,31.01.2026",
        'False,-20,-1e3,2026-02-28,2026-02-28T23:59:59.5,2026-01-31T09:30:00+01:00,123,0049,1,1.2.3,x,"1.234,5"',
        " TRUE , 0 ,.5,,,,,,,,,",
      ].join("\n"),
    );
    expect(table.columns.map(({ sql }) => sql).join(" ")).toBe(
      "BOOLEAN BIGINT DOUBLE DATE TIMESTAMP TIMESTAMP WITH TIME ZONE VARCHAR VARCHAR VARCHAR VARCHAR VARCHAR VARCHAR",
    );
    expect(table.rows).toEqual([
      [
        true,
        1,
        1.5,
        "2026-01-31",
        "2026-01-31T09:30:00",
        "2026-01-31T09:30:00Z",
        "007",
        "+4912",
        "12345678901234567890",
        "1.2.3",
        "1",
        "31.01.2026",
      ],
      [
        false,
        -20,
        -1000,
        "2026-02-28",
        "2026-02-28T23:59:59.5",
        "2026-01-31T08:30:00Z",
        "123",
        "0049",
        "1",
        "1.2.3",
        "x",
        "1.234,5",
      ],
      [true, 0, 0.5, null, null, null, null, null, null, null, null, null],
    ]);
  });

  test.each([
    ["9007199254740993", "9007199254740992"],
    ["12345678901234567", "12345678901234568"],
    ["0.1000000000000000055", "0.1"],
    ["1234567890.12345678", "2"],
    [`0.${"0".repeat(400)}1`, "1"],
    ["9".repeat(400), "1"],
  ])("keeps a column as text where a number would lose digits: %s", async (...values) => {
    const table = await csv(`id,note\n${[...values, "0.5"].map((value) => `${value},x\n`).join("")}`);
    expect(table.columns[0]).toEqual({ name: "id", type: "string", sql: "VARCHAR" });
    expect(table.rows!.map(([id]) => id)).toEqual([...values, "0.5"]);
  });

  test("reads a number of many digits that a double has too", async () => {
    const texts = [
      "0.30000000000000004",
      "-9007199254740992",
      "0.00000000000000000012",
      "5.000000e-01",
      "0.0",
      "1.7976931348623157e99",
    ];
    const table = await csv(`a,b\n${texts.map((text) => `${text},x\n`).join("")}`);
    expect(table.columns[0]!.sql).toBe("DOUBLE");
    expect(table.rows!.map(([number]) => number)).toEqual(texts.map(Number));
  });

  test("reads any double as a number again", async () => {
    const doubles = fc
      .sample(fc.double({ min: -1e21, max: 1e21, noNaN: true }), { numRuns: 1000, seed: 7 })
      .filter((number) => Math.abs(number) > 1e-99);
    const table = await csv(
      `a,b\n${[...doubles, 0.5].map((number) => `${number.toString().replace("e+", "e")},x\n`).join("")}`,
    );
    expect(table.columns[0]!.sql).toBe("DOUBLE");
    expect((await workspace.tables.rows(table, 0, 1001)).map(([number]) => number)).toEqual([...doubles, 0.5]);
  });

  test("looks at every row before it gives a type", async () => {
    const table = await csv(`a\n${"1\n".repeat(20_000)}x\n`);
    expect(table.columns).toEqual([{ name: "a", type: "string", sql: "VARCHAR" }]);
    expect(await workspace.tables.rows(table, 19_999, 2)).toEqual([["1"], ["x"]]);
  });

  test("finds the type of a column whose first values are far down", async () => {
    const table = await csv(`a,b,c\n${"x,,\n".repeat(2000)}x,7,\nx,8,\n`);
    expect(table.columns.map(({ sql }) => sql)).toEqual(["VARCHAR", "BIGINT", "VARCHAR"]);
  });

  // Time that grew with the square of the columns would be minutes here.
  test("finds the types of 2,000 columns in seconds", async () => {
    const kinds = [
      ["BIGINT", (row: number) => row],
      ["VARCHAR", (row: number) => `word ${row}`],
      ["DOUBLE", (row: number) => row / 8],
      ["DATE", () => "2026-01-31"],
      ["BOOLEAN", (row: number) => (row % 3 === 0 ? "" : "true")],
    ] as const;
    const columns = Array.from({ length: 2000 }, (_, index) => ({ name: `c${index}`, kind: kinds[index % 5]! }));
    const lines = Array.from({ length: 200 }, (_, row) => columns.map(({ kind }) => kind[1](row + 1)).join(","));
    const table = await csv([columns.map(({ name }) => name).join(","), ...lines].join("\n"));
    expect(table.columns.map(({ name, sql }) => ({ name, sql }))).toEqual(
      columns.map(({ name, kind }) => ({ name, sql: kind[0] })),
    );
    const [last] = await workspace.tables.rows(table, 199, 1);
    expect(last!.slice(-5)).toEqual([200, "word 200", 25, "2026-01-31", true]);
  });

  test("of columns and rows that need more memory than there is, is an error with a cure", async () => {
    const lines = [manyNames(2000).join(","), ...Array.from({ length: 20_000 }, () => ",".repeat(1999)), ""];
    await expect(file("csv", lines.join("\n"))).rejects.toMatchObject({
      code: "data.memory",
      message: expect.stringMatching(/^file\d+\.csv: its columns and rows together need more than 1 GB of memory$/),
      cure: expect.stringContaining("files of fewer columns"),
    });
    expect((await csv("a\n1")).rows).toEqual([[1]]);
  });

  test("does not take a day that is none for a date", async () => {
    expect((await csv("a\n2026-02-30\n2026-01-01\n")).columns[0]!.sql).toBe("VARCHAR");
  });

  test("keeps an empty field apart from the empty text, and white space in text", async () => {
    expect((await csv('a,b\n,""\n x ,"y "\n')).rows).toEqual([
      [null, ""],
      [" x ", "y "],
    ]);
  });

  test("keeps names as they are, also select, model, with spaces, and quoted ones", async () => {
    const table = await csv('select,model,two words,"a ""b"", c",,\u00e4\n1,2,3,4,5,6\n');
    expect(table.columns.map(({ name }) => name)).toEqual([
      "select",
      "model",
      "two words",
      'a "b", c',
      "column5",
      "\u00e4",
    ]);
    const query = {
      sql: 'select "select" + model as s, "a ""b"", c" as q from t',
      tables: { t: table },
      parameters: {},
    };
    expect((await workspace.tables.query(query)).rows).toEqual([[3, 4]]);
  });

  test("is delimited by comma, semicolon, tab or bar, and by a tab in a .tsv file", async () => {
    for (const delimiter of [",", ";", "\t", "|"])
      expect((await csv(`a${delimiter}b\n1${delimiter}"x${delimiter}y"\n`)).rows).toEqual([[1, `x${delimiter}y`]]);
    expect((await csv("a, b\n1,2\n")).columns.map(({ name }) => name)).toEqual(["a", " b"]);
    expect((await file("tsv", "a, b\tc\n1\t2\n")).columns.map(({ name }) => name)).toEqual(["a, b", "c"]);
  });

  test("may end lines with CRLF, CR or a mixture, have a byte order mark, blank lines and no last line end", async () => {
    const rows = [
      [1, "x\r\ny"],
      [2, "z"],
    ];
    for (const text of [
      'a,b\r\n1,"x\r\ny"\r\n2,z',
      'a,b\r1,"x\r\ny"\r2,z\r',
      'a,b\r\n1,"x\r\ny"\n2,z\n',
      '\uFEFFa,b\n1,"x\r\ny"\n\n2,z\n\n',
      '\uFEFF\n\n\na,b\n\n1,"x\r\ny"\n2,z',
      '\r\n\r\na,b\r\n1,"x\r\ny"\r\n2,z',
      '\r\ra,b\r1,"x\r\ny"\r2,z',
      '\n\r\n\ra,b\n1,"x\r\ny"\r\n2,z',
    ])
      expect((await file("csv", text)).rows).toEqual(rows);
  });

  test("of a header alone is a table without rows", async () => {
    for (const text of ["a,b", "a,b\n"])
      expect(await csv(text)).toMatchObject({ columns: [{ name: "a" }, { name: "b" }], rowCount: 0 });
  });

  test.each([
    ["a,b\n1,2\n\n3\n4,5\n", "data.ragged", 4, "1 field where the header has 2"],
    ["a,b\n1,2\n1,2,3\n", "data.ragged", 3, "3 fields where the header has 2"],
    ["a,b\n1,2,\n", "data.ragged", 2, "3 fields where the header has 2"],
    ['a,b\n"x\ny",1\n2\n', "data.ragged", 4, "1 field where the header has 2"],
    ['a,b\n1,"x\n3,4\n', "data.quote", 2, "opens here and is never closed"],
    ['a,b\n1,"x"y\n', "data.quote", 2, "text follows a closing double quote"],
    ["a,B,b\n1,2,3\n", "data.duplicate-column", 1, 'columns 2 and 3 are both named "b"'],
    ["", "data.empty", null, "there is nothing in it"],
    ["\n\n", "data.empty", null, "there is nothing in it"],
    ["a\n\0\n", "data.binary", null, "zero byte"],
  ])("%j is %s", async (text, code, line, message) => {
    const error = { code, message: expect.stringContaining(message), cure: expect.any(String) };
    await expect(csv(text)).rejects.toMatchObject(
      line === null ? error : { ...error, position: expect.objectContaining({ line, column: 1 }) },
    );
  });

  test("of any texts comes back as it was, whatever its line ends", async () => {
    const field = fc.oneof(
      fc.string({ unit: fc.constantFrom("a", " ", ",", '"', "\n", "\r", ";", "0", "\u00e9", "\u{1f600}") }),
      fc.constantFrom("1", "007", ""),
    );
    const quoted = (text: string) => `"${text.replaceAll('"', '""')}"`;
    await fc.assert(
      fc.asyncProperty(
        fc
          .integer({ min: 1, max: 4 })
          .chain((width) =>
            fc.array(fc.array(field, { minLength: width, maxLength: width }), { minLength: 1, maxLength: 6 }),
          ),
        fc.constantFrom("\n", "\r\n", "\r"),
        async (rows, end) => {
          const names = rows[0]!.map((_, index) => `c${index}`);
          const marker = names.map(() => '"text"');
          const text = [names, marker, ...rows.map((row) => row.map(quoted))].map((line) => line.join(",")).join(end);
          expect((await csv(text)).rows).toEqual([names.map(() => "text"), ...rows]);
        },
      ),
      { numRuns: 100 },
    );
  });
});

describe("encodings", () => {
  const text = "name,town\nJos\u00e9,K\u00f6ln\n";
  const rows = [["Jos\u00e9", "K\u00f6ln"]];

  test("UTF-16 is known by its mark, others by their name", async () => {
    expect((await file("csv", iconv.encode(text, "utf-16le", { addBOM: true }))).rows).toEqual(rows);
    expect((await file("csv", iconv.encode(text, "utf-16be", { addBOM: true }))).rows).toEqual(rows);
    expect((await file("csv", iconv.encode(text, "latin1"), "latin1")).rows).toEqual(rows);
    expect((await file("json", iconv.encode('[{"a":"\u00e9"}]', "latin1"), "latin1")).rows).toEqual([["\u00e9"]]);
  });

  test("what is not UTF-8 is an error with byte, line and cure", async () => {
    await expect(file("csv", iconv.encode(text, "latin1"))).rejects.toMatchObject({
      code: "data.encoding",
      message: expect.stringMatching(/file\d+\.csv, line 2: byte 13 \(0xE9\) is not UTF-8/),
      cure: expect.stringContaining("encoding: latin1"),
    });
    const late = Buffer.concat([
      Buffer.from(`a\n${"x\u{1f600}\n".repeat(300_000)}`),
      Buffer.from([0xc3]),
      Buffer.from("\n"),
    ]);
    await expect(file("csv", late)).rejects.toMatchObject({
      message: expect.stringContaining("line 300002: byte 1800002 (0xC3)"),
    });
    expect((await file("csv", `a\n${"x\u{1f600}\uFFFD\n".repeat(300_000)}`)).rowCount).toBe(300_000);
  });

  test("an encoding that is none, or not the file's, is an error", async () => {
    await expect(file("csv", text, "nonsense")).rejects.toMatchObject({ code: "data.encoding" });
    await expect(file("csv", Buffer.from("a\n\x81\xff\n", "latin1"), "shift_jis")).rejects.toMatchObject({
      code: "data.encoding",
      message: expect.stringContaining("line 2"),
    });
  });

  test.each(["utf-16le", "utf-16be"])(
    "a character of %s is whole wherever a part of the file ends",
    async (encoding) => {
      const text = `a\n${"x".repeat(2 ** 19 - 4)}\u{1f600}\n`;
      const table = await file("csv", iconv.encode(text, encoding, { addBOM: true }));
      expect(await workspace.tables.rows(table, 0, 1)).toEqual([[text.slice(2, -1)]]);
      await expect(file("csv", iconv.encode("a\nx\ud800\n", encoding, { addBOM: true }))).rejects.toMatchObject({
        message: expect.stringContaining(`line 2: a character is not ${encoding}`),
      });
    },
  );

  const sample = join(dirname(fileURLToPath(import.meta.url)), "../../../shared/data/documents/test_mskanji.csv");
  test.skipIf(!existsSync(sample))(
    "a real file in Shift-JIS is refused, and read with its encoding (needs ../shared)",
    async () => {
      await copyFile(sample, join(workspace.folders.datasets, "kanji.csv"));
      await expect(workspace.tables.importFile("kanji.csv")).rejects.toMatchObject({ code: "data.encoding" });
      const table = await workspace.tables.importFile("kanji.csv", { encoding: "shift_jis" });
      expect(JSON.stringify(table.columns) + JSON.stringify(table.rows)).toMatch(/[\u3040-\u30ff\u4e00-\u9fff]/);
    },
  );
});

describe("a file", () => {
  test.each([
    ["PK\u0003\u0004rest", "a zip archive"],
    ["PAR1....PAR1", "a Parquet file"],
    ["%PDF-1.7", "a PDF document"],
    ["abc\0def", "byte 3 is zero"],
  ])("named .csv that is not text says what it is: %j", async (content, message) => {
    await expect(file("csv", Buffer.from(content, "latin1"))).rejects.toMatchObject({
      code: "data.binary",
      message: expect.stringContaining(message),
    });
  });

  test("has a version, the hash of its bytes, that follows its content", async () => {
    await workspace.write("versioned.csv", "a\n1\n");
    const first = await workspace.tables.fileVersion("versioned.csv");
    const table = await workspace.tables.importFile("versioned.csv");
    expect(await workspace.tables.fileVersion("versioned.csv")).toBe(first);
    await workspace.write("versioned.csv", "a\n2\n");
    expect(await workspace.tables.fileVersion("versioned.csv")).not.toBe(first);
    expect((await workspace.tables.importFile("versioned.csv")).rows).toEqual([[2]]);
    await workspace.write("versioned.csv", "a\n1\n");
    expect(await workspace.tables.fileVersion("versioned.csv")).toBe(first);
    expect(await workspace.tables.importFile("versioned.csv")).toEqual(table);
  });

  test("is found within the folder of datasets only", async () => {
    await workspace.write("deep/a.csv", "a\n1\n");
    expect((await workspace.tables.importFile("deep/a.csv")).rows).toEqual([[1]]);
    await symlink("/etc/hostname", join(workspace.folders.datasets, "link.csv"));
    await workspace.write("../outside.csv", "a\n1\n");
    for (const path of ["link.csv", "../outside.csv"])
      await expect(workspace.tables.importFile(path)).rejects.toMatchObject({ code: "data.outside" });
    for (const path of ["missing.csv", "deep", "/etc/hostname"])
      await expect(workspace.tables.importFile(path)).rejects.toMatchObject({ code: "data.not-found" });
    await workspace.write("a.xlsx", "x");
    await expect(workspace.tables.importFile("a.xlsx")).rejects.toMatchObject({ code: "data.format" });
  });

  test("of Parquet keeps its types, and one that is none is an error", async () => {
    const made = await workspace.tables.query({
      sql: "select i as id, i / 4 as part, date '2026-01-01' + i::int as day, i::hugeint as huge from range(300) r(i)",
      tables: {},
      parameters: {},
    });
    await copyFile(
      join(workspace.folders.files, `${made.hash}.parquet`),
      join(workspace.folders.datasets, "made.parquet"),
    );
    const table = await workspace.tables.importFile("made.parquet");
    expect(table.columns.map(({ sql }) => sql)).toEqual(["BIGINT", "DOUBLE", "DATE", "VARCHAR"]);
    expect(await workspace.tables.rows(table, 299, 1)).toEqual([[299, 74.75, "2026-10-27", "299"]]);
    for (const content of ["a,b\n1,2\n", "PAR1nothingPAR1"])
      await expect(file("parquet", content)).rejects.toMatchObject({ code: "data.parquet" });
  });
});

test("a file is itself alone, whatever its name or its folder's would mean as a pattern or a partition", async () => {
  await using odd = await temporaryTables("sheaf-[1]-id=5-");
  for (const { folders, tables, write } of [workspace, odd]) {
    const made = await tables.query({ sql: "select id from range(300) r(id)", tables: {}, parameters: {} });
    expect(await tables.rows(made, 299, 1)).toEqual([[299]]);
    for (const name of ["part1", "part[1]", "part*", "part?", "year=2026/part"]) {
      await write(`${name}.csv`, `name\n${name}\n`);
      await copyFile(join(folders.files, `${made.hash}.parquet`), join(folders.datasets, `${name}.parquet`));
    }
    for (const name of ["part[1]", "part*", "part?"])
      expect((await tables.importFile(`${name}.csv`)).rows).toEqual([[name]]);
    for (const name of ["part[1]", "part*", "year=2026/part"])
      expect(await tables.importFile(`${name}.parquet`)).toEqual(made);
  }
});

describe("JSON, JSONL and YAML", () => {
  const rows = [
    { id: 1, text: "2026-01-01", tags: ["a", "b"], big: 2n ** 60n },
    { id: 2, text: null, tags: ["c"], big: null },
  ];
  const lines = ['{"id":1,"text":"2026-01-01","tags":["a","b"],"big":1152921504606846976}', '{"id":2,"tags":["c"]}'];
  const yaml = "- id: 1\n  text: '2026-01-01'\n  tags: [a, b]\n  big: 1152921504606846976\n- { id: 2, tags: [c] }\n";

  test("give the same table, texts as texts and whole numbers exactly", async () => {
    const table = await workspace.tables.fromRows(rows);
    expect(table.columns.map(({ sql }) => sql)).toEqual(["BIGINT", "VARCHAR", "JSON", "BIGINT"]);
    expect(await file("json", `[${lines.join(",\n")}]`)).toEqual(table);
    expect(await file("jsonl", `\uFEFF${lines.join("\r\n\r\n")}\r\n`)).toEqual(table);
    expect(await file("yaml", yaml)).toEqual(table);
    expect(await workspace.tables.importText(yaml, "yaml")).toEqual(table);
  });

  test.each([
    ["json", '[{"a": 1},\n{"a": }]', "data.json", 2],
    ["json", "[{'a': 1}]", "data.json", 1],
    ["json", '{"a": 1}', "data.rows", 1],
    ["json", '[{"a": 1}, 2]', "data.rows", null],
    ["json", " ", "data.empty", null],
    ["json", '[{"a": 1, "b": "\\\\\\"", "c": ":"},\n{"b": {"a": [{"c": ""}]},\n"\\u0062" : 2}]', "data.json", 3],
    ["json", '[{"a": [{"b": 1,\n"b": 1}]}]', "data.json", 2],
    ["jsonl", '{"a": 1}\n{"a": 1\n', "data.json", 2],
    ["jsonl", '{"a": "a"}\n{"a": {"a": 1}, "a": 2}\n', "data.json", 2],
    ["jsonl", '{"a": 1}\n\n[1]\n', "data.rows", 3],
    ["yaml", "- a: 1\n- b: 'x\n", "data.yaml", 3],
    ["yaml", "- a: 1\n  a: 2\n", "data.yaml", 2],
    ["yaml", "a: 1\n", "data.rows", 1],
    [
      "yaml",
      `a: &a [x,x,x,x,x,x]\n${"bcdefghi".replace(/./g, (c) => `${c}: &${c} [${`*${String.fromCharCode(c.charCodeAt(0) - 1)},`.repeat(6)}]\n`)}`,
      "data.yaml",
      null,
    ],
  ] as const)("%s that is wrong is an error with its line: %j", async (format, text, code, line) => {
    const error = { code, cure: expect.any(String) };
    await expect(workspace.tables.importText(text, format)).rejects.toMatchObject(
      line === null ? error : { ...error, position: expect.objectContaining({ line }) },
    );
  });
});

describe("a table of more than 2,000 columns", () => {
  const row = Object.fromEntries(manyNames(2001).map((name, index) => [name, index]));

  test.each([
    ["csv", `${Object.keys(row).join(",")}\n${Object.values(row).join(",")}\n`],
    ["tsv", `${Object.keys(row).join("\t")}\n`],
    ["json", JSON.stringify([row])],
    ["jsonl", JSON.stringify(row)],
    ["yaml", JSON.stringify([row])],
  ])("is refused as %s, with the bound and a cure", async (ending, content) => {
    await expect(file(ending, content)).rejects.toMatchObject({
      code: "data.columns",
      message: expect.stringMatching(/^file\d+\.\w+(, line 1)?: it has 2,001 columns; at most 2,000 are read$/),
      cure: "Split it into files of fewer columns, or make a record of each value: `id,name,value`.",
    });
  });

  test("is refused as Parquet", async () => {
    const { hash } = await workspace.tables.fromRows(Array.from({ length: 101 }, () => row));
    await copyFile(join(workspace.folders.files, `${hash}.parquet`), join(workspace.folders.datasets, "wide.parquet"));
    await expect(workspace.tables.importFile("wide.parquet")).rejects.toMatchObject({
      code: "data.columns",
      message: "wide.parquet: it has 2,001 columns; at most 2,000 are read",
    });
  });
});

test("a workspace that cannot be written says so", async () => {
  await using broken = await temporaryTables();
  await broken.write("../files", "a file where the folder should be");
  await expect(broken.tables.fromRows([{ a: 1 }])).rejects.toMatchObject({
    code: "workspace.folder",
    cure: expect.any(String),
  });
});
