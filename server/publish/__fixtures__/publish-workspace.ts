import { mkdir, writeFile } from "node:fs/promises";
import type { Server } from "node:http";
import type { AddressInfo } from "node:net";
import { dirname } from "node:path";
import { createAdaptorServer } from "@hono/node-server";
import type { Hono } from "hono";
import {
  datasetPath,
  testWorkspace,
  type TestWorkspace,
} from "../../runner/__fixtures__/test-workspace.ts";
import type { RuntimeSettings } from "../../runner/runtime.ts";
import type { EndpointVersion } from "../../store/store.ts";
import type { NotebookToPublish } from "../publications.ts";
import { createPublishApi, type PublishApiSettings } from "../publish-api.ts";
import { openPublishing, type Publishing } from "../publishing.ts";

export { fence, notebookText } from "../../runner/__fixtures__/test-workspace.ts";

/** What an answer of the API says. */
export interface Answered {
  readonly status: number;
  // oxlint-disable-next-line typescript/no-explicit-any -- each test says what it expects in it
  readonly body: any;
  readonly headers: Headers;
}

/** A workspace with its published notebooks and their API. */
export interface PublishWorkspace extends AsyncDisposable {
  readonly workspace: TestWorkspace;
  readonly publishing: Publishing;
  readonly api: Hono;
  /** Publishes a text; under a slug of its own where none is given. */
  publish(text: string, more?: Partial<NotebookToPublish>): Promise<EndpointVersion>;
  /** Posts inputs, or a whole body, to a target. */
  run(target: string, inputs?: object, more?: { readonly body?: object; readonly headers?: object }): Promise<Answered>;
  ask(method: string, path: string, init?: RequestInit): Promise<Answered>;
  dataset(name: string, content: string): Promise<void>;
  /** Closes all and opens it again, as when a server starts anew. */
  restart(): Promise<void>;
  /** Serves the API on a port of 127.0.0.1, until it is disposed of. */
  serve(): Promise<ServedApi>;
}

export interface ServedApi extends AsyncDisposable {
  readonly url: string;
  readonly port: number;
}

export interface PublishSettings {
  readonly budget?: number;
  readonly api?: Omit<PublishApiSettings, "runtime" | "publishing">;
  readonly runtime?: Partial<RuntimeSettings>;
}

export async function publishWorkspace(settings: PublishSettings = {}): Promise<PublishWorkspace> {
  const workspace = await testWorkspace(settings.runtime);
  let publishing: Publishing;
  let api: Hono;
  let notebooks = 0;
  const open = (): void => {
    const { runtime } = workspace;
    publishing = openPublishing({ runtime, ...(settings.budget === undefined ? {} : { budget: settings.budget }) });
    api = createPublishApi({ runtime, publishing, ...settings.api });
  };
  open();
  async function ask(method: string, path: string, init: RequestInit = {}): Promise<Answered> {
    const answer = await api.request(path, { method, ...init });
    const text = await answer.text();
    return { status: answer.status, body: text === "" ? null : JSON.parse(text), headers: answer.headers };
  }
  return {
    workspace,
    ask,
    get publishing() {
      return publishing;
    },
    get api() {
      return api;
    },
    publish(text, more = {}) {
      const name = `notebook-${(notebooks += 1)}`;
      return publishing.publications.publish({ notebook: `${more.slug ?? name}.md`, text, ...more });
    },
    run(target, inputs, { body = { inputs }, headers = {} } = {}) {
      return ask("POST", `/api/run/${target}`, {
        body: JSON.stringify(body),
        headers: { "content-type": "application/json", ...headers },
      });
    },
    async dataset(name, content) {
      const path = datasetPath(workspace, name);
      await mkdir(dirname(path), { recursive: true });
      await writeFile(path, content);
    },
    async restart() {
      await publishing.close();
      await workspace.restart();
      open();
      await publishing.start();
    },
    async serve() {
      const server = createAdaptorServer({ fetch: (request) => api.fetch(request) }) as Server;
      await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
      server.unref();
      return {
        port: (server.address() as AddressInfo).port,
        url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
        async [Symbol.asyncDispose]() {
          server.closeAllConnections();
          await new Promise<void>((resolve) => server.close(() => resolve()));
        },
      };
    },
    async [Symbol.asyncDispose]() {
      await publishing.close();
      await workspace[Symbol.asyncDispose]();
    },
  };
}
