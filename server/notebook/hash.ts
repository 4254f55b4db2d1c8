import { sha256 as digest } from "@noble/hashes/sha2.js";
import { bytesToHex, utf8ToBytes } from "@noble/hashes/utils.js";
import { canonicalJson, type CanonicalInput } from "./canonical-json.ts";

let digestOf = (data: string | Uint8Array): string =>
  bytesToHex(digest(typeof data === "string" ? utf8ToBytes(data) : data));

/** The SHA-256 of bytes or of a text's UTF-8 bytes, as 64 hex digits. Pure JavaScript, so that server and browser agree without a platform's help. */
export function sha256(data: string | Uint8Array): string {
  return digestOf(data);
}

/** Has SHA-256 computed by the platform, where it has a quicker one. It must give the same digits. */
export function usePlatformSha256(platform: (data: string | Uint8Array) => string): void {
  digestOf = platform;
}

/** The SHA-256 of a value's canonical JSON. */
export function hashOf(value: CanonicalInput): string {
  return sha256(canonicalJson(value));
}
