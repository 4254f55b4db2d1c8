const key = "tokenizer.chat_template";

/** A GGUF file's bytes with another chat template, which may be no longer than its own: a comment fills its place. */
export function withTemplate(bytes: Buffer, template: string): Buffer {
  // After the key stand the type of its value, four bytes, and the length of the text, eight.
  const start = bytes.indexOf(key) + key.length + 12;
  const length = Number(bytes.readBigUInt64LE(start - 8));
  const padding = length - Buffer.byteLength(template);
  if (padding < 4) throw new Error(`the template is longer than ${length - 4} bytes`);
  const changed = Buffer.from(bytes);
  changed.write(`${template}{#${" ".repeat(padding - 4)}#}`, start);
  return changed;
}
