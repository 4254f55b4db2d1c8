import { extname } from "node:path";

/** What bytes are, by how they begin; else by the ending of their name; else `application/octet-stream`. */
export function mediaType(bytes: Buffer, name: string): string {
  return imageType(bytes) ?? byEnding[extname(name).toLowerCase().slice(1)] ?? "application/octet-stream";
}

/** The media type of a PNG, JPEG, GIF or WebP image, the formats that models see; null for any other bytes. */
export function imageType(bytes: Buffer): string | null {
  const start = bytes.toString("latin1", 0, 12);
  if (start.startsWith("\u0089PNG\r\n\u001a\n")) return "image/png";
  if (start.startsWith("\u00ff\u00d8\u00ff")) return "image/jpeg";
  if (/^GIF8[79]a/.test(start)) return "image/gif";
  return /^RIFF[^]{4}WEBP/.test(start) ? "image/webp" : null;
}

const office = "application/vnd.openxmlformats-officedocument";

const byEnding: { readonly [ending: string]: string | undefined } = {
  txt: "text/plain",
  md: "text/markdown",
  html: "text/html",
  csv: "text/csv",
  tsv: "text/tab-separated-values",
  xml: "application/xml",
  json: "application/json",
  yaml: "application/yaml",
  yml: "application/yaml",
  pdf: "application/pdf",
  zip: "application/zip",
  docx: `${office}.wordprocessingml.document`,
  xlsx: `${office}.spreadsheetml.sheet`,
  pptx: `${office}.presentationml.presentation`,
  svg: "image/svg+xml",
  mp3: "audio/mpeg",
  wav: "audio/wav",
  mp4: "video/mp4",
};
