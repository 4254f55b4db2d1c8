import type { JsonSchema } from "#server/notebook/schema.ts";
import type { Contract } from "./contract.ts";

/** An OpenAPI document as plain data. */
export type OpenApi = JsonSchema;

/**
 * The OpenAPI 3.1 document of a published notebook: its request with the inputs' types, its answer with the outputs', and the runs
 * that are asked for later. A dry run is not in it: an answer that may be an estimate would have every client ask which it is. `target` is what stands in the address, `card-triage` or `card-triage@v3`.
 */
export function openApi(contract: Contract, target: string, version: number, server: string): OpenApi {
  const { title, inputs, outputs } = contract;
  const required = inputs.filter((input) => input.required).map(({ name }) => name);
  return {
    openapi: "3.1.0",
    info: { title: title ?? target, version: String(version) },
    servers: [{ url: server }],
    paths: {
      [`/api/run/${target}`]: {
        post: {
          operationId: "run",
          summary: title ?? target,
          description:
            'Computes the outputs from the inputs. With `"async": true` the answer is asked for later. With ' +
            "`Accept: text/event-stream` it comes as events, the answer as the last.",
          parameters: [
            {
              name: "Idempotency-Key",
              in: "header",
              description: "The same key with the same body gives the same answer, for 24 hours.",
              schema: { type: "string", minLength: 1, maxLength: 255 },
            },
          ],
          requestBody: { required: true, content: jsonOf("RunRequest") },
          responses: {
            "200": {
              description: "The outputs.",
              content: { ...jsonOf("Answer"), "text/event-stream": { schema: { type: "string" } } },
            },
            "202": {
              description: "The answer comes later: ask for the run.",
              headers: { Location: { schema: { type: "string" } } },
              content: jsonOf("Accepted"),
            },
            ...problems({
              400: "The body or an input is not as it should be.",
              404: "There is no such version.",
              405: "The method is POST.",
              409: "The request was cancelled, or the one under its key has no answer yet.",
              413: "The body is too long.",
              422: "The key was used for another request.",
            }),
            "500": { description: "An output could not be computed.", content: jsonOf("FailedAnswer") },
            "502": { description: "A model did not answer.", content: jsonOf("FailedAnswer") },
            "503": {
              description: "A model has too much to do: try again later. Or this version cannot run here any more.",
              content: jsonOf("FailedAnswer", "Problem"),
            },
          },
        },
      },
      "/api/runs/{id}": {
        parameters: [{ name: "id", in: "path", required: true, schema: { type: "string" } }],
        get: {
          operationId: "getRun",
          summary: "How a run stands, with its answer when it is done.",
          responses: {
            "200": { description: "The run.", content: jsonOf("Run") },
            ...problems({ 404: "There is no such run." }),
          },
        },
        delete: {
          operationId: "cancelRun",
          summary: "Stops a run. One that has ended stays as it ended.",
          responses: {
            "200": { description: "The run.", content: jsonOf("Run") },
            ...problems({ 404: "There is no such run." }),
          },
        },
      },
    },
    components: {
      schemas: {
        Inputs: {
          type: "object",
          properties: Object.fromEntries(inputs.map(({ name, schema }) => [name, schema])),
          required,
          additionalProperties: false,
        },
        Outputs: {
          type: "object",
          properties: Object.fromEntries(outputs.map(({ name, schema }) => [name, schema])),
          required: outputs.map(({ name }) => name),
        },
        RunRequest: {
          type: "object",
          properties: { inputs: ref("Inputs"), async: { type: "boolean", default: false } },
          required: required.length === 0 ? [] : ["inputs"],
        },
        Answer: answer({ outputs: ref("Outputs"), outcome: { type: "string", const: "done" } }),
        FailedAnswer: answer({
          outputs: { type: "object", additionalProperties: true },
          outcome: { type: "string", const: "failed" },
          error: ref("Failure"),
        }),
        Usage: object({
          input: { type: "integer", description: "Tokens sent." },
          output: { type: "integer", description: "Tokens received." },
          calls: object({ made: { type: "integer" }, cached: { type: "integer" } }),
        }),
        Failure: object({
          ...reason,
          outputs: { type: "array", items: object({ output: { type: "string" }, ...reason }) },
        }),
        Accepted: object({ runId: { type: "string" }, status: ref("Status") }),
        Status: { type: "string", enum: ["running", "waiting", "done", "failed", "cancelled"] },
        Run: {
          ...object({ runId: { type: "string" }, status: ref("Status") }),
          properties: {
            runId: { type: "string" },
            status: ref("Status"),
            version: { type: "integer" },
            startedAt: { type: "string", format: "date-time" },
            endedAt: { type: ["string", "null"], format: "date-time" },
            waitsFor: { type: "array", items: { type: "string" } },
            result: { anyOf: [ref("Answer"), ref("FailedAnswer")] },
          },
        },
        Problem: object({
          error: {
            type: "object",
            properties: {
              code: { type: "string" },
              message: { type: "string" },
              problems: { type: "array", items: object({ input: { type: "string" }, message: { type: "string" } }) },
            },
            required: ["code", "message"],
          },
        }),
      },
    },
  };
}

const reason: { readonly [name: string]: JsonSchema } = {
  code: {
    type: "string",
    enum: ["model.busy", "model.failed", "model.answer", "answer.too-long", "output.failed"],
  },
  message: { type: "string" },
};

function answer(members: { readonly [name: string]: JsonSchema }): JsonSchema {
  const { outputs, ...rest } = members;
  return object({
    outputs: outputs!,
    usage: ref("Usage"),
    cost: { type: ["number", "null"], description: "US dollars; null where a model has no known price." },
    version: { type: "integer" },
    runId: { type: "string" },
    ...rest,
  });
}

function object(properties: { readonly [name: string]: JsonSchema }): JsonSchema {
  return { type: "object", properties, required: Object.keys(properties) };
}

function ref(name: string): JsonSchema {
  return { $ref: `#/components/schemas/${name}` };
}

/** JSON of one of these schemas. */
function jsonOf(name: string, ...others: readonly string[]): JsonSchema {
  const schema = others.length === 0 ? ref(name) : { anyOf: [name, ...others].map(ref) };
  return { "application/json": { schema } };
}

function problems(descriptions: { readonly [status: number]: string }): { readonly [status: string]: JsonSchema } {
  return Object.fromEntries(
    Object.entries(descriptions).map(([status, description]) => [status, { description, content: jsonOf("Problem") }]),
  );
}
