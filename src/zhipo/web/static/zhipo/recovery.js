// What each class may expect by either road: a bar from low to high, a mark at the likely share.
const charts = [];

function bar(name, ranges, colour, place) {
  return {
    name,
    type: "custom",
    color: colour,
    renderItem(params, api) {
      const row = api.value(0);
      const [low, likely, high] = [1, 2, 3].map((one) => api.coord([api.value(one), row]));
      const height = Math.min(16, api.size([0, 1])[1] * 0.3);
      const top = low[1] + (place === 0 ? -height - 1 : 1);
      const width = Math.max(2, high[0] - low[0]);
      return {
        type: "group",
        children: [
          { type: "rect", shape: { x: low[0], y: top, width, height }, style: { fill: colour, opacity: 0.45 } },
          { type: "rect", shape: { x: likely[0] - 2, y: top - 2, width: 4, height: height + 4 }, style: { fill: colour } },
        ],
      };
    },
    encode: { x: [1, 2, 3], y: 0 },
    data: ranges.flatMap((range, row) => (range ? [[row, ...range.map(Number)]] : [])),
  };
}

function options(chart, text) {
  const colours = ["#d9822b", "#07a35a"];
  const line = { lineStyle: { color: text, opacity: 0.15 } };
  return {
    animation: false,
    legend: { top: 0, textStyle: { color: text } },
    grid: { left: 12, right: 40, top: 34, bottom: 8, containLabel: true },
    tooltip: { trigger: "item", renderMode: "richText", formatter: (point) => `${chart.names[point.value[0]]} · ${point.seriesName}\n${point.value[1]} – ${point.value[2]} – ${point.value[3]} %` },
    xAxis: { type: "value", min: 0, name: chart.unit, nameGap: 6, nameTextStyle: { color: text }, axisLabel: { color: text, formatter: "{value} %", hideOverlap: true }, splitLine: line },
    yAxis: { type: "category", inverse: true, data: chart.names, axisLabel: { color: text, width: 110, overflow: "truncate" } },
    series: chart.series.map((one, place) => bar(one.name, one.ranges, colours[place], place)),
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
