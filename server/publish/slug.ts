import { basename, extname } from "node:path";
import { SheafError } from "#server/notebook/sheaf-error.ts";

/** Words that stand in the place of a slug in the API's addresses. */
const reserved = new Set(["run", "runs", "trpc", "files"]);

const longest = 63;

/** The slug that a notebook's file name suggests: `Card triage.md` → `card-triage`. */
export function suggestedSlug(notebook: string): string {
  const slug = basename(notebook, extname(notebook))
    .normalize("NFKD")
    .replace(/\p{Mark}/gu, "")
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, "-")
    .slice(0, longest)
    .replace(/^-+|-+$/g, "");
  return slug === "" ? "notebook" : reserved.has(slug) ? `${slug}-notebook` : slug;
}

/** Throws `publish.slug` for what cannot be a slug. */
export function checkSlug(slug: string): void {
  if (!/^[a-z0-9](?:[a-z0-9-]*[a-z0-9])?$/.test(slug) || slug.length > longest)
    throw new SheafError("publish.slug", `${JSON.stringify(slug)} cannot be an endpoint's slug`, {
      cure: `Use small letters, digits and hyphens between them, at most ${longest}: \`card-triage\`.`,
    });
  if (reserved.has(slug))
    throw new SheafError("publish.slug", `${slug} has a meaning of its own in the API's addresses`, {
      cure: `Choose another slug, such as \`${slug}-notebook\`.`,
    });
}
