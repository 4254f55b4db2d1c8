import { httpSubscriptionLink, type TRPCLink } from "@trpc/client";
import { observable } from "@trpc/server/observable";
import type { AppRouter } from "#server/api/router.ts";
import { plainData } from "./plain-data";
import { setConnected } from "./ui/connection";

/** What goes on over server-sent events, each subscription over a connection of its own: for a browser that has no WebSocket. */
export const eventsLink: TRPCLink<AppRouter> = (runtime) => {
  const link = httpSubscriptionLink<AppRouter, never>({ url: "/api/trpc", transformer: plainData })(runtime);
  return (request) =>
    observable((observer) =>
      link(request).subscribe({
        ...observer,
        next(value) {
          if (value.result.type === "state") setConnected(value.result.state !== "connecting" || !value.result.error);
          observer.next(value);
        },
      }),
    );
};
