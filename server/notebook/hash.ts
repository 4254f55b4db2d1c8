import { sha256 as digest } from "@noble/hashes/sha2.js";
import { bytesToHex, utf8ToBytes } from "@noble/hashes/utils.js";
import { canonicalJson, type CanonicalInput } from "./canonical-json.ts";

/** The SHA-256 of a text's UTF-8 bytes, as 64 hex digits. Pure, so that server and browser agree without a platform's help. */
export function sha256(text: string): string {
  return bytesToHex(digest(utf8ToBytes(text)));
}

/** The SHA-256 of a value's canonical JSON. */
export function hashOf(value: CanonicalInput): string {
  return sha256(canonicalJson(value));
}
