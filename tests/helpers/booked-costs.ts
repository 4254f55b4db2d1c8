import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";

/** What a call was booked with: its usage, its cost, and how that was worked out. */
export interface BookedCall {
  readonly usage: {
    readonly input: number | null;
    readonly output: number | null;
    readonly cachedInput: number | null;
    readonly cacheWrite: number | null;
    readonly audio?: number | null;
    readonly image?: number | null;
    readonly outputAudio?: number | null;
    readonly outputImage?: number | null;
  };
  readonly cost: number | null;
  readonly price: unknown;
}

/** A rate for a million tokens, or one that changes with the length of the request. */
type Rate =
  | number
  | { readonly base: number; readonly tiers: readonly { readonly start: number; readonly price: number }[] };

interface PriceFacts {
  readonly source: string | null;
  readonly rates?: { readonly [kind: string]: Rate };
  /** What of the list price is paid for a request of a batch. */
  readonly batch?: number;
}

/** What is wrong with a call's cost, told by its usage and rates anew; null where nothing is. Prices that tests write by hand have a `source` of their own. */
export function wrongCost({ usage, cost, price }: BookedCall): string | null {
  const { source, rates = {}, batch = 1 } = (price ?? { source: null }) as PriceFacts;
  const whole = expectedCost(source, rates, usage);
  if (whole === undefined) return null;
  const expected = whole === null ? null : whole * batch;
  if (expected === null ? cost === null : cost !== null && Math.abs(cost - expected) <= 1e-12 + 1e-9 * expected)
    return null;
  return `booked with ${cost}, and ${JSON.stringify(usage)} at ${JSON.stringify(price)} comes to ${expected}`;
}

function expectedCost(
  source: string | null,
  rates: NonNullable<PriceFacts["rates"]>,
  { input, output, cachedInput, cacheWrite, audio, image, outputAudio, outputImage }: BookedCall["usage"],
): number | null | undefined {
  if (source === null) return null;
  if (source === "free" || source === "refused") return 0;
  if (source !== "genai-prices" && source !== "workspace") return undefined;
  if (input === null || output === null) return null;
  const isOwn = source === "workspace";
  const of = (kind: string, own: string): Rate | undefined => rates[isOwn ? own : kind];
  const at = (rate: Rate | undefined): number => {
    if (rate === undefined || typeof rate === "number") return rate ?? 0;
    return rate.tiers.findLast(({ start }) => input > start)?.price ?? rate.base;
  };
  const plain = of("input_mtok", "input");
  const read = of("cache_read_mtok", "cachedInput") ?? plain;
  const write = of("cache_write_mtok", "cacheWrite") ?? plain;
  const answered = of("output_mtok", "output");
  /** Sound and pictures have rates of their own at some models, and text's at the rest. */
  const kinds = [
    [cachedInput ?? 0, read, plain],
    [cacheWrite ?? 0, write, plain],
    [(audio ?? 0) - (outputAudio ?? 0), of("input_audio_mtok", "") ?? plain, plain],
    [(image ?? 0) - (outputImage ?? 0), of("input_image_mtok", "") ?? plain, plain],
    [outputAudio ?? 0, of("output_audio_mtok", "") ?? answered, answered],
    [outputImage ?? 0, of("output_image_mtok", "") ?? answered, answered],
  ] as const;
  const others = kinds.reduce((sum, [count, rate, instead]) => sum + count * (at(rate) - at(instead)), 0);
  const tokens = input * at(plain) + output * at(answered) + others;
  return tokens / 1_000_000 + at(of("requests_kcount", "requests")) / 1_000;
}

/**
 * Every call of every journal in a folder has the cost that its usage and price come to, so that their sums have as well. Throws with
 * those that have not. A journal that a test has spoilt has no calls that could be read.
 */
export function checkBookedCosts(folder: string): void {
  const wrong: string[] = [];
  for (const file of journalsIn(folder)) wrong.push(...wrongCostsIn(file).map((what) => `${file}: ${what}`));
  if (wrong.length > 0)
    throw new Error(
      `${wrong.length} calls of the suite's journals have a wrong cost:\n${wrong.slice(0, 10).join("\n")}`,
    );
}

/** Journals stand in the folder itself, in a workspace, or in one of its folders. */
function journalsIn(folder: string): readonly string[] {
  if (!existsSync(folder)) return [];
  const below = readdirSync(folder, { withFileTypes: true }).flatMap((entry) =>
    entry.isDirectory() ? [join(folder, entry.name), join(folder, entry.name, ".sheaf", "state")] : [],
  );
  return [folder, join(folder, ".sheaf", "state"), ...below]
    .map((place) => join(place, "journal.sqlite"))
    .filter((file) => existsSync(file));
}

function wrongCostsIn(file: string): readonly string[] {
  return readCalls(file).flatMap(({ id, ...call }) => {
    const what = wrongCost(call);
    return what === null ? [] : [`call ${id} is ${what}`];
  });
}

function readCalls(file: string): readonly (BookedCall & { readonly id: number })[] {
  let database: DatabaseSync | undefined;
  try {
    database = new DatabaseSync(file, { readOnly: true });
    const rows = database.prepare("select * from calls where state is not null").all() as {
      readonly [column: string]: never;
    }[];
    return rows.map((row) => ({
      id: row["id"]!,
      usage: {
        input: row["input_tokens"]!,
        output: row["output_tokens"]!,
        cachedInput: row["cached_input_tokens"]!,
        cacheWrite: row["cache_write_tokens"]!,
        audio: row["audio_tokens"]!,
        image: row["image_tokens"]!,
        outputAudio: row["output_audio_tokens"]!,
        outputImage: row["output_image_tokens"]!,
      },
      cost: row["cost"]!,
      price: row["price"] === null ? null : JSON.parse(row["price"]!),
    }));
  } catch (thrown) {
    // What a test made of the file is no journal any more.
    if ((thrown as { readonly code?: string }).code === "ERR_SQLITE_ERROR") return [];
    throw thrown;
  } finally {
    database?.close();
  }
}
