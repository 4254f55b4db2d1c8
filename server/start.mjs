// Plain JavaScript, so that a Node that cannot run the rest can still say so.
import module from "node:module";
import { fileURLToPath } from "node:url";

const [major] = process.versions.node.split(".").map(Number);
if (major < 24) {
  process.stderr.write(
    `sheaf: Node ${process.versions.node} is too old: Node 24 or newer is needed.\n` +
      "Run `npm ci` in Sheaf's folder and start it with `npm run -s sheaf -- …`: npm installs the right Node with it. Where that is not offered for your machine, install Node 24.\n",
  );
  process.exit(2);
}
// Half of a start is compiling, which need be done once only, here and in threads. Where the folder cannot be written it is done each time.
process.env.NODE_COMPILE_CACHE ??= fileURLToPath(new URL("../node_modules/.cache/sheaf", import.meta.url));
module.enableCompileCache();
const { main } = await import("./main.ts");
await main(process.argv.slice(2));
