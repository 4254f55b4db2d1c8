import { useNavigate } from "@solidjs/router";
import { For, Show } from "solid-js";
import Database from "lucide-solid/icons/database";
import type { RequestRecord } from "#server/store/store.ts";
import { api, problemOf } from "~/api";
import { dollars } from "~/money/dollars";
import { RunState } from "~/runs/run-state";
import type { RunWord } from "~/runs/run-words";
import { figures, PageTable } from "~/ui/page-table";
import { toasts } from "~/ui/toasts";
import { agoText, durationText, momentText } from "~/ui/words";

export type RequestView = Pick<
  RequestRecord,
  "id" | "version" | "status" | "startedAt" | "endedAt" | "cost" | "callsMade" | "callsCached" | "inputs"
>;

/** What was asked of a published notebook last. */
export function RequestList(props: { readonly slug: string; readonly requests: readonly RequestView[] }) {
  const navigate = useNavigate();
  /** Makes a dataset of them and shows it; the toast takes it away again. */
  async function keep(): Promise<void> {
    const { slug } = props;
    try {
      const { path, rows } = await api.published.keepRequests.mutate({ slug });
      navigate(`/datasets?file=${encodeURIComponent(path)}`);
      toasts.say(`${rows === 1 ? "1 request is" : `${rows.toLocaleString("en")} requests are`} ${path} now.`, {
        label: "Undo",
        run: () => void takeBack(path),
      });
    } catch (thrown) {
      toasts.problem(problemOf(thrown));
    }
  }
  async function takeBack(path: string): Promise<void> {
    try {
      await api.datasets.remove.mutate({ path });
      navigate(`/published/${props.slug}`);
      toasts.say(`${path} is taken back.`);
    } catch (thrown) {
      toasts.problem(problemOf(thrown));
    }
  }
  return (
    <Show
      when={props.requests.length > 0}
      fallback={<p class="dim">Nobody has asked it yet: try it above, or call it.</p>}
    >
      <PageTable
        label="Requests"
        columns={["when", "inputs", "version", "outcome", ...figures("took", "calls", "cost")]}
      >
        <For each={props.requests}>
          {(request) => (
            <tr>
              <td title={momentText(request.startedAt)}>{agoText(request.startedAt, Date.now())}</td>
              <td class="mono" title={request.inputs}>
                {request.inputs}
              </td>
              <td>v{request.version}</td>
              <td>
                <RunState state={statusWord(request.status)} />
              </td>
              <td class="number">
                {request.endedAt === null ? "" : durationText(request.endedAt - request.startedAt)}
              </td>
              <td class="number">{request.callsMade}</td>
              <td class="number">{dollars(request.cost)}</td>
            </tr>
          )}
        </For>
      </PageTable>
      <p class="request-tools">
        <button type="button" class="button" onClick={() => void keep()}>
          <Database /> Make a dataset of all requests
        </button>
        <span class="dim">A row each, with what was given and answered: for a sheet, or an evaluation.</span>
      </p>
    </Show>
  );
}

function statusWord(status: RequestRecord["status"]): RunWord {
  switch (status) {
    case "running":
      return { word: "under way", tone: "busy", shape: "running" };
    case "waiting":
      return { word: "waits", tone: "wait", shape: "wait" };
    case "done":
      return { word: "answered", tone: "good", shape: "check" };
    case "failed":
      return { word: "failed", tone: "bad", shape: "alert" };
    case "cancelled":
      return { word: "stopped", tone: "", shape: "stopped" };
  }
}
