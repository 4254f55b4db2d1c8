import { DatasetsPage } from "~/datasets/datasets-page";

export default DatasetsPage;
