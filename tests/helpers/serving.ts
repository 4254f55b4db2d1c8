import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { sheaf } from "./sheaf.ts";
import type { TestProcess } from "./run-process.ts";
import { temporaryFolder } from "./temporary-folder.ts";

/** The workbench as a person starts it, in a process of its own over a temporary workspace. */
export interface ServedWorkspace extends AsyncDisposable {
  readonly folder: string;
  /** `http://localhost:PORT` */
  readonly address: string;
  readonly process: TestProcess;
}

/** Serves a workspace with these notebooks, by name without `.md`, which are trusted, and these dataset files. Where there is no notebook it begins with the example. */
export async function servedWorkspace(
  notebooks: { readonly [name: string]: string } = {},
  datasets: { readonly [path: string]: string } = {},
  deadline = 600_000,
  environment: { readonly [name: string]: string } = {},
): Promise<ServedWorkspace> {
  const folder = await temporaryFolder();
  await mkdir(join(folder.path, "notebooks"));
  await mkdir(join(folder.path, "datasets"));
  for (const [name, text] of Object.entries(notebooks))
    await writeFile(join(folder.path, "notebooks", `${name}.md`), text);
  for (const [path, text] of Object.entries(datasets)) await writeFile(join(folder.path, "datasets", path), text);
  const process = sheaf(["serve", "--port", "0", "--no-build"], {
    folder: folder.path,
    deadline,
    // A test writes nothing into the configuration of whoever runs it.
    environment: { XDG_CONFIG_HOME: join(folder.path, "configuration"), ...environment },
  });
  const [, address] = await process.waitFor(/Sheaf is at (http:\/\/\S+)/);
  for (const name of Object.keys(notebooks))
    await fetch(`${address!}/api/trpc/notebook.trust`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ path: `notebooks/${name}.md` }),
    });
  return {
    folder: folder.path,
    address: address!,
    process,
    async [Symbol.asyncDispose]() {
      await process[Symbol.asyncDispose]();
      await folder[Symbol.asyncDispose]();
    },
  };
}
