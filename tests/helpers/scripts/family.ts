import { spawn } from "node:child_process";

// A process with a child and a grandchild that outlive it, as processes must not: what `runProcess` is tested with.
const generations = Number(process.argv[2]);
if (generations > 0)
  spawn(process.execPath, [process.argv[1]!, String(generations - 1)], { stdio: ["ignore", "inherit", "ignore"] });
console.log(`generation ${generations} is here: ${process.pid}`);
console.error("and says so");
process.stdin.on("data", (text) => console.log(`heard ${String(text).trim()}`));
setInterval(() => {}, 60_000);
