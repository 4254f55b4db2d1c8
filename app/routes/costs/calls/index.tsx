import { CallsPage } from "~/costs/calls-page";

export default CallsPage;
