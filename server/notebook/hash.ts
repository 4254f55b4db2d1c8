import { sha256 as digest } from "@noble/hashes/sha2.js";
import { bytesToHex, utf8ToBytes } from "@noble/hashes/utils.js";
import { canonicalJson, type CanonicalInput } from "./canonical-json.ts";

let digestOf = (text: string): string => bytesToHex(digest(utf8ToBytes(text)));

/** The SHA-256 of a text's UTF-8 bytes, as 64 hex digits. Pure JavaScript, so that server and browser agree without a platform's help. */
export function sha256(text: string): string {
  return digestOf(text);
}

/** Has SHA-256 computed by the platform, where it has a quicker one. It must give the same digits. */
export function usePlatformSha256(platform: (text: string) => string): void {
  digestOf = platform;
}

/** The SHA-256 of a value's canonical JSON. */
export function hashOf(value: CanonicalInput): string {
  return sha256(canonicalJson(value));
}
