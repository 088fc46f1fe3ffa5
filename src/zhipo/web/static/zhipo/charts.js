// Charts of the dashboard: data from JSON in the page, drawn on a canvas, again after each poll.
const drawn = new Map();

function colours() {
  const style = getComputedStyle(document.body);
  return { text: style.color, line: "#07a35a" };
}

function options(chart) {
  const { text, line } = colours();
  const names = chart.rows.map((row) => row[0]);
  const isMoney = chart.kind === "money";
  const values = chart.rows.map((row) => (isMoney ? row[1] / 100 : row[1]));
  const value = { type: "value", name: chart.unit, nameTextStyle: { color: text }, axisLabel: { color: text, hideOverlap: true, formatter: (one) => one.toLocaleString() }, minInterval: isMoney ? 0 : 1, splitLine: { lineStyle: { color: text, opacity: 0.15 } } };
  const category = { type: "category", data: names, axisLabel: { color: text, width: 130, overflow: "truncate" }, inverse: chart.kind !== "line" };
  const isLine = chart.kind === "line";
  return {
    animation: false,
    grid: { left: 12, right: 56, top: 28, bottom: 8, containLabel: true },
    tooltip: { trigger: "axis", renderMode: "richText", formatter: (points) => `${points[0].name}: ${chart.rows[points[0].dataIndex][2]}` },
    xAxis: isLine ? category : value,
    yAxis: isLine ? value : category,
    series: [{ type: isLine ? "line" : "bar", data: values, color: line, barMaxWidth: 22, showSymbol: chart.rows.length < 3, areaStyle: isLine ? { opacity: 0.15 } : undefined }],
  };
}

function draw() {
  drawn.forEach((one) => one.dispose());
  drawn.clear();
  document.querySelectorAll("[data-chart]").forEach((box) => {
    const chart = JSON.parse(document.getElementById(box.dataset.chart).textContent);
    const one = echarts.init(box, null, { renderer: "canvas" });
    one.setOption(options(chart));
    drawn.set(box.dataset.chart, one);
  });
}

addEventListener("resize", () => drawn.forEach((one) => one.resize()));
addEventListener("beforeprint", () => drawn.forEach((one) => one.resize()));
matchMedia("(prefers-color-scheme: dark)").addEventListener("change", draw);
document.addEventListener("htmx:afterSettle", draw);
// An open table or a half-typed figure is not taken away by the next poll.
document.addEventListener("htmx:beforeRequest", (event) => {
  const figures = document.getElementById("figures");
  const isBusy = figures.querySelector("details[open]") || figures.contains(document.activeElement) || document.hidden;
  if (event.target === figures && isBusy) event.preventDefault();
});
draw();
