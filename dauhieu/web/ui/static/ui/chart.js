// Draws every [data-chart] from the JSON block it names: {months, series: [{name, kind, values, axis}], locale}.
// Python decides the numbers and the table beside the chart shows them; this only draws.

const charts = [];

function colour(name) {
  return getComputedStyle(document.documentElement).getPropertyValue(name).trim();
}

// A tooltip made of elements: text would carry inline styles, which the content policy refuses.
function tooltip(points, format) {
  const box = document.createElement("div");
  const title = document.createElement("strong");
  title.textContent = points[0].axisValueLabel;
  box.append(title);
  for (const point of points) {
    const line = document.createElement("div");
    line.textContent = `${point.seriesName}: ${point.value == null ? "–" : format.format(point.value)}`;
    box.append(line);
  }
  return box;
}

function options(data) {
  const format = new Intl.NumberFormat(data.locale);
  const short = new Intl.NumberFormat(data.locale, { notation: "compact" });
  const ink = colour("--ink"), muted = colour("--muted"), line = colour("--line");
  const axis = (side) => ({
    type: "value", position: side, axisLabel: { color: muted, formatter: (value) => short.format(value) },
    splitLine: { show: side === "left", lineStyle: { color: line } },
  });
  return {
    animation: !matchMedia("(prefers-reduced-motion: reduce)").matches,
    color: [colour("--brand"), colour("--step-3"), colour("--accent"), colour("--step-4")],
    textStyle: { fontFamily: "Inter, sans-serif" },
    grid: { left: 56, right: data.series.some((one) => one.axis) ? 52 : 16, top: 36, bottom: 28 },
    // Long names on a phone are turned over, not written across the axis.
    legend: { type: "scroll", top: 0, textStyle: { color: ink }, pageTextStyle: { color: ink }, pageIconColor: ink },
    tooltip: {
      trigger: "axis", backgroundColor: colour("--card"), borderColor: line, textStyle: { color: ink },
      formatter: (points) => tooltip(points, format),
    },
    xAxis: { type: "category", data: data.months, axisLabel: { color: muted }, axisLine: { lineStyle: { color: line } } },
    yAxis: [axis("left"), axis("right")],
    series: data.series.map((one) => ({
      name: one.name, type: one.kind, data: one.values, yAxisIndex: one.axis ?? 0, symbol: "none", barMaxWidth: 14,
      lineStyle: { width: 2.5 },
    })),
  };
}

for (const place of document.querySelectorAll("[data-chart]")) {
  const data = JSON.parse(document.getElementById(place.dataset.chart).textContent);
  const chart = echarts.init(place, null, { renderer: "canvas" });
  chart.setOption(options(data));
  charts.push(chart);
}
addEventListener("resize", () => charts.forEach((chart) => chart.resize()));
