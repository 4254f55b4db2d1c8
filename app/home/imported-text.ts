/** The text of a Markdown file as a notebook: where its front matter does not say it is one, it does now. */
export function importedText(text: string, title: string): string {
  const plain = text.replace(/^\uFEFF/, "").replaceAll("\r\n", "\n");
  const front = /^---\n([\s\S]*?)^---[ \t]*$/m.exec(plain);
  if (front === null || front.index !== 0) return `---\nsheaf: 1\ntitle: ${JSON.stringify(title)}\n---\n\n${plain}`;
  return /^sheaf:/m.test(front[1]!) ? text : `---\nsheaf: 1\n${plain.slice(4)}`;
}

/** A title made of a file's name: `Card triage.md` → `Card triage`. */
export function titleOfFile(name: string): string {
  return name.replace(/\.(?:md|markdown)$/i, "").trim() || "Notebook";
}
