import { parseArgs, type ParseArgsConfig } from "node:util";
import { SheafError } from "#server/notebook/sheaf-error.ts";

type Options = NonNullable<ParseArgsConfig["options"]>;

/** The options and the words of a command. Throws `command.usage` for what the command does not know. */
export function parseOptions<Config extends Options>(words: readonly string[], options: Config, usage: string) {
  try {
    return parseArgs({ args: [...words], options, allowPositionals: true, strict: true });
  } catch (thrown) {
    throw new SheafError("command.usage", thrown instanceof Error ? thrown.message : String(thrown), { cure: usage });
  }
}

/** A whole number over 0, or a `command.usage` error that names the option. */
export function countOption(name: string, text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  if (!/^[1-9]\d{0,9}$/.test(text))
    throw new SheafError("command.usage", `--${name} is ${text}`, { cure: "Give a whole number over 0." });
  return Number(text);
}

/** An amount of money of at least 0. */
export function moneyOption(name: string, text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const amount = Number(text);
  if (text.trim() === "" || !Number.isFinite(amount) || amount < 0) {
    throw new SheafError("command.usage", `--${name} is ${text}`, { cure: "Give US dollars as a number, as in 0.50." });
  }
  return amount;
}
