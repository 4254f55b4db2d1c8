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

test("what is refused says why, with 403", async () => {
  const app = new Hono().use(onlySameMachine).get("*", (context) => context.text("in"));
  const answer = await app.request("/", { headers: { host: "evil.example" } });
  expect(answer.status).toBe(403);
  expect(await answer.json()).toEqual({
    error: { code: "http.foreign", message: "this server answers to localhost only, not to evil.example" },
  });
  expect((await app.request("/", { headers: { host: "localhost:1" } })).status).toBe(200);
});
