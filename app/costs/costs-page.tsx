import { useSearchParams } from "@solidjs/router";
import { createMemo, createResource, For, Show } from "solid-js";
import { api } from "~/api";
import { BudgetsSection } from "~/money/budgets-section";
import { Loaded } from "~/ui/loaded";
import { Page, Section } from "~/ui/page";
import { CostDays } from "./cost-days";
import { CostFilters, PeriodChoice } from "./cost-filters";
import { CostGroups } from "./cost-groups";
import { costQuestion, groupingOf, groupings, sameCalls, within, type CostAddress } from "./cost-question";
import { CostTotals } from "./cost-totals";
import { KeptBodies } from "./kept-bodies";
import { NoCalls } from "./no-calls";
import "~/ui/segments.css";
import "./costs.css";

/** What the workspace's calls came to: in all, day by day, and by what one asks. */
export function CostsPage() {
  const [params, setAddress] = useSearchParams<CostAddress & { [name: string]: string }>();
  const address = () => params as CostAddress;
  const asked = createMemo(() => JSON.stringify(costAsked(address())));
  const [report, { refetch }] = createResource(asked, () =>
    api.costs.report.query(costQuestion(address(), new Date())),
  );
  const by = () => groupingOf(address());
  const isFiltered = () => groupings.some((grouping) => params[grouping.by] !== undefined);
  return (
    <Page
      title="Cost"
      about="What the calls of models came to, as the journal has them. Each figure opens its calls. Answers that come from the journal again are no calls: they are counted as free."
      actions={<PeriodChoice />}
    >
      <CostFilters />
      <Loaded from={report} what="what was spent" again={() => void refetch()}>
        {(now) => (
          <Show when={now().total.calls + now().total.free.answers > 0} fallback={<NoCalls filtered={isFiltered()} />}>
            <CostTotals total={now().total} address={address()} />
            <Show when={now().days.length > 1}>
              <Section title="Day by day">
                <CostDays days={now().days} />
              </Section>
            </Show>
            <Section title="Where it went">
              <div class="segments cost-by" role="group" aria-label="Put together by">
                <For each={groupings}>
                  {(grouping) => (
                    <button
                      type="button"
                      aria-pressed={by() === grouping.by}
                      onClick={() => setAddress({ by: grouping.by })}
                    >
                      {grouping.word}
                    </button>
                  )}
                </For>
              </div>
              <CostGroups
                report={now()}
                by={by()}
                address={address()}
                into={(name) => setAddress(within(by(), name))}
              />
            </Section>
          </Show>
        )}
      </Loaded>
      <BudgetsSection />
      <Section title="What is kept">
        <KeptBodies />
      </Section>
    </Page>
  );
}

/** What of an address the server is asked for: not what is drawn of it. */
function costAsked(address: CostAddress): { readonly [member: string]: string } {
  return { ...sameCalls(address), by: groupingOf(address) };
}
