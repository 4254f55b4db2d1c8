import type { MiddlewareHandler } from "hono";

/** What is no page: nothing in it is run, shown or framed by anybody. */
const inert = "default-src 'none'; sandbox; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

/** Sends with every answer what keeps a browser from taking it for something else; a page says itself what it may do. */
export const safeHeaders: MiddlewareHandler = async (context, next) => {
  await next();
  const { headers } = context.res;
  if (!headers.has("content-security-policy")) headers.set("content-security-policy", inert);
  headers.set("x-content-type-options", "nosniff");
  headers.set("referrer-policy", "no-referrer");
  headers.set("cross-origin-resource-policy", "same-origin");
};
