import { createSignal, Match, Show, Switch } from "solid-js";
import CircleCheck from "lucide-solid/icons/circle-check";
import CircleDashed from "lucide-solid/icons/circle-dashed";
import Download from "lucide-solid/icons/download";
import Hourglass from "lucide-solid/icons/hourglass";
import Square from "lucide-solid/icons/square";
import type { KnownCapabilities } from "#server/models/capabilities/known-capabilities.ts";
import type { Licence } from "#server/models/files/model-file.ts";
import { api, problemOf } from "~/api";
import { ProblemBox } from "~/ui/problem-box";
import { bytesText } from "~/ui/words";
import { CapabilityList } from "./capability-list";
import { createModelPull } from "./create-model-pull";
import { LicenceTerms } from "./licence-terms";
import { PullProgress } from "./pull-progress";

export interface LocalModelView {
  readonly name: string;
  readonly title: string;
  readonly kind: "chat" | "embedding";
  readonly state: "shipped" | "present" | "absent";
  readonly bytes: number;
  readonly contextLength: number;
  readonly known: KnownCapabilities;
  readonly licence: Licence;
  readonly agreed: boolean;
}

/** A model on this machine: whether its file is there, its terms, and fetching it. */
export function LocalModel(props: { readonly model: LocalModelView; changed(): void }) {
  const [showsTerms, setShowsTerms] = createSignal(false);
  const pull = createModelPull(() => props.changed());
  const fetchFile = (): void => pull.start(props.model.name);

  async function agree(): Promise<void> {
    try {
      await api.models.agree.mutate({ model: props.model.name });
      setShowsTerms(false);
      props.changed();
      fetchFile();
    } catch (thrown) {
      pull.setProblem(problemOf(thrown));
    }
  }

  const waits = () => props.model.state === "absent" && !props.model.agreed;
  return (
    <li class="model">
      <div class="model-row">
        <div class="model-what">
          <span class="mono model-name">{props.model.name}</span>
          <span class="dim">{props.model.title}</span>
          <CapabilityList known={props.model.known} />
        </div>
        <span class="list-fact">{props.model.contextLength.toLocaleString("en")} tokens</span>
        <span class="list-fact">{bytesText(props.model.bytes)}</span>
        <Show when={props.model.licence.url} fallback={<span class="list-fact">{props.model.licence.title}</span>}>
          {(url) => (
            <a class="list-fact" href={url()} target="_blank" rel="noreferrer">
              {props.model.licence.title}
            </a>
          )}
        </Show>
        <span class="model-state">
          <Switch>
            <Match when={pull.step() !== null}>
              <button type="button" class="button" onClick={() => pull.stop()}>
                <Square /> Stop
              </button>
            </Match>
            <Match when={props.model.state === "shipped"}>
              <span class="state-word good">
                <CircleCheck /> comes with Sheaf
              </span>
            </Match>
            <Match when={props.model.state === "present"}>
              <span class="state-word good">
                <CircleCheck /> here
              </span>
            </Match>
            <Match when={waits()}>
              <span class="state-word wait">
                <Hourglass /> waits for your consent
              </span>
              <button
                type="button"
                class="button"
                aria-expanded={showsTerms()}
                onClick={() => setShowsTerms(!showsTerms())}
              >
                Read the terms
              </button>
            </Match>
            <Match when={true}>
              <span class="state-word">
                <CircleDashed /> not fetched
              </span>
              <button type="button" class="button" onClick={fetchFile}>
                <Download /> Fetch
              </button>
            </Match>
          </Switch>
        </span>
      </div>
      <Show when={pull.step()}>
        {(step) => <PullProgress name={props.model.name} step={step()} bytes={props.model.bytes} />}
      </Show>
      <Show when={showsTerms() && waits()}>
        <LicenceTerms licence={props.model.licence} bytes={props.model.bytes} agree={() => void agree()} />
      </Show>
      <Show when={pull.problem()}>{(error) => <ProblemBox error={error()} again={fetchFile} />}</Show>
    </li>
  );
}
