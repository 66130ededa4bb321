// Where the page begins.
import "uplot/dist/uPlot.min.css";
import "./styles/base.css";
import "./styles/market.css";
import "./styles/panels.css";
import "./styles/lessons.css";
import { render } from "preact";
import { start } from "./core/start";
import { App } from "./App";

const root = document.getElementById("app");
if (root) {
  void start();
  render(<App />, root);
}
