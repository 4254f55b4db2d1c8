import { useNavigate } from "@solidjs/router";
import { createMemo, createResource, Show } from "solid-js";
import { api } from "~/api";
import { BudgetsSection } from "~/money/budgets-section";
import { Loaded } from "~/ui/loaded";
import { Page, Section } from "~/ui/page";
import { Segments } from "~/ui/segments";
import { CostDays } from "./cost-days";
import { CostFilters, PeriodChoice } from "./cost-filters";
import { CostGroups } from "./cost-groups";
import {
  costQuestion,
  groupingOf,
  groupPath,
  groupings,
  groupingsAsked,
  sameCalls,
  type CostAddress,
} from "./cost-question";
import { CostTotals } from "./cost-totals";
import { KeptBodies } from "./kept-bodies";
import { NoCalls } from "./no-calls";
import { useCostAddress } from "./use-cost-address";
import "./costs.css";

/** What the workspace's calls came to: in all, day by day, and by what one asks. */
export function CostsPage() {
  const [address, setAddress] = useCostAddress();
  const navigate = useNavigate();
  const asked = createMemo(() => JSON.stringify(costAsked(address())));
  const [report, { refetch }] = createResource(asked, async () => {
    const question = costQuestion(address(), new Date());
    return { ...(await api.costs.report.query(question)), by: question.by };
  });
  const by = () => groupingOf(address());
  const isFiltered = () => groupingsAsked(address()).length > 0;
  return (
    <Page
      title="Cost"
      about="What the calls of models came to, as the journal has them. Each figure opens its calls. Answers that come from the journal again are no calls: they are counted as free."
      actions={<PeriodChoice />}
    >
      <CostFilters />
      <Loaded from={report} of={asked()} what="what was spent" again={() => void refetch()}>
        {(now) => (
          <Show when={now().total.calls + now().total.free.answers > 0} fallback={<NoCalls filtered={isFiltered()} />}>
            <CostTotals total={now().total} address={address()} />
            <Show
              when={now().days.length > 1}
              fallback={
                <Section title="Hour by hour" note={now().days[0]?.day}>
                  <CostDays days={now().hours} unit="hour" />
                </Section>
              }
            >
              <Section title="Day by day">
                <CostDays days={now().days} unit="day" />
              </Section>
            </Show>
            <Section title="Where it went">
              <div class="cost-by">
                <Segments
                  label="Put together by"
                  choices={groupings}
                  isChosen={(grouping) => grouping.by === by()}
                  choose={(grouping) => setAddress({ by: grouping.by })}
                />
              </div>
              <CostGroups
                report={now()}
                by={now().by}
                address={address()}
                into={(name) => navigate(groupPath(address(), now().by, name), { scroll: false })}
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
