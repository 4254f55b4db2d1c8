import { readFile } from "node:fs/promises";
import { extname, join, normalize, sep } from "node:path";
import { promisify } from "node:util";
import { gzip } from "node:zlib";
import type { Handler } from "hono";

const types: { readonly [extension: string]: string } = {
  ".html": "text/html; charset=utf-8",
  ".js": "text/javascript; charset=utf-8",
  ".css": "text/css; charset=utf-8",
  ".woff2": "font/woff2",
  ".svg": "image/svg+xml",
  ".png": "image/png",
  ".json": "application/json",
};

/** What a page may do: its own scripts, styles, fonts and connections, pictures also as data, and nothing of anybody else's. */
const policy = [
  "default-src 'none'",
  "script-src 'self'",
  // The editor and the charts set styles of their elements.
  "style-src 'self' 'unsafe-inline'",
  "font-src 'self'",
  "img-src 'self' data: blob:",
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join("; ");

const pageHeaders = {
  "content-security-policy": policy,
  "x-content-type-options": "nosniff",
  "referrer-policy": "no-referrer",
  "cross-origin-opener-policy": "same-origin",
};

const zip = promisify(gzip);
const zippedFiles = new Map<string, Promise<Uint8Array>>();

/** A file's bytes zipped, once: its name says its content. */
function smaller(file: string, bytes: Uint8Array): Promise<Uint8Array> {
  let zipped = zippedFiles.get(file);
  if (zipped === undefined) zippedFiles.set(file, (zipped = zip(bytes)));
  return zipped;
}

function decoded(path: string): string | null {
  try {
    return decodeURIComponent(path);
  } catch {
    return null;
  }
}

/** The built app of a folder: its assets, which never change under their names, and its one page for every other address a browser asks for. */
export function staticApp(folder: string): Handler {
  return async (context) => {
    const path = decoded(new URL(context.req.url).pathname);
    if (path === null) return context.text("this is no address", 400);
    if (path.startsWith("/_build/")) {
      const file = normalize(join(folder, path));
      const bytes = file.startsWith(folder + sep) ? await readFile(file).catch(() => null) : null;
      if (bytes === null) return context.text("there is no such file", 404);
      const type = types[extname(file)] ?? "application/octet-stream";
      const isText = /^text\/|json|svg/.test(type);
      const zipped = isText && (context.req.header("accept-encoding") ?? "").includes("gzip");
      return context.body(new Uint8Array(zipped ? await smaller(file, bytes) : bytes), 200, {
        ...pageHeaders,
        "content-type": type,
        "cache-control": "public, max-age=31536000, immutable",
        ...(isText ? { vary: "accept-encoding" } : {}),
        ...(zipped ? { "content-encoding": "gzip" } : {}),
      });
    }
    if (path !== "/" && !(context.req.header("accept") ?? "").includes("text/html"))
      return context.text("there is nothing here", 404);
    const page = await readFile(join(folder, "index.html"), "utf8").catch(() => null);
    if (page === null) return context.text("The app is not built: `npm start` builds it.", 503);
    return context.html(page, 200, { ...pageHeaders, "cache-control": "no-cache" });
  };
}
