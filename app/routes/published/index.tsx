import { PublishedList } from "~/published/published-list";

export default PublishedList;
