import { A } from "@solidjs/router";
import type { CellError } from "#server/notebook/value.ts";
import { asSentence } from "~/ui/as-sentence";
import { Page } from "~/ui/page";

/** What stands where a notebook cannot be shown: why, and the way to the others. */
export function NotShown(props: { readonly problem: CellError }) {
  return (
    <Page title="This notebook cannot be shown">
      <div class="empty">
        <h2>{asSentence(props.problem.message)}</h2>
        <p>
          {props.problem.cure} <A href="/">Go to the notebooks</A>.
        </p>
      </div>
    </Page>
  );
}
