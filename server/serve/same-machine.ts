import type { MiddlewareHandler } from "hono";

/**
 * Lets through what comes from a page of this server, and from programs that are no page: a `Host` that is not this machine's
 * loopback name is refused (DNS rebinding), and so is an `Origin` other than the host's own (another site's page).
 */
export const onlySameMachine: MiddlewareHandler = async (context, next) => {
  const problem =
    foreign(context.req.header("host"), context.req.header("origin")) ??
    embedded(context.req.path, context.req.header("sec-fetch-site"));
  return problem === null ? next() : context.json({ error: { code: "http.foreign", message: problem } }, 403);
};

/**
 * Why another site's page may not have this fetched, though its browser tells no origin: a picture or a script of an address here would
 * do what that address does. A person may come to a page by a link.
 */
function embedded(path: string, site: string | undefined): string | null {
  if (site === undefined || site === "same-origin" || site === "none" || !/^\/(?:api|v1)\//.test(path)) return null;
  return "pages of other sites may not use this server";
}

const loopback = /^(?:localhost|127\.0\.0\.1|\[::1\])(?::\d+)?$/i;

/** Why a request is not from this machine's own pages or programs; null where it is. */
export function foreign(host: string | undefined, origin: string | undefined): string | null {
  if (host === undefined || !loopback.test(host))
    return `this server answers to localhost only, not to ${host ?? "a request without a host"}`;
  if (origin === undefined || origin === `http://${host}`) return null;
  return `pages of ${origin} may not use this server`;
}
