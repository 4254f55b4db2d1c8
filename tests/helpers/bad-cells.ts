/** Lines of a notebook with something wrong in them, and what must be told: `LINE:COLUMN CELL: message → cure`, lines counted within. */
export interface BadCells {
  readonly what: string;
  readonly lines: readonly string[];
  readonly told: readonly string[];
}

/** Everything that can be wrong in cells. Files and cells they name are those of `tests/bad-cells.test.ts`. */
export const badCells: readonly BadCells[] = [
  {
    what: "a template with an unclosed tag",
    lines: ["```template unclosed", "Hello", "  {{ name", "```"],
    told: ["3:3 `{{` is never closed / Close it with `}}`."],
  },
  {
    what: "a template with an unclosed block",
    lines: ["```template unended", "{% if name %}", "yes", "```"],
    told: ["2:1 `{% if %}` is never ended / End it with `{% endif %}`."],
  },
  {
    what: "range(10**9)",
    lines: ["```template huge", "{% for i in range(10**9) %}{{ i }}{% endfor %}", "```"],
    told: [
      "2:13 huge: this takes more than 1,000,000 steps / Make the list, the text or the number smaller, or leave the work to a sql or js cell.",
    ],
  },
  {
    what: "a name there is not",
    lines: ["```template unknown", "Hello {{ nme }}", "```"],
    told: ["2:10 there is no input or cell `nme` / Did you mean `name`?"],
  },
  {
    what: "an attribute there is not",
    lines: ["```template lacking", "", "{{ rows[0].colour }}", "```"],
    told: ["3:12 lacking: `rows[0]` has no `colour`"],
  },
  {
    what: "SQL with an error",
    lines: ["```sql misspelt", "select name,", "  fro rows", "```"],
    told: ['3:7 syntax error at or near "rows" / Correct the SQL here.'],
  },
  {
    what: "SQL that names a column there is not",
    lines: ["```sql columnless", "select colour", "from rows", "```"],
    told: [
      '2:8 columnless: Referenced column "colour" not found in FROM clause! / Candidate bindings: "two words", "model" / Correct the SQL.',
    ],
  },
  {
    what: "a CSV with ragged rows",
    lines: ["```data ragged", "id,text", "1,a", "2,b,extra", "3,c", "```"],
    told: [
      "4:1 ragged: line 3: 3 fields where the header has 2 / Give every line as many fields as the header; put a field that holds the delimiter or a line end in double quotes.",
    ],
  },
  {
    what: "a CSV file with ragged rows",
    lines: ["```data ragged_file", "---", "file: ragged.csv", "---", "```"],
    told: [
      "3:7 ragged_file: ragged.csv, line 3: 3 fields where the header has 2 / Give every line as many fields as the header; put a field that holds the delimiter or a line end in double quotes.",
    ],
  },
  {
    what: "binary bytes named .csv",
    lines: ["```data binary", "---", "file: binary.csv", "---", "```"],
    told: [
      "3:7 binary: binary.csv: it is not text but a zip archive (or an Excel or OpenDocument file) / Save its table as CSV, or name it by its own ending.",
    ],
  },
  {
    what: "binary bytes named .csv, in SQL",
    lines: ["```sql binary_rows", "select *", "from 'binary.csv'", "```"],
    told: [
      "3:6 binary_rows: binary.csv: it is not text but a zip archive (or an Excel or OpenDocument file) / Save its table as CSV, or name it by its own ending.",
    ],
  },
  {
    what: "another encoding than UTF-8",
    lines: ["```data latin", "---", "file: latin.csv", "---", "```"],
    told: [
      "3:7 latin: latin.csv, line 2: byte 9 (0xEB) is not UTF-8 / Save it as UTF-8, or add its encoding, such as `encoding: latin1` or `encoding: shift_jis`.",
    ],
  },
  {
    what: "a dataset file there is not",
    lines: ["```data nowhere", "---", "file: nowhere.csv", "---", "```"],
    told: [
      "3:7 nowhere: there is no dataset file nowhere.csv / Give its path within `datasets/` of the workspace WORKSPACE, as in `banking77/train.csv`.",
    ],
  },
  {
    what: "a cycle",
    lines: ["```template hen", "{{ egg }}", "```", "```template egg", "{{ hen }}", "```"],
    told: [
      "1:1 `hen` reads itself: hen → egg → hen / Take one of these references away; a loop over earlier results is not a cell's own reading.",
      "4:1 `egg` reads itself: hen → egg → hen / Take one of these references away; a loop over earlier results is not a cell's own reading.",
    ],
  },
  {
    what: "two cells with one name",
    lines: ["```template twice", "one", "```", "```template twice", "two", "```"],
    told: [
      "1:1 `twice` is also the name of the cell at line 81 / Rename one of them; names differ by more than their case.",
      "4:1 `twice` is also the name of the cell at line 78 / Rename one of them; names differ by more than their case.",
    ],
  },
  {
    what: "two axes that do not fit",
    lines: [
      "```prompt first",
      "---",
      "model: echo/upper",
      "vary: { tone: [a, b] }",
      "---",
      "{{ vary.tone }}",
      "```",
      "```prompt second",
      "---",
      "model: echo/upper",
      "vary: { tone: [b, c] }",
      "---",
      "{{ vary.tone }}",
      "```",
      "```template misfit",
      "{{ first }} {{ second }}",
      "```",
    ],
    told: [
      '16:16 `misfit` varies `tone` over a, b (declared by `first`) and reads `second`, which varies it over b, c (declared by `second`) / Give one of them another name, as in `vary: { misfit_tone: [a, b] }`, or read one label with `.at(tone="…")`.',
    ],
  },
  {
    what: "an unknown model",
    lines: ["```prompt unknown_model", "---", "model: opnai/gpt-5", "---", "Hi", "```"],
    told: [
      "3:8 unknown_model: there is no provider or endpoint called opnai / Did you mean openai/…? Providers are local, openai, anthropic, openai-compatible, echo, ollama, lm-studio, vllm, openrouter, groq, deepseek, mistral, gemini, server; an alias is defined in the front matter's models.",
    ],
  },
  {
    what: "a wrong key",
    lines: ["```prompt wrong_key", "---", "model: server/scripted", "---", "Hi", "```"],
    told: [
      "3:8 wrong_key: server (HTTP 401): Incorrect API key provided / Set OPENAI_COMPATIBLE_API_KEY to a valid key.",
    ],
  },
  {
    what: "code that throws",
    lines: ["```js throwing", "const one = 1;", "throw new Error('not ' + one);", "```"],
    told: ["3:16 throwing: Error: not 1"],
  },
  {
    what: "code that is none",
    lines: ["```js codeless", "const one = ;", "```"],
    told: ["2:13 Unexpected token / Correct the code here: it is the body of a function, in JavaScript or TypeScript."],
  },
  {
    what: "a sheet whose cells read columns there are not",
    lines: [
      "````sheet lacking_columns",
      "---",
      "rows: rows",
      "with: { name: =row.nmae }",
      "columns: [greeting]",
      "---",
      "```template inner",
      "{{ row.colour }}",
      "```",
      "```template fine",
      "{{ row.select }}",
      "```",
      "````",
    ],
    told: [
      "4:16 lacking_columns.greeting: the rows of `lacking_columns` have no column `nmae` / Did you mean `name`?",
      "8:4 lacking_columns.inner: the rows of `lacking_columns` have no column `colour` / They have: id, name, select, model, two words.",
    ],
  },
  {
    what: "a sheet whose rows failed",
    lines: [
      "```sheet rowless",
      "---",
      "rows: ragged",
      "with: { name: =row.text }",
      "columns: [greeting]",
      "---",
      "```",
    ],
    // It is blocked by a cell that has told why.
    told: [],
  },
  {
    what: "settings that are none",
    lines: ["```chart wrong_chart", "data: rows", "type: pie", "x: select", "y: id", "```"],
    told: ["3:7 `type` must be one of bar, line, scatter, histogram / `chart` takes data, type, x, y, series."],
  },
  {
    what: "a chart of a column there is not",
    lines: ["```chart off_column", "data: rows", "x: select", "y: [id, nmae]", "```"],
    told: ["4:9 off_column: `rows` has no column `nmae` / Did you mean `name`?"],
  },
  {
    what: "a chart of no table",
    lines: ["```chart off_table", "type: line", "data: greeting", "x: id", "```"],
    told: ["3:7 off_table: `greeting` is no table / Name a cell whose value is a table."],
  },
  {
    what: "a search in no table",
    lines: ["```retrieve off_search", "text: name", "from: greeting", "query: hello", "```"],
    told: ["3:7 off_search: `greeting` is no table / `from:` names a cell whose value is a table."],
  },
  {
    what: "data with two sources",
    lines: ["```data doubled", "---", "file: ragged.csv", "---", "id", "1", "```"],
    told: ["3:7 doubled: the cell has rows of its own and a `file:` / Keep one of them."],
  },
  {
    what: "a prompt without a model",
    lines: ["```prompt modelless", "Hi", "```"],
    told: [
      "1:1 modelless: the prompt names no model / Write `model: local/smollm2-135m-instruct`, or a short name of the front matter's `models`.",
    ],
  },
  {
    what: "a model's own setting that is none",
    lines: ["```prompt heated", "---", "model: hot", "---", "Hi", "```"],
    told: [
      "3:8 heated: of the model's own settings, `temperature` must be at most 2 / Correct it in the front matter's `models`, or where the model is named.",
    ],
  },
  {
    what: "a setting that is computed to be none",
    lines: ["```prompt worded", "---", "model: echo/upper", "max_tokens: =name", "---", "Hi", "```"],
    told: ["4:13 worded: `max_tokens` must be a number, not a text / Correct it here, or what it is computed from."],
  },
  {
    what: "scorers there are not, and what is no check",
    lines: [
      "```score miswritten",
      "---",
      "output: =greeting",
      "---",
      "- equal",
      "- { not-contians: Ada, weight: =name }",
      "- contains: Ada",
      "- 5",
      "- { equals: a, contains: b }",
      "- { equals: a, threshold: 2 }",
      "```",
    ],
    told: [
      "5:3 there is no scorer equal / Did you mean `equals`?",
      "6:3 there is no scorer not-contians / Did you mean `not-contains`?",
      "8:3 a check is a scorer's name, not 5 / The scorers are equals, contains, regex, json-equal, similarity, code, each also with not- before it.",
      "9:3 a check has one scorer, not 2: equals, contains / Begin each check with its own dash.",
      "10:3 equals: its threshold is a number from 0 to 1 / Write it as in `threshold: 0.8`.",
    ],
  },
  {
    what: "a score without checks",
    lines: ["```score checkless", "---", "output: =greeting", "---", "```"],
    told: ["1:1 checkless: the score has no checks / Write a list: `- equals`, `- contains: =row.must`."],
  },
  {
    what: "a score by a judge",
    lines: ["```score judged", "---", "judge: first", "output: =greeting", "---", "- equals: a", "```"],
    told: [
      "3:8 judged: scores by a judge's prompt are not there yet / Use checks or `language: js`, or put the judge into a prompt cell and score its answer.",
    ],
  },
];
