import { createResource, createSignal, For, Show } from "solid-js";
import type { CellError } from "#server/notebook/value.ts";
import { api, problemOf } from "~/api";
import { MoneyField } from "~/money/money-field";
import { Loaded } from "~/ui/loaded";
import { Section } from "~/ui/page";
import { PageTable } from "~/ui/page-table";
import { ProblemBox } from "~/ui/problem-box";
import { toasts } from "~/ui/toasts";
import "~/money/money-forms.css";

/** The OpenAI-compatible servers the workspace has named, with a form to name one. They stand in its file `endpoints.yaml`; `changed` is told which. */
export function OwnEndpoints(props: { changed(name: string): void }) {
  const [own, { refetch }] = createResource(() => api.models.endpoints.query());
  const changed = (name: string): void => {
    void refetch();
    props.changed(name);
  };
  const remove = async (name: string): Promise<void> => {
    try {
      await api.models.removeEndpoint.mutate({ name });
      changed(name);
    } catch (thrown) {
      toasts.say(problemOf(thrown).message);
    }
  };
  return (
    <Section
      title="Own endpoints"
      note="Servers that speak OpenAI's protocol, in endpoints.yaml. One of a known name goes before it"
    >
      <Loaded from={own} what="the workspace's own endpoints" again={() => void refetch()}>
        {(file) => (
          <>
            <Show when={file().problem}>{(problem) => <ProblemBox error={problem()} />}</Show>
            <Show
              when={Object.keys(file().endpoints ?? {}).length > 0}
              fallback={
                <p class="dim">There are none: name a server of your own, and cells can say its name and a model.</p>
              }
            >
              <PageTable
                class="money-prices"
                label="Own endpoints by name"
                columns={["name", "address", "key in", { name: "Take away", isUnseen: true }]}
              >
                <For each={Object.entries(file().endpoints ?? {})}>
                  {([name, { baseUrl, keyVariable }]) => (
                    <tr>
                      <td class="mono">{name}/…</td>
                      <td class="mono">{baseUrl}</td>
                      <td class={keyVariable === undefined ? "dim" : "mono"}>{keyVariable ?? "no key needed"}</td>
                      <td>
                        <button
                          type="button"
                          class="button"
                          aria-label={`Take away the endpoint ${name}`}
                          onClick={() => void remove(name)}
                        >
                          Take away
                        </button>
                      </td>
                    </tr>
                  )}
                </For>
              </PageTable>
            </Show>
            <EndpointForm changed={changed} />
          </>
        )}
      </Loaded>
    </Section>
  );
}

function EndpointForm(props: { changed(name: string): void }) {
  const [name, setName] = createSignal("");
  const [address, setAddress] = createSignal("");
  const [variable, setVariable] = createSignal("");
  const [problem, setProblem] = createSignal<CellError | null>(null);
  const isReady = () => name().trim() !== "" && address().trim() !== "";
  async function add(): Promise<void> {
    const named = name().trim();
    try {
      await api.models.setEndpoint.mutate({
        name: named,
        baseUrl: address().trim(),
        keyVariable: variable().trim() === "" ? null : variable().trim(),
      });
      for (const clear of [setName, setAddress, setVariable]) clear("");
      setProblem(null);
      toasts.say(`${named} is an endpoint now.`);
      props.changed(named);
    } catch (thrown) {
      setProblem(problemOf(thrown));
    }
  }
  return (
    <form
      class="money-form"
      aria-label="Name an endpoint"
      onSubmit={(event) => {
        event.preventDefault();
        if (isReady()) void add();
      }}
    >
      <MoneyField label="Name" kind="mono" placeholder="gpu" spellcheck={false} value={name()} set={setName} />
      <MoneyField
        label="Address"
        kind="mono"
        size={34}
        placeholder="http://192.168.1.20:8000/v1"
        spellcheck={false}
        value={address()}
        set={setAddress}
      />
      <MoneyField
        label="Key in (empty: none needed)"
        kind="mono"
        placeholder="GPU_API_KEY"
        spellcheck={false}
        value={variable()}
        set={setVariable}
      />
      <button type="submit" class="button" disabled={!isReady()}>
        Set
      </button>
      <Show when={problem()}>{(error) => <ProblemBox error={error()} />}</Show>
    </form>
  );
}
