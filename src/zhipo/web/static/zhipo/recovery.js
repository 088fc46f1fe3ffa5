// What each class may expect by either road: a bar from low to high, a mark at the likely share.
const charts = [];

const WIDTH = 12;
const GAP = 0.2;

// Three series a road: what is below the low value, from low to high, the mark at the likely one.
function road({ name, ranges }, colour, place) {
  const cell = (read) => ranges.map((range) => (range ? read(range.map(Number)) : null));
  const side = (place === 0 ? -1 : 1) * ((WIDTH * (1 + GAP)) / 2);
  const stacked = { type: "bar", stack: name, barWidth: WIDTH, barGap: `${GAP * 100}%` };
  return [
    { ...stacked, silent: true, itemStyle: { color: "transparent" }, data: cell(([low]) => low) },
    { ...stacked, name, color: colour, itemStyle: { opacity: 0.45 }, data: cell(([low, , high]) => high - low) },
    { type: "scatter", name, color: colour, symbol: "rect", symbolSize: [5, WIDTH + 4], symbolOffset: [0, side], data: cell(([, likely]) => likely) },
  ];
}

function options(chart, text) {
  const colours = ["#d9822b", "#07a35a"];
  const told = (name, row) => chart.series.find((one) => one.name === name).ranges[row];
  const line = { lineStyle: { color: text, opacity: 0.15 } };
  return {
    animation: false,
    legend: { top: 0, data: chart.series.map((one) => one.name), textStyle: { color: text } },
    grid: { left: 12, right: 40, top: 34, bottom: 8, containLabel: true },
    tooltip: { trigger: "item", renderMode: "richText", formatter: (point) => `${point.name} · ${point.seriesName}
${told(point.seriesName, point.dataIndex).join(" – ")} %` },
    xAxis: { type: "value", min: 0, name: chart.unit, nameGap: 6, nameTextStyle: { color: text }, axisLabel: { color: text, formatter: "{value} %", hideOverlap: true }, splitLine: line },
    yAxis: { type: "category", inverse: true, data: chart.names, axisLabel: { color: text, width: 110, overflow: "truncate" } },
    series: chart.series.flatMap((one, place) => road(one, colours[place], place)),
  };
}

function draw() {
  charts.splice(0).forEach((one) => one.dispose());
  const text = getComputedStyle(document.body).color;
  document.querySelectorAll("[data-recovery]").forEach((box) => {
    const one = echarts.init(box, null, { renderer: "canvas" });
    one.setOption(options(JSON.parse(document.getElementById(box.dataset.recovery).textContent), text));
    charts.push(one);
  });
}

addEventListener("resize", () => charts.forEach((one) => one.resize()));
addEventListener("beforeprint", () => charts.forEach((one) => one.resize()));
matchMedia("(prefers-color-scheme: dark)").addEventListener("change", draw);
draw();
