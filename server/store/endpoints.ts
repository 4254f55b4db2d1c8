import type { Kysely, Selectable, Transaction } from "kysely";
import { SheafError } from "#server/notebook/sheaf-error.ts";
import { fromJsonText, toJsonText } from "./json-text.ts";
import type { StateSchema } from "./state-schema.ts";
import type { Endpoint, EndpointChange, Endpoints, EndpointVersion } from "./store.ts";

/** The published notebooks of one workspace. */
export function createEndpoints(db: Kysely<StateSchema>, workspace: string): Endpoints {
  /** The endpoint of a slug, made where there is none; nobody else adds a version to it until the transaction has ended. */
  async function hold(transaction: Transaction<StateSchema>, slug: string, notebook: string): Promise<void> {
    const held = await transaction
      .insertInto("endpoints")
      .values({ workspace_id: workspace, slug, notebook, live: 0 })
      .onConflict((conflict) => conflict.columns(["workspace_id", "slug"]).doUpdateSet({ slug }))
      .returning("notebook")
      .executeTakeFirstOrThrow();
    if (held.notebook !== notebook) throw taken(slug, held.notebook);
  }

  async function setLive(
    transaction: Transaction<StateSchema>,
    slug: string,
    { change, version, at }: EndpointChange,
  ): Promise<void> {
    await transaction
      .updateTable("endpoints")
      .set({ live: version })
      .where("workspace_id", "=", workspace)
      .where("slug", "=", slug)
      .execute();
    await transaction
      .insertInto("endpoint_changes")
      .values({ workspace_id: workspace, slug, change, version, changed_at: at })
      .execute();
  }

  const versionsOf = (slug: string) =>
    db
      .selectFrom("endpoint_versions")
      .selectAll()
      .where("workspace_id", "=", workspace)
      .where("slug", "=", slug)
      .orderBy("version", "desc");

  return {
    publish: ({ slug, notebook, text, models, datasets, note, createdAt }) =>
      db.transaction().execute(async (transaction) => {
        await hold(transaction, slug, notebook);
        const { last } = await transaction
          .selectFrom("endpoint_versions")
          .select((versions) => versions.fn.max("version").as("last"))
          .where("workspace_id", "=", workspace)
          .where("slug", "=", slug)
          .executeTakeFirstOrThrow();
        const version = Number(last ?? 0) + 1;
        const place = { workspace_id: workspace, slug, version };
        await transaction
          .insertInto("endpoint_versions")
          .values({
            ...place,
            notebook,
            text,
            models: toJsonText(models),
            datasets: toJsonText(datasets),
            note,
            created_at: createdAt,
          })
          .execute();
        const files = new Set(datasets.flatMap(({ table }) => (table.rows === undefined ? [table.hash] : [])));
        for (const hash of files)
          await transaction
            .insertInto("endpoint_tables")
            .values({ ...place, hash })
            .execute();
        await setLive(transaction, slug, { change: "published", version, at: createdAt });
        return version;
      }),

    makeLive: (slug, version, at) =>
      db.transaction().execute(async (transaction) => {
        const known = await transaction
          .selectFrom("endpoint_versions")
          .select("version")
          .where("workspace_id", "=", workspace)
          .where("slug", "=", slug)
          .where("version", "=", version)
          .executeTakeFirst();
        if (known === undefined)
          throw new SheafError("endpoint.no-version", `there is no version ${version} of ${slug}`);
        await setLive(transaction, slug, { change: "made live", version, at });
      }),

    async get(slug) {
      const row = await db
        .selectFrom("endpoints")
        .selectAll()
        .where("workspace_id", "=", workspace)
        .where("slug", "=", slug)
        .executeTakeFirst();
      return row === undefined ? null : toEndpoint(row);
    },

    async list() {
      const rows = await db.selectFrom("endpoints").selectAll().where("workspace_id", "=", workspace).execute();
      // By code unit: databases order text each in its own way.
      return rows.map(toEndpoint).sort((left, right) => (left.slug < right.slug ? -1 : 1));
    },

    async version(slug, version) {
      const row = await versionsOf(slug).where("version", "=", version).executeTakeFirst();
      return row === undefined ? null : toVersion(row);
    },

    async versions(slug) {
      return (await versionsOf(slug).execute()).map(toVersion);
    },

    async changes(slug) {
      const rows = await db
        .selectFrom("endpoint_changes")
        .selectAll()
        .where("workspace_id", "=", workspace)
        .where("slug", "=", slug)
        .orderBy("id")
        .execute();
      return rows.map(({ change, version, changed_at }) => ({ change, version, at: Number(changed_at) }));
    },

    async tables() {
      const rows = await db
        .selectFrom("endpoint_tables")
        .select("hash")
        .distinct()
        .where("workspace_id", "=", workspace)
        .execute();
      return rows.map(({ hash }) => hash).sort();
    },
  };
}

function taken(slug: string, notebook: string): SheafError {
  return new SheafError("endpoint.slug-taken", `${slug} is the endpoint of ${notebook}`, {
    cure: "Publish under another slug.",
  });
}

function toEndpoint({ slug, notebook, live }: Selectable<StateSchema["endpoints"]>): Endpoint {
  return { slug, notebook, live };
}

function toVersion(row: Selectable<StateSchema["endpoint_versions"]>): EndpointVersion {
  return {
    slug: row.slug,
    version: row.version,
    notebook: row.notebook,
    text: row.text,
    models: fromJsonText<EndpointVersion["models"]>(row.models),
    datasets: fromJsonText<EndpointVersion["datasets"]>(row.datasets),
    note: row.note,
    createdAt: Number(row.created_at),
  };
}
