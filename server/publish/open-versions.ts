import { openPrepared, type Prepared } from "#server/runner/prepared.ts";
import type { Runtime } from "#server/runner/runtime.ts";
import type { EndpointVersion } from "#server/store/store.ts";
import { contractOf, type Contract } from "./contract.ts";
import { withDatasets } from "./kept-datasets.ts";
import { checkModels, resolvedModels } from "./resolved-models.ts";

/** A published version at hand: read and planned once, with its datasets as they were kept. */
export interface OpenVersion {
  readonly slug: string;
  readonly version: number;
  readonly prepared: Prepared;
  readonly contract: Contract;
  /** The runtime its requests run in. */
  readonly runtime: Runtime;
}

/** The versions that are at hand. */
export interface OpenVersions {
  /** The version of that number; null where there is none. Rejects with `endpoint.model-changed` where it cannot answer as it did. */
  open(slug: string, version: number): Promise<OpenVersion | null>;
  /** Lets go of one, so that it is opened anew: what was computed once for all its callers is gone. */
  drop(slug: string, version: number): void;
}

/** Versions kept at hand; the ones not asked for longest make room. */
const mostOpen = 100;

export function createOpenVersions(runtime: Runtime): OpenVersions {
  const opened = new Map<string, Promise<OpenVersion | null>>();
  return {
    open(slug, version) {
      const name = nameOf(slug, version);
      const known = opened.get(name);
      const found = known ?? openVersion(slug, version, runtime);
      // The newest use stands last.
      if (known !== undefined) opened.delete(name);
      opened.set(name, found);
      if (known !== undefined) return found;
      found.then(
        (there) => there === null && opened.delete(name),
        () => opened.delete(name),
      );
      if (opened.size > mostOpen) opened.delete(opened.keys().next().value!);
      return found;
    },
    drop: (slug, version) => void opened.delete(nameOf(slug, version)),
  };
}

async function openVersion(slug: string, version: number, runtime: Runtime): Promise<OpenVersion | null> {
  const kept = await runtime.store.endpoints.version(slug, version);
  return kept === null ? null : prepareVersion(kept, runtime);
}

async function prepareVersion(kept: EndpointVersion, outer: Runtime): Promise<OpenVersion> {
  const { slug, version, text, models, datasets } = kept;
  const runtime = withDatasets(outer, datasets);
  const prepared = await openPrepared(runtime, { path: nameOf(slug, version), text });
  checkModels(nameOf(slug, version), models, resolvedModels(prepared, runtime.models));
  return { slug, version, prepared, contract: contractOf(prepared.graph, prepared.plan), runtime };
}

/** A version as it is written in addresses and journals. */
function nameOf(slug: string, version: number): string {
  return `${slug}@v${version}`;
}
