import { parse } from "shell-quote";

/** A curl command as far as it says what is sent. */
export interface CurlCommand {
  readonly url: string;
  /** Names are in lower case. */
  readonly headers: ReadonlyMap<string, string>;
  /** What is sent; null where nothing is, or where it stands in a file. */
  readonly body: string | null;
  /** The file the body stands in; `-` is what comes from another command. */
  readonly bodyFile: string | null;
}

/** Options that take the next word, besides those that are read. */
const withWord = new Set(
  `-A --user-agent -b --cookie -c --cookie-jar -e --referer -F --form -m --max-time -o --output -u --user -w --write-out -x
  --proxy -X --request --cacert --cert --connect-timeout --key --retry --retry-delay --resolve --oauth2-bearer`.split(
    /\s+/,
  ),
);
const dataOptions = new Set(["-d", "--data", "--data-raw", "--data-binary", "--data-ascii", "--json"]);
const command = /^(?:\s*#[^\n]*\n)*\s*(?:[$>%]\s+)?(?:[A-Za-z_]\w*=\S*\s+)*curl(?:\.exe)?\s/;

/** Reads a curl command as a shell would, with the names of variables in place of their values; null for any other text. */
export function readCurl(text: string): CurlCommand | null {
  const begin = command.exec(text);
  if (begin === null) return null;
  const words = shellWords(text.slice(begin[0].length));
  const headers = new Map<string, string>();
  const data: string[] = [];
  let url = "";
  let bodyFile: string | null = null;
  while (words.length > 0) {
    const [option, joined] = splitOption(words.shift()!);
    const value = (): string => joined ?? words.shift() ?? "";
    if (option === "-H" || option === "--header") {
      const [, name, content] = /^([^:]*):\s*(.*)$/s.exec(value()) ?? [];
      if (name !== undefined) headers.set(name.trim().toLowerCase(), content!);
    } else if (dataOptions.has(option)) {
      const given = value();
      if (given.startsWith("@") && option !== "--data-raw") bodyFile = given.slice(1);
      else data.push(given);
    } else if (option === "--url") url = value();
    else if (withWord.has(option)) value();
    else if (!option.startsWith("-")) url = option;
  }
  return { url, headers, body: data.length === 0 ? null : data.join("&"), bodyFile };
}

/** The words of one command: what follows `|`, `;` or `>` is another's. */
function shellWords(text: string): string[] {
  const words: string[] = [];
  const plain = text.replaceAll(/\\\r?\n/g, "");
  for (const entry of parse(plain, (name) => `$${name}`)) {
    if (typeof entry === "string") words.push(entry);
    else if ("pattern" in entry) words.push(entry.pattern);
    else if ("op" in entry) break;
  }
  return words;
}

/** `-XPOST` and `--json={}` are an option and its word; `-sSd` several options, of which the last may take one. */
function splitOption(word: string): readonly [option: string, joined: string | null] {
  const long = /^(--[\w-]+)=(.*)$/s.exec(word);
  if (long !== null) return [long[1]!, long[2]!];
  if (!/^-[A-Za-z]./s.test(word)) return [word, null];
  const at = [...word].findIndex((letter, index) => index > 0 && takesWord(`-${letter}`));
  if (at < 0) return [word, null];
  const rest = word.slice(at + 1);
  return [`-${word[at]}`, rest === "" ? null : rest];
}

function takesWord(option: string): boolean {
  return option === "-H" || dataOptions.has(option) || withWord.has(option);
}
