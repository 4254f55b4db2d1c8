import { Hono } from "hono";
import { expect, test } from "vitest";
import { foreign, onlySameMachine } from "./same-machine.ts";

test.each([
  ["localhost:3210", undefined],
  ["127.0.0.1:3210", "http://127.0.0.1:3210"],
  ["[::1]:3210", "http://[::1]:3210"],
  ["LOCALHOST", undefined],
])("a request to %s from %s is answered", (host, origin) => {
  expect(foreign(host, origin)).toBeNull();
});

test.each([
  ["sheaf.example", undefined],
  ["127.0.0.1.nip.io:3210", undefined],
  [undefined, undefined],
  ["localhost:3210", "http://evil.example"],
  ["localhost:3210", "http://localhost:9999"],
  ["localhost:3210", "null"],
])("a request to %s from %s is refused", (host, origin) => {
  expect(foreign(host, origin)).not.toBeNull();
});

test.each([
  ["/api/trpc/models.pull", "cross-site", 403],
  // Another port of this machine is the same site.
  ["/api/trpc/models.pull", "same-site", 403],
  ["/api/trpc/models.pull", "same-origin", 200],
  ["/api/triage/openapi.json", "none", 200],
  ["/n/card-triage", "cross-site", 200],
])("%s that a page of a %s has fetched without an origin gives %d", async (path, site, status) => {
  const app = new Hono().use(onlySameMachine).get("*", (context) => context.text("in"));
  const headers = { host: "localhost:3210", "sec-fetch-site": site };
  expect((await app.request(path, { headers })).status).toBe(status);
});

test("what is refused says why, with 403", async () => {
  const app = new Hono().use(onlySameMachine).get("*", (context) => context.text("in"));
  const answer = await app.request("/", { headers: { host: "evil.example" } });
  expect(answer.status).toBe(403);
  expect(await answer.json()).toEqual({
    error: { code: "http.foreign", message: "this server answers to localhost only, not to evil.example" },
  });
  expect((await app.request("/", { headers: { host: "localhost:1" } })).status).toBe(200);
});
