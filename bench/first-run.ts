import { execFileSync, spawn } from "node:child_process";
import { mkdtemp, readFile, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

/**
 * The README's two commands on a clean clone in an empty folder, with an empty npm cache: how long each takes, when the first answer
 * is there, how many bytes the machine received meanwhile, and the most memory all of its processes held at once. Linux only.
 * Run with: node bench/first-run.ts [--rows N] [--no-test]
 */
const root = fileURLToPath(new URL("..", import.meta.url));
const words = process.argv.slice(2);
const folder = await mkdtemp(join(tmpdir(), "sheaf-first-run-"));
const clone = join(folder, "sheaf");

interface Figures {
  readonly seconds: number;
  readonly megabytes: number;
  readonly peakMegabytes: number;
  /** Seconds until what was waited for was written, null where it never was. */
  readonly firstSeconds: number | null;
  readonly code: number | null;
}

try {
  execFileSync("git", ["clone", "--quiet", root, clone]);
  const rows = words.indexOf("--rows");
  const run = [
    "run",
    "-s",
    "sheaf",
    "--",
    "run",
    "public/examples/card-triage.md",
    "--agree",
    ...(rows < 0 ? [] : ["--rows", words[rows + 1]!]),
  ];
  report("npm ci", await measure(["ci", "--cache", join(folder, "cache")]));
  report("sheaf run card-triage", await measure(run, /^vote[ :]/m));
  report("the same again", await measure(run, /^vote[ :]/m));
  if (!words.includes("--no-test")) report("npm test", await measure(["test"]));
} finally {
  await rm(folder, { recursive: true, force: true });
}

function report(name: string, { seconds, megabytes, peakMegabytes, firstSeconds, code }: Figures): void {
  const first = firstSeconds === null ? "" : `, first answer after ${firstSeconds.toFixed(1)} s`;
  console.log(
    `${name}: ${seconds.toFixed(1)} s${first}, ${megabytes.toFixed(0)} MB received, peak ${peakMegabytes.toFixed(0)} MB in memory, exit code ${code}`,
  );
}

/** Runs npm in the clone and watches its processes four times a second. */
async function measure(npm: readonly string[], first?: RegExp): Promise<Figures> {
  const before = await received();
  const start = performance.now();
  const child = spawn("npm", npm, { cwd: clone, stdio: ["ignore", "pipe", "pipe"] });
  let output = "";
  let firstSeconds: number | null = null;
  let peak = 0;
  const watch = (text: Buffer): void => {
    output = `${output}${text.toString()}`.slice(-100_000);
    if (first !== undefined && firstSeconds === null && first.test(output))
      firstSeconds = (performance.now() - start) / 1000;
  };
  child.stdout.on("data", watch);
  child.stderr.on("data", watch);
  const timer = setInterval(() => void memoryOf(child.pid!).then((bytes) => (peak = Math.max(peak, bytes))), 250);
  const code = await new Promise<number | null>((resolve) => child.on("close", resolve));
  clearInterval(timer);
  if (code !== 0) console.error(output.slice(-2000));
  return {
    seconds: (performance.now() - start) / 1000,
    megabytes: ((await received()) - before) / 1e6,
    peakMegabytes: peak / 1e6,
    firstSeconds,
    code,
  };
}

/** Bytes received on all interfaces but loopback. */
async function received(): Promise<number> {
  const lines = (await readFile("/proc/net/dev", "utf8")).split("\n").slice(2);
  return lines.reduce((sum, line) => {
    const [name = "", rest = ""] = line.split(":");
    return name.trim() === "lo" ? sum : sum + Number(rest.trim().split(/\s+/)[0] ?? 0);
  }, 0);
}

/** Resident bytes of a process and its descendants: shared pages count in each, so it is an upper bound. */
async function memoryOf(pid: number): Promise<number> {
  const parents = new Map<number, number>();
  const resident = new Map<number, number>();
  for (const entry of await readdir("/proc")) {
    if (!/^\d+$/.test(entry)) continue;
    const stat = await readFile(`/proc/${entry}/stat`, "utf8").catch(() => "");
    const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
    parents.set(Number(entry), Number(fields[1]));
    resident.set(Number(entry), Number(fields[21] ?? 0) * 4096);
  }
  const belongs = (id: number): boolean =>
    id === pid || (parents.has(id) && parents.get(id) !== 0 && belongs(parents.get(id)!));
  return [...resident].reduce((sum, [id, bytes]) => (belongs(id) ? sum + bytes : sum), 0);
}
