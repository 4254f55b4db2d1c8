import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import { cellForms } from "#server/cells/index.ts";
import { parseNotebook } from "#server/notebook/format.ts";
import { isFetched } from "#server/models/__fixtures__/local-models.ts";
import { command } from "./helpers/run-command.ts";

const folder = fileURLToPath(new URL("../public/examples/", import.meta.url));
const hasModels = (await isFetched("local/smollm2-135m-instruct")) && (await isFetched("local/gemma-3-270m"));
const examples = readdirSync(folder).filter((name) => name.endsWith(".md"));

describe.for(examples)("the example %s", (name) => {
  test("is a notebook with a title and nothing wrong, in its one form", async () => {
    const { isNotebook, front, diagnostics } = parseNotebook(readFileSync(`${folder}${name}`, "utf8"), cellForms);
    expect({ isNotebook, diagnostics }).toEqual({ isNotebook: true, diagnostics: [] });
    expect(front.title).not.toBeNull();
    expect(await command("fmt", "--check", `${folder}${name}`)).toMatchObject({ code: 0 });
  });

  test.skipIf(!hasModels)(
    "gives its outputs and two rows of its sheets with the models of this machine",
    { timeout: 120_000 },
    async () => {
      const { code, stdout, stderr } = await command("run", `${folder}${name}`, "--rows", "2", "--json", "--agree");
      expect(stderr).not.toMatch(/^(?:warning|sheaf):/m);
      expect(code).toBe(0);
      const { outputs } = JSON.parse(stdout) as { outputs: { [name: string]: unknown } };
      expect(Object.values(outputs)).not.toContain(null);
    },
  );
});
