/** What an address names: a slug, with a version where it is not the live one. */
export interface Target {
  readonly slug: string;
  readonly version?: number;
}

/** Reads `card-triage` or `card-triage@v3`; null for anything else. */
export function readTarget(text: string): Target | null {
  const found = /^([a-z0-9-]+)(?:@v([1-9]\d{0,8}))?$/.exec(text);
  if (found === null) return null;
  const [, slug, version] = found;
  return version === undefined ? { slug: slug! } : { slug: slug!, version: Number(version) };
}
