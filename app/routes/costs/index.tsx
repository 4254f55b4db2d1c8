import { CostsPage } from "~/costs/costs-page";

export default CostsPage;
