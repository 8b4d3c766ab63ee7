// The default theme without its web font: a page makes no request to the outside and loads faster.
import Theme from "vitepress/theme-without-fonts";
import "./style.css";

export default Theme;
