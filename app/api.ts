import {
  createTRPCClient,
  createWSClient,
  httpBatchLink,
  httpLink,
  splitLink,
  wsLink,
  type TRPCClient,
  type TRPCLink,
} from "@trpc/client";
import { observable, type Unsubscribable } from "@trpc/server/observable";
import type { AppRouter } from "#server/api/router.ts";
import type { CellError } from "#server/notebook/value.ts";
import { plainData } from "./plain-data";
import { setConnected } from "./ui/connection";

const overSocket = () => {
  const client = createWSClient({
    url: () => `${location.protocol === "https:" ? "wss" : "ws"}://${location.host}/api/trpc`,
    lazy: { enabled: true, closeMs: 10_000 },
    retryDelayMs: (attempt) => Math.min(250 * 2 ** attempt, 4_000),
    keepAlive: { enabled: true, intervalMs: 5_000, pongTimeoutMs: 4_000 },
    onOpen: () => setConnected(true),
    onClose: () => setConnected(false),
  });
  return wsLink<AppRouter>({ client, transformer: plainData });
};

/** Questions go as bodies too: one about a thousand rows is longer than an address may be. */
const http = { url: "/api/trpc", transformer: plainData, methodOverride: "POST" } as const;

/** Where there is no WebSocket, as behind some proxies and policies, what goes on comes over plain HTTP. */
const overEvents: TRPCLink<AppRouter> = (runtime) => {
  const loaded = import("./events-link").then(({ eventsLink }) => eventsLink(runtime));
  return (request) =>
    observable((observer) => {
      let subscription: Unsubscribable | undefined;
      let isLeft = false;
      loaded.then(
        (link) => {
          if (!isLeft) subscription = link(request).subscribe(observer);
        },
        (thrown: unknown) => observer.error(thrown as never),
      );
      return () => {
        isLeft = true;
        subscription?.unsubscribe();
      };
    });
};

/** The server: questions and changes over HTTP, what goes on over one WebSocket a page, or where there is none over HTTP too. */
export const api: TRPCClient<AppRouter> = createTRPCClient<AppRouter>({
  links: [
    splitLink({
      condition: ({ type }) => type === "subscription",
      true: typeof WebSocket === "function" ? overSocket() : overEvents,
      false: splitLink({
        // What is asked alone is answered as soon as it can be, and not with what is asked at the same moment.
        condition: ({ context }) => context["alone"] === true,
        true: httpLink(http),
        false: httpBatchLink(http),
      }),
    }),
  ],
});

/** Sends an edit while the page is being left: the browser sees to it that it goes out, and nobody hears the answer. */
export function editOnLeaving(edit: Parameters<typeof api.notebook.edit.mutate>[0]): void {
  const body = JSON.stringify(edit);
  // Browsers take so much of a page that is gone, and no more.
  const keepalive = body.length < 60_000;
  fetch("/api/trpc/notebook.edit", {
    method: "POST",
    headers: { "content-type": "application/json" },
    body,
    keepalive,
  }).catch(() => {});
}

/** What went wrong, as the server says it; what never reached it, in our words. */
export function problemOf(thrown: unknown): CellError {
  const {
    data,
    cause,
    message = String(thrown),
  } = thrown as {
    readonly data?: { readonly problem?: CellError };
    readonly cause?: { readonly data?: { readonly problem?: CellError } };
    readonly message?: string;
  };
  const problem = data?.problem ?? cause?.data?.problem;
  if (problem !== undefined) return problem;
  return {
    code: "api.unreachable",
    message: `the server did not answer (${message})`,
    cure: "Is it still running? Try again when it answers.",
  };
}
