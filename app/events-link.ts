import { httpSubscriptionLink, TRPCClientError, type TRPCLink } from "@trpc/client";
import { observable } from "@trpc/server/observable";
import type { AppRouter } from "#server/api/router.ts";
import type { CellError } from "#server/notebook/value.ts";
import { plainData } from "./plain-data";
import { setConnected } from "./ui/connection";

const nothingToHear = Object.assign(new Error("this browser has neither WebSocket nor EventSource"), {
  data: {
    problem: {
      code: "browser.too-old",
      message: "this browser has neither WebSocket nor EventSource, so it cannot be told what goes on",
      cure: "Open the page in another browser, or allow one of them in this one's settings and extensions.",
    } satisfies CellError,
  },
});

/** What goes on over server-sent events, each subscription over a connection of its own: for a browser that has no WebSocket. */
export const eventsLink: TRPCLink<AppRouter> = (runtime) => {
  const link = httpSubscriptionLink<AppRouter, never>({ url: "/api/trpc", transformer: plainData })(runtime);
  return (request) =>
    observable((observer) => {
      if (typeof EventSource !== "function") {
        observer.error(TRPCClientError.from(nothingToHear));
        return;
      }
      return link(request).subscribe({
        ...observer,
        next(value) {
          if (value.result.type === "state") setConnected(value.result.state !== "connecting" || !value.result.error);
          observer.next(value);
        },
      });
    });
};
