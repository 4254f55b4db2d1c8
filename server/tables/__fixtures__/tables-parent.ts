import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout } from "node:timers/promises";
import { openTables } from "../index.ts";

// Opens tables in the folder given, has both processes work, writes their ids as JSON, and waits to be killed.
const folder = process.argv[2]!;
const tables = openTables({ files: join(folder, "files"), cache: join(folder, "cache"), datasets: folder });
await tables.fromRows([{ a: 1 }]);
void tables.query({ sql: "select repeat('x', 4000000000)", tables: {}, parameters: {} }).catch(() => {});
await setTimeout(500);
const children = readdirSync("/proc")
  .filter((name) => /^\d+$/.test(name))
  .map(Number)
  .filter((pid) => parentOf(pid) === process.pid);
process.stdout.write(`${JSON.stringify(children)}\n`);
await setTimeout(60_000);

function parentOf(pid: number): number | undefined {
  try {
    return Number(/\nPPid:\s*(\d+)/.exec(readFileSync(`/proc/${pid}/status`, "utf8"))?.[1]);
  } catch {
    return undefined;
  }
}
