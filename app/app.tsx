import "./styles/tokens.css";
import "./styles/base.css";
import { Router } from "@solidjs/router";
import { FileRoutes } from "@solidjs/start/router";
import { Suspense } from "solid-js";
import { Frame } from "~/ui/frame";

// What says where the fonts are is as large as the page's own styles: the first picture does not wait for it.
void import("./styles/fonts");

/** The whole page: one frame, and in it what the address names. */
export default function App() {
  return (
    <Router
      root={(props) => (
        <Frame>
          <Suspense>{props.children}</Suspense>
        </Frame>
      )}
    >
      <FileRoutes />
    </Router>
  );
}
