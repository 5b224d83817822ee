export { default } from "../../meters/new/loading";
