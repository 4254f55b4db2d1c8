import { describe, expect, test } from "vitest";
import type { EndpointVersion, RequestRecord, Store } from "./store.ts";

/** What every store does with published versions and with requests. `open` gives the store of a workspace. */
export function describeEndpoints(open: (workspace: string) => Promise<Store>): void {
  let workspaces = 0;

  async function inStore(work: (store: Store) => Promise<void>): Promise<void> {
    const store = await open(`endpoints-${(workspaces += 1)}`);
    try {
      await work(store);
    } finally {
      await store.close();
    }
  }

  const version = (changes: Partial<EndpointVersion> = {}): Omit<EndpointVersion, "version"> => ({
    slug: "triage",
    notebook: "triage.md",
    text: "---\nsheaf: 1\n---\n",
    models: { small: { model: "local/small", identity: { provider: "local", file: "hash" } } },
    datasets: [],
    note: null,
    createdAt: 1_000,
    ...changes,
  });
  const file = (hash: string) => ({
    path: `${hash}.csv`,
    version: `bytes of ${hash}`,
    table: { columns: [{ name: "id", type: "number" as const, sql: "HUGEINT" }], rowCount: 200, hash },
  });

  describe("published versions", () => {
    test("are counted within their slug, and the newest is live", () =>
      inStore(async ({ endpoints }) => {
        expect(await endpoints.publish(version())).toBe(1);
        expect(await endpoints.publish(version({ text: "second", createdAt: 2_000, note: "better" }))).toBe(2);
        expect(await endpoints.publish(version({ slug: "other" }))).toBe(1);
        expect(await endpoints.list()).toEqual([
          { slug: "other", notebook: "triage.md", live: 1 },
          { slug: "triage", notebook: "triage.md", live: 2 },
        ]);
        expect(await endpoints.get("triage")).toEqual({ slug: "triage", notebook: "triage.md", live: 2 });
        expect(await endpoints.get("nothing")).toBeNull();
      }));

    test("are kept with everything they need, integers of any length included", () =>
      inStore(async ({ endpoints }) => {
        const inline = {
          path: "few.csv",
          encoding: "latin1",
          version: "bytes",
          table: {
            columns: [{ name: "id", type: "number" as const, sql: "HUGEINT" }],
            rowCount: 1,
            hash: "inline",
            rows: [[12345678901234567890n]],
          },
        };
        const published = version({ datasets: [inline, file("many")] });
        await endpoints.publish(published);
        expect(await endpoints.version("triage", 1)).toEqual({ ...published, version: 1 });
        expect(await endpoints.version("triage", 2)).toBeNull();
      }));

    test("stay as they were published, all of them, newest first", () =>
      inStore(async ({ endpoints }) => {
        await endpoints.publish(version());
        await endpoints.publish(version({ text: "second" }));
        await endpoints.makeLive("triage", 1, 3_000);
        expect((await endpoints.versions("triage")).map(({ version, text }) => [version, text])).toEqual([
          [2, "second"],
          [1, version().text],
        ]);
        expect(await endpoints.publish(version({ text: "third" }))).toBe(3);
      }));

    test("may be made live again, and what was done is listed with its time", () =>
      inStore(async ({ endpoints }) => {
        await endpoints.publish(version());
        await endpoints.publish(version({ createdAt: 2_000 }));
        await endpoints.makeLive("triage", 1, 3_000);
        expect((await endpoints.get("triage"))!.live).toBe(1);
        expect(await endpoints.changes("triage")).toEqual([
          { change: "published", version: 1, at: 1_000 },
          { change: "published", version: 2, at: 2_000 },
          { change: "made live", version: 1, at: 3_000 },
        ]);
        const none = { code: "endpoint.no-version" };
        await expect(endpoints.makeLive("triage", 3, 4_000)).rejects.toMatchObject(none);
        await expect(endpoints.makeLive("nothing", 1, 4_000)).rejects.toMatchObject(none);
        expect(await endpoints.changes("triage")).toHaveLength(3);
      }));

    test("of one slug are of one notebook", () =>
      inStore(async ({ endpoints }) => {
        await endpoints.publish(version());
        await expect(endpoints.publish(version({ notebook: "other.md" }))).rejects.toMatchObject({
          code: "endpoint.slug-taken",
          message: "triage is the endpoint of triage.md",
        });
        expect(await endpoints.versions("triage")).toHaveLength(1);
      }));

    test("that are published at the same time have numbers of their own", () =>
      inStore(async ({ endpoints }) => {
        const numbers = await Promise.all(Array.from({ length: 8 }, () => endpoints.publish(version())));
        expect(numbers.toSorted()).toEqual([1, 2, 3, 4, 5, 6, 7, 8]);
      }));

    test("name the files of tables that must stay, each once", () =>
      inStore(async ({ endpoints }) => {
        await endpoints.publish(version({ datasets: [file("b"), file("a"), { ...file("a"), path: "again.csv" }] }));
        await endpoints.publish(version({ datasets: [file("b")] }));
        expect(await endpoints.tables()).toEqual(["a", "b"]);
      }));

    test("belong to their workspace", () =>
      inStore(async (mine) => {
        await mine.endpoints.publish(version({ datasets: [file("a")] }));
        await inStore(async (theirs) => {
          expect(await theirs.endpoints.list()).toEqual([]);
          expect(await theirs.endpoints.version("triage", 1)).toBeNull();
          expect(await theirs.endpoints.tables()).toEqual([]);
          expect(await theirs.endpoints.publish(version({ notebook: "other.md" }))).toBe(1);
        });
      }));
  });

  const request = (id: string, changes: Partial<RequestRecord> = {}): RequestRecord => ({
    id,
    slug: "triage",
    version: 1,
    mode: "waited",
    status: "done",
    inputs: '{"message":"Hi"}',
    answer: '{"outputs":{"topic":"a"}}',
    results: "[]",
    errors: '[{"address":"topic","error":{"code":"a.b","message":"no"}}]',
    startedAt: 1_000,
    endedAt: 2_000,
    cost: 0.5,
    callsMade: 1,
    callsCached: 2,
    ...changes,
  });
  const running = (id: string, changes: Partial<RequestRecord> = {}): RequestRecord =>
    request(id, {
      status: "running",
      answer: null,
      endedAt: null,
      cost: null,
      callsMade: 0,
      callsCached: 0,
      ...changes,
    });
  const key = (text: string, body = "body", since = 0) => ({ key: text, body, since });

  describe("requests", () => {
    test("are kept whole when they have ended, begun or not", () =>
      inStore(async ({ requests }) => {
        await requests.put(request("one"));
        expect(await requests.get("one")).toEqual(request("one"));
        await requests.begin(running("two"));
        expect(await requests.get("two")).toEqual(running("two"));
        await requests.put(request("two", { cost: null }));
        expect(await requests.get("two")).toEqual(request("two", { cost: null }));
        expect(await requests.get("three")).toBeNull();
      }));

    test("that have ended stay as they ended", () =>
      inStore(async ({ requests }) => {
        await requests.put(request("one"));
        await requests.put(request("one", { status: "failed", answer: null }));
        expect(await requests.get("one")).toEqual(request("one"));
      }));

    test("that run or wait are found after a restart, oldest first", () =>
      inStore(async ({ requests }) => {
        await requests.begin(running("new", { startedAt: 3, mode: "async" }));
        await requests.begin(running("old", { startedAt: 1 }));
        await requests.put(running("waiting", { startedAt: 2, status: "waiting" }));
        await requests.put(request("ended"));
        await requests.put(request("stopped", { status: "cancelled" }));
        expect((await requests.open()).map(({ id }) => id)).toEqual(["old", "waiting", "new"]);
      }));

    test("are listed by slug, newest first", () =>
      inStore(async ({ requests }) => {
        await Promise.all([1, 2, 3].map((at) => requests.put(request(`r${at}`, { startedAt: at }))));
        await requests.put(request("other", { slug: "other" }));
        expect((await requests.list("triage", 2)).map(({ id }) => id)).toEqual(["r3", "r2"]);
      }));

    test("under one key begin once, and the second is told of the first and of what it asked", () =>
      inStore(async ({ requests }) => {
        const began = await Promise.all([
          requests.begin(running("one"), key("k", "first")),
          requests.begin(running("two"), key("k", "second")),
          requests.begin(running("three"), key("other")),
          requests.begin(running("four", { slug: "other" }), key("k")),
        ]);
        expect(began).toEqual([null, { id: "one", body: "first" }, null, null]);
        expect(await requests.get("two")).toBeNull();
        expect(await requests.get("three")).not.toBeNull();
      }));

    test("begin anew under a key that is old, or was let go of", () =>
      inStore(async ({ requests }) => {
        await requests.begin(running("one", { startedAt: 1_000 }), key("k"));
        expect(await requests.begin(running("two", { startedAt: 2_000 }), key("k", "body", 1_000))).toMatchObject({
          id: "one",
        });
        expect(await requests.begin(running("two", { startedAt: 2_000 }), key("k", "body", 1_001))).toBeNull();
        await requests.release("two");
        expect(await requests.begin(running("three"), key("k"))).toBeNull();
      }));

    test("belong to their workspace", () =>
      inStore(async (mine) => {
        await mine.requests.begin(running("one"), key("k"));
        await inStore(async (theirs) => {
          expect(await theirs.requests.get("one")).toBeNull();
          expect(await theirs.requests.open()).toEqual([]);
          expect(await theirs.requests.begin(running("one"), key("k"))).toBeNull();
          await theirs.requests.release("one");
        });
        expect(await mine.requests.begin(running("two"), key("k"))).toMatchObject({ id: "one" });
      }));
  });
}
