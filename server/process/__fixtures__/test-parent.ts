import { createChild } from "../child.ts";
import { endAllChildren } from "../live-children.ts";

/** A parent for a test to end: it starts a child, has it spin or wait, and prints its process id. */
const [, , method = "untilCancelled", ending = "wait"] = process.argv;
const child = createChild({ name: "test", module: new URL("test-child.ts", import.meta.url) });
await child.call("echo", 1);
process.stdout.write(`${child.pid}\n`);
if (method !== "none") child.call(method, null).catch(() => {});
if (ending === "throw") {
  setTimeout(() => {
    throw new Error("uncaught");
  }, 100);
}
if (ending === "exit") setTimeout(() => process.exit(0), 100);
if (ending === "end-all") {
  setTimeout(() => {
    endAllChildren();
    endAllChildren();
    child.call("echo", 1).catch((error: { code: string }) => process.stdout.write(`${error.code}\n`));
    setTimeout(() => {}, 10_000);
  }, 100);
}
