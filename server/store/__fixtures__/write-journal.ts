import { writeSync } from "node:fs";
import { openJournal } from "#server/store/open-journal.ts";

// Writes calls to a journal, 32 in flight, and says each one on stdout after its end was acknowledged:
// write-journal.ts FOLDER NAME COUNT

const [folder, name, count] = process.argv.slice(2) as [string, string, string];
const journal = await openJournal({ folder, workspace: "local" });
writeSync(1, "open\n");
let next = 0;

async function writeCalls(): Promise<void> {
  while (next < Number(count)) {
    const key = `${name}-${next++}`;
    const place = { notebook: "a.md", address: "topic", step: 0, run: name };
    const id = await journal.begin({ ...place, key, model: "echo/echo", request: { key }, sentAt: 1 });
    const usage = { input: 1, output: 1 };
    await journal.finish(id, { state: "done", endedAt: 2, text: key, usage, cost: 0, price: null });
    writeSync(1, `wrote ${key}\n`);
  }
}

await Promise.all(Array.from({ length: 32 }, writeCalls));
await journal.close();
