import { useNavigate, useSearchParams } from "@solidjs/router";
import { For, lazy, Suspense } from "solid-js";
import type { CostDay } from "#server/tables/call-store.ts";
import { callsPath, type CostAddress } from "./cost-question";
import { dayMeasures, daysChart, measureOf } from "./days-chart";
import "~/charts/charts.css";

const ChartPicture = lazy(() =>
  import("~/charts/chart-picture").then(({ ChartPicture }) => ({ default: ChartPicture })),
);

/** What was spent, called, failed or came free day by day; a day opens the calls it is made of. */
export function CostDays(props: { readonly days: readonly CostDay[] }) {
  const [address, setAddress] = useSearchParams<CostAddress & { [name: string]: string }>();
  const navigate = useNavigate();
  const measure = () => measureOf(address["chart"], props.days);
  const open = (day: string): void => {
    const { kind } = measure();
    navigate(callsPath(address as CostAddress, { day, ...(kind === null ? {} : { kind }) }));
  };
  return (
    <>
      <div class="segments cost-by" role="group" aria-label="Drawn">
        <For each={dayMeasures}>
          {(each) => (
            <button
              type="button"
              aria-pressed={measure().name === each.name}
              onClick={() => setAddress({ chart: each.name })}
            >
              {each.word}
            </button>
          )}
        </For>
      </div>
      <Suspense fallback={<div style={{ height: "200px" }} aria-busy="true" />}>
        <ChartPicture model={daysChart(props.days, measure())} height={200} onPoint={(x) => open(String(x))} />
      </Suspense>
    </>
  );
}
