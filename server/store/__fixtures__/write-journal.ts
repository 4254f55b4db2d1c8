import { writeSync } from "node:fs";
import { openJournal } from "#server/store/open-journal.ts";
import { readSynchronous } from "#server/store/synchronous.ts";

// Writes calls to a journal, 32 in flight, and says each one on stdout after its end was acknowledged:
// write-journal.ts FOLDER NAME COUNT [full | normal]

const [folder, name, count, setting] = process.argv.slice(2) as [string, string, string, string | undefined];
const journal = await openJournal({ folder, workspace: "local", synchronous: readSynchronous(setting) });
say("open");
let next = 0;

/** Writes at once, so that nothing said is lost by a kill; a pipe that is full is tried again. */
function say(line: string): void {
  for (;;) {
    try {
      writeSync(1, `${line}\n`);
      return;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "EAGAIN") throw error;
    }
  }
}

async function writeCalls(): Promise<void> {
  while (next < Number(count)) {
    const key = `${name}-${next++}`;
    const place = { notebook: "a.md", address: "topic", step: 0, run: name };
    const id = await journal.begin({ ...place, key, model: "echo/echo", request: { key }, sentAt: 1 });
    const usage = { input: 1, output: 1 };
    await journal.finish(id, { state: "done", endedAt: 2, text: key, usage, cost: 0, price: { source: "test" } });
    say(`wrote ${key}`);
  }
}

await Promise.all(Array.from({ length: 32 }, writeCalls));
await journal.close();
