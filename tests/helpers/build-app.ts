import { fileURLToPath } from "node:url";
import { buildApp } from "#server/serve/build-app.ts";

/** Builds the app once before the tests, where it is not as its sources are: what is tested in a browser is what is served. */
export async function setup(): Promise<void> {
  await buildApp(
    fileURLToPath(new URL("../..", import.meta.url)).replace(/\/$/, ""),
    (line) => void process.stderr.write(`${line}\n`),
  );
}
