import { ModelsPage } from "~/models/models-page";

export default ModelsPage;
