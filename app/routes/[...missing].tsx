import { A, useLocation } from "@solidjs/router";
import { Page } from "~/ui/page";

/** What stands at an address that names nothing. */
export default function Missing() {
  const location = useLocation();
  return (
    <Page title="Not found">
      <div class="empty">
        <h2>There is nothing at {location.pathname}</h2>
        <p>
          It may have been renamed or removed. <A href="/">Look in the notebooks</A>.
        </p>
      </div>
    </Page>
  );
}
