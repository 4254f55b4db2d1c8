import { render } from "solid-js/web";
import App from "./app";

// SolidStart's own client brings the tools of its development server along, styles and all.
render(() => <App />, document.querySelector("#app")!);
