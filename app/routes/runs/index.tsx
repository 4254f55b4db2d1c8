import { RunsPage } from "~/runs/runs-page";

export default RunsPage;
