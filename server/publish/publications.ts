import type { Runtime } from "#server/runner/runtime.ts";
import type { Endpoint, EndpointChange, EndpointVersion } from "#server/store/store.ts";
import { createOpenVersions, type OpenVersion } from "./open-versions.ts";
import { publishable } from "./publishable.ts";
import { checkSlug, suggestedSlug } from "./slug.ts";

/** The published notebooks of a workspace: making versions, choosing the live one, and having them at hand for requests. */
export interface Publications {
  /**
   * Publishes a text as the next version of a slug, and makes it live. Throws a `PublishError` with the reason where it is
   * refused, `publish.slug`, or `endpoint.slug-taken` where the slug is another notebook's.
   */
  publish(notebook: NotebookToPublish): Promise<EndpointVersion>;
  /** Makes another version live, as after a mistake in a later one. Throws `endpoint.no-version`. */
  makeLive(slug: string, version: number): Promise<void>;
  list(): Promise<readonly Endpoint[]>;
  /** Newest first. */
  versions(slug: string): Promise<readonly EndpointVersion[]>;
  /** What was published and made live, oldest first. */
  changes(slug: string): Promise<readonly EndpointChange[]>;
  /** A version at hand, the live one where none is named; null where there is none. */
  open(slug: string, version?: number): Promise<OpenVersion | null>;
  /** Lets go of a version, so that it is prepared anew. */
  drop(version: OpenVersion): void;
}

export interface NotebookToPublish {
  /** Its path in the workspace. */
  readonly notebook: string;
  readonly text: string;
  /** What its file name suggests where nothing is given. */
  readonly slug?: string;
  readonly note?: string;
}

/** Milliseconds for which it is taken for granted which version is live: another process may publish too. */
const liveKnownFor = 1_000;

export function createPublications(runtime: Runtime): Publications {
  const { endpoints } = runtime.store;
  const versions = createOpenVersions(runtime);
  const live = new Map<string, { readonly at: number; readonly version: Promise<number | null> }>();

  function liveVersion(slug: string): Promise<number | null> {
    const now = performance.now();
    const known = live.get(slug);
    if (known !== undefined && now - known.at < liveKnownFor) return known.version;
    const version = endpoints.get(slug).then((endpoint) => {
      if (endpoint === null) live.delete(slug);
      return endpoint?.live ?? null;
    });
    live.set(slug, { at: now, version });
    version.catch(() => live.delete(slug));
    return version;
  }

  return {
    async publish({ notebook, text, slug = suggestedSlug(notebook), note }) {
      checkSlug(slug);
      const kept = await publishable(notebook, text, runtime);
      const made = { slug, notebook, text, ...kept, note: note ?? null, createdAt: runtime.now() };
      const version = await endpoints.publish(made);
      live.delete(slug);
      return { ...made, version };
    },
    async makeLive(slug, version) {
      await endpoints.makeLive(slug, version, runtime.now());
      live.delete(slug);
    },
    list: () => endpoints.list(),
    versions: (slug) => endpoints.versions(slug),
    changes: (slug) => endpoints.changes(slug),
    async open(slug, version) {
      const number = version ?? (await liveVersion(slug));
      return number === null ? null : versions.open(slug, number);
    },
    drop: ({ slug, version }) => versions.drop(slug, version),
  };
}
