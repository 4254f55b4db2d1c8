import { copyFile, mkdir, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { beforeAll, describe, expect, test } from "vitest";
import { runProcess } from "./helpers/run-process.ts";
import { temporaryFolder } from "./helpers/temporary-folder.ts";

const root = fileURLToPath(new URL("../", import.meta.url));

const pure = "This layer is pure: ";
const sideBySide = "Models, tables, retrieval, sandbox, documents and store stand side by side";

/** A file in a layer, what it must not do there, and how the reason begins that it is told. */
const forbidden: readonly (readonly [folder: string, source: string, reason: string])[] = [
  ["server/language", 'import { one } from "#server/notebook/one.ts";', "The expression language is the first layer"],
  ["server/language", 'import { one } from "../notebook/one.ts";', "The expression language is the first layer"],
  ["server/notebook", 'import { one } from "#server/store/one.ts";', "The notebook core is pure"],
  ["server/notebook", 'import { one } from "../store/one.ts";', "The notebook core is pure"],
  ["server/notebook/edit", 'import { one } from "../../models/files/one.ts";', "The notebook core is pure"],
  ["server/notebook", 'import { one } from "../../evals/one.ts";', "The notebook core is pure"],
  ["server/process", 'import { one } from "../models/one.ts";', "Child processes know nothing of what runs in them"],
  ["server/models", 'import { one } from "../store/one.ts";', sideBySide],
  ["server/models/files", 'import { one } from "#server/tables/one.ts";', sideBySide],
  ["server/tables", 'import { one } from "../models/one.ts";', sideBySide],
  ["server/retrieval", 'import { one } from "../tables/one.ts";', sideBySide],
  ["server/sandbox", 'import { one } from "../runner/one.ts";', sideBySide],
  ["server/store", 'import { one } from "../models/one.ts";', sideBySide],
  ["evals", 'import { one } from "../server/tables/one.ts";', "Scorers and statistics are pure"],
  ["evals/scorers", 'import { one } from "#server/cells/one.ts";', "Scorers and statistics are pure"],
  ["server/cells", 'import { one } from "../models/one.ts";', "A kind of cell reaches models, tables and code"],
  ["server/runner", 'import { one } from "../workbench/one.ts";', "The runner joins kinds with real services"],
  ["server/workbench", 'import { one } from "../api/one.ts";', "Open notebooks know nothing of how they are reached"],
  [
    "server/publish",
    'import { one } from "../workbench/one.ts";',
    "What other programs reach is mounted by the server",
  ],
  ["server/api", 'import { one } from "../serve/one.ts";', "The page's API is mounted by the server"],
  ["server/serve", 'import { one } from "../command-line/one.ts";', "The server is started by the command line"],
  ["server/serve", 'import { one } from "../../app/one.ts";', "The server is started by the command line"],
  ["app/sheet", 'import { one } from "#server/store/one.ts";', "The page imports values of the language"],
  ["app/sheet", 'import { one } from "../../server/store/one.ts";', "The page imports values of the language"],
  ["app", 'import { one } from "node:fs/promises";', "The page imports values of the language"],
  ...["server/language", "server/notebook", "evals"].flatMap((folder) =>
    [
      'import { one } from "node:fs";',
      'import { one } from "node:fs/promises";',
      "const one = Date.now();",
      "const one = new Date();",
      "const one = Math.random();",
      "const one = crypto.randomUUID();",
      "const one = performance.now();",
      "const one = process.env;",
      'const one = fetch("");',
      "const one = setTimeout(() => {}, 0);",
      "const one = setInterval(() => {}, 0);",
      "const one = setImmediate(() => {});",
      'const one = new WebSocket("ws://127.0.0.1");',
      "const one = globalThis.fetch;",
      'const one = new Intl.DateTimeFormat("en");',
      "const one = (date: Date) => date.toLocaleDateString();",
      "const one = (date: Date) => date.toLocaleTimeString();",
    ].map((source) => [folder, source, pure] as const),
  ),
];

/** What is fine: types from anywhere, values from above, and what only looks like another layer. */
const allowed: readonly (readonly [folder: string, source: string])[] = [
  ["server/language", 'import type { one } from "../store/one.ts";'],
  ["server/notebook", 'import { one } from "../language/one.ts";'],
  ["server/notebook/edit", 'import { one } from "../parse/one.ts";'],
  ["server/runner", 'import { one } from "../store/one.ts";'],
  ["evals", 'import { one } from "#server/notebook/one.ts";'],
  ["app/sheet", 'import { one } from "../models/one.ts";'],
  ["app/sheet", 'import { one } from "#server/cells/one.ts";'],
];

interface Finding {
  readonly filename: string;
  readonly code: string;
  readonly message: string;
  readonly help?: string;
}

describe("lint by the repository's configuration", () => {
  let findings: readonly Finding[];

  beforeAll(async () => {
    await using folder = await temporaryFolder();
    await copyFile(join(root, ".oxlintrc.json"), join(folder.path, ".oxlintrc.json"));
    for (const [index, [path, source]] of [...forbidden, ...allowed].entries()) {
      const file = join(folder.path, path, `seeded-${index}.ts`);
      await mkdir(dirname(file), { recursive: true });
      await writeFile(file, `${source}\nexport const two = one;\n`);
    }
    await using linting = runProcess(join(root, "node_modules/oxlint/bin/oxlint"), {
      arguments: ["--format", "json"],
      folder: folder.path,
      environment: { PATH: process.env["PATH"] },
    });
    const { stdout } = await linting.ended;
    findings = (JSON.parse(stdout) as { diagnostics: readonly Finding[] }).diagnostics;
  });

  const found = (index: number): readonly Finding[] =>
    findings.filter(
      ({ filename, code }) => filename.endsWith(`/seeded-${index}.ts`) && code.includes("no-restricted-"),
    );

  test.for(forbidden.map((each, index) => [...each, index] as const))(
    "in %s `%s` is an error that says why: %s",
    ([, , reason, index]) => {
      const said = found(index).map(({ message, help = "" }) => `${message} ${help}`);
      expect(said).toEqual([expect.stringContaining(reason)]);
    },
  );

  test.for(allowed.map((each, index) => [...each, index + forbidden.length] as const))(
    "in %s `%s` is fine",
    ([, , index]) => expect(found(index)).toEqual([]),
  );
});
