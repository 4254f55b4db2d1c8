/** What of a key event decides which keys were pressed. */
export interface KeyFacts {
  readonly key: string;
  readonly code: string;
  readonly ctrlKey: boolean;
  readonly metaKey: boolean;
  readonly altKey: boolean;
  readonly shiftKey: boolean;
}

const bare = new Set(["Control", "Shift", "Alt", "Meta", "AltGraph", "CapsLock", "Dead", "Process", "Unidentified"]);

/**
 * The keys of an event as the table of actions writes them: `Mod+Shift+Enter`, `j`, `?`. `Mod` is the command key on a Mac and Ctrl
 * elsewhere. A letter is lower case with its Shift named; another sign is what the keyboard makes of it. Where the keyboard writes another
 * script, a letter is the one in its place. Null for a key that only changes others.
 */
export function pressOf({ key, code, ctrlKey, metaKey, altKey, shiftKey }: KeyFacts, isMac: boolean): string | null {
  if (bare.has(key)) return null;
  const inPlace = /^Key([A-Z])$/.exec(code)?.[1];
  const written = key.length === 1 && (!/^[\x20-\x7E]$/.test(key) || altKey) && inPlace !== undefined ? inPlace : key;
  const isLetter = /^[A-Za-z]$/.test(written);
  const name = written === " " ? "Space" : isLetter ? written.toLowerCase() : written;
  const other = isMac ? ctrlKey : metaKey;
  return [
    (isMac ? metaKey : ctrlKey) ? "Mod" : "",
    other ? (isMac ? "Control" : "Meta") : "",
    altKey ? "Alt" : "",
    shiftKey && (isLetter || written.length > 1 || written === " ") ? "Shift" : "",
    name,
  ]
    .filter((part) => part !== "")
    .join("+");
}

const signs: { readonly [name: string]: string } = {
  ArrowUp: "↑",
  ArrowDown: "↓",
  ArrowLeft: "←",
  ArrowRight: "→",
  Escape: "Esc",
};
const macSigns: { readonly [name: string]: string } = {
  Mod: "⌘",
  Shift: "⇧",
  Alt: "⌥",
  Control: "⌃",
  Enter: "↩",
  Escape: "⎋",
};

/** Keys as a person reads them: `Ctrl+Shift+Enter`, on a Mac `⌘⇧↩`; of a sequence `D D`. */
export function keyText(keys: string, isMac: boolean): string {
  return keys
    .split(" ")
    .map((press) => {
      const parts = press.split(/\+(?!$)/).map((part) => {
        if (isMac && macSigns[part] !== undefined) return macSigns[part];
        if (part === "Mod") return "Ctrl";
        return signs[part] ?? (/^[a-z]$/.test(part) ? part.toUpperCase() : part);
      });
      return parts.join(isMac ? "" : "+");
    })
    .join(" ");
}
