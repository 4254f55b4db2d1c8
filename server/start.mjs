// Plain JavaScript, so that a Node that cannot run the rest can still say so.
const [major] = process.versions.node.split(".").map(Number);
if (major < 24) {
  process.stderr.write(
    `sheaf: Node ${process.versions.node} is too old: Node 24 or newer is needed.\n` +
      "Run `npm ci` in Sheaf's folder and start it with `npm run -s sheaf -- …`: npm installs the right Node with it. Where that is not offered for your machine, install Node 24.\n",
  );
  process.exit(2);
}
const { main } = await import("./main.ts");
await main(process.argv.slice(2));
