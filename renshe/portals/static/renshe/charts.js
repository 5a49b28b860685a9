// Draws what [data-option] says with ECharts, and keeps the wall's clock. Every chart also stands as a table in the page.
const FONT = "'Noto Sans CJK SC','Source Han Sans SC','PingFang SC','Microsoft YaHei',sans-serif";
const COLOURS = ["#0f6a70", "#c9822b", "#5b7fb0", "#8a5a83", "#6d8f3c"];

function optionOf(said) {
  const names = { type: "category", data: said.names, axisTick: { show: false }, axisLine: { lineStyle: { color: "#b9b2a2" } }, axisLabel: { color: "#3d4f52", fontSize: 13, fontFamily: FONT } };
  const values = { type: "value", min: said.from, max: said.to, scale: said.series[0].type === "line", splitLine: { lineStyle: { color: "#ebe5d9" } }, axisLabel: { color: "#55666a", fontSize: 12, fontFamily: FONT } };
  return {
    animation: false, color: COLOURS, textStyle: { fontFamily: FONT },
    aria: { enabled: false },
    grid: { left: 8, right: 28, top: said.series.length > 1 ? 40 : 20, bottom: 6, outerBoundsMode: "same", outerBoundsContain: "axisLabel" },
    legend: said.series.length > 1 ? { top: 0, textStyle: { color: "#1f2d2f", fontSize: 13 } } : undefined,
    tooltip: { trigger: "axis", renderMode: "richText", valueFormatter: (value, at) => `${said.said && said.said[at] ? said.said[at] : value === undefined || value === null ? "—" : value.toLocaleString("zh-CN")}${said.unit || ""}` },
    xAxis: said.flat ? values : names,
    yAxis: said.flat ? { ...names, inverse: true } : values,
    series: said.series.map((one) => ({
      ...one, stack: said.stack, barMaxWidth: 26, symbolSize: 8, lineStyle: { width: 3 }, itemStyle: { borderRadius: said.flat && !said.stack ? [0, 6, 6, 0] : 0 },
      label: { show: !said.stack && said.series.length === 1 && (said.flat || one.data.length <= 14), position: said.flat ? "right" : "top", color: "#1f2d2f", fontSize: 12, formatter: ({ value, dataIndex }) => said.said ? said.said[dataIndex] : Number(value).toLocaleString("zh-CN") },
    })),
  };
}

function draw(root) {
  for (const place of root.querySelectorAll("[data-option]")) {
    const said = JSON.parse(place.dataset.option);
    const chart = echarts.getInstanceByDom(place) || echarts.init(place, null, { renderer: "canvas", devicePixelRatio: Math.max(2, window.devicePixelRatio) });
    chart.setOption(optionOf(said), true);
  }
}

function each(deed) {
  for (const place of document.querySelectorAll("[data-option]")) {
    const chart = echarts.getInstanceByDom(place);
    if (chart) deed(chart);
  }
}

if (window.echarts) {
  draw(document);
  window.addEventListener("resize", () => each((chart) => chart.resize()));
  window.addEventListener("beforeprint", () => each((chart) => chart.resize()));
  window.addEventListener("afterprint", () => each((chart) => chart.resize()));
}

const clock = document.querySelector("[data-clock]");
if (clock) {
  const tick = () => { clock.textContent = new Date().toLocaleString("zh-CN", { year: "numeric", month: "long", day: "numeric", weekday: "long", hour: "2-digit", minute: "2-digit", second: "2-digit", hour12: false, timeZone: clock.dataset.clock }); };
  tick();
  setInterval(tick, 1000);
}
