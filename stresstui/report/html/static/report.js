// Draws the run's metrics with uPlot: mean over the band of minimum and maximum, limits, baseline, phases, breaches and
// notes, all charts on one time axis.
(() => {
  "use strict";
  const run = JSON.parse(document.getElementById("data").textContent);
  const drawn = [];
  const began = Date.parse(run.wall);
  let zoom = null;
  let moving = false;
  let paper = false;
  // Fits between the margins of A4 and of Letter, which the layout does not tell before it is printed.
  const PAPER_WIDTH = 660;

  const colour = (name) => getComputedStyle(document.documentElement).getPropertyValue("--" + name).trim();
  const digits = (v) => { const a = Math.abs(v); return a >= 99.95 ? v.toFixed(0) : a >= 9.995 ? v.toFixed(1) : v.toFixed(2); };
  const scaled = (v, step, names) => {
    let i = 0;
    while (Math.abs(v) >= step * 0.9995 && i < names.length - 1) { v /= step; i += 1; }
    return (i === 0 ? v.toFixed(0) : digits(v)) + " " + names[i];
  };
  const show = (v, unit) => {
    if (v == null) return "-";
    if (unit === "bytes") return scaled(v, 1024, ["B", "KiB", "MiB", "GiB", "TiB"]);
    if (unit === "bytes/s") return scaled(v, 1000, ["B", "kB", "MB", "GB"]) + "/s";
    const n = Number.isInteger(v) ? v.toLocaleString("en") : digits(v);
    return unit === "count" || unit === "" ? n : unit === "count/s" ? n + "/s" : n + " " + unit;
  };
  const clock = (s) => {
    const w = Math.max(0, Math.round(s)), two = (n) => String(n).padStart(2, "0");
    return two(Math.floor(w / 3600)) + ":" + two(Math.floor(w / 60) % 60) + ":" + two(w % 60);
  };
  const moment = (s) => clock(s) + (began ? "  (" + new Date(began + 1000 * s).toISOString().slice(0, 19).replace("T", " ") + " UTC)" : "");
  // Steps of time that people count in.
  const STEPS = [1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 10800, 21600, 43200, 86400, 172800, 604800];

  function columns(chart) {
    const x = chart.mean.map((_, i) => chart.start + (i + 0.5) * chart.width);
    return [x, chart.low, chart.high, chart.mean];
  }

  function range(chart) {
    let low = Infinity, high = -Infinity;
    for (const v of chart.low) if (v != null && v < low) low = v;
    for (const v of chart.high) if (v != null && v > high) high = v;
    const span = high - low || Math.abs(high) || 1;
    let top = high, bottom = low;
    for (const limit of chart.limits) for (const v of [limit.first, limit.last]) {
      if (v <= high + 1.5 * span && v >= low - 1.5 * span) { top = Math.max(top, v); bottom = Math.min(bottom, v); }
    }
    const pad = 0.06 * (top - bottom || span);
    return [bottom >= 0 ? Math.max(0, bottom - pad) : bottom - pad, top + pad];
  }

  function stripe(u, from, to, fill) {
    const { left, top, width, height } = u.bbox;
    const a = Math.max(left, u.valToPos(from, "x", true)), b = Math.min(left + width, u.valToPos(to, "x", true));
    if (b < left || a > left + width) return;
    u.ctx.fillStyle = fill;
    u.ctx.fillRect(a, top, Math.max(b - a, devicePixelRatio), height);
  }

  // A label stands above the end of its line, or where the next one up is free; what it covers stays legible.
  function write(u, label, at, style, taken) {
    const c = u.ctx, r = devicePixelRatio, { left, top, width, height } = u.bbox, step = 13 * r;
    let y = Math.max(top + 12 * r, Math.min(top + height - 3 * r, at - 4 * r));
    const busy = () => taken.find((other) => Math.abs(other - y) < step);
    while (busy() !== undefined && y - step > top) y = busy() - step;
    while (busy() !== undefined && y < top + height) y = busy() + step;
    taken.push(y);
    c.font = 11 * r + "px sans-serif"; c.textAlign = "right";
    c.setLineDash([]); c.lineWidth = 3 * r; c.strokeStyle = colour("page"); c.fillStyle = style;
    c.strokeText(label, left + width - 4 * r, y);
    c.fillText(label, left + width - 4 * r, y);
  }

  function line(u, x0, y0, x1, y1, style, dash, label, taken) {
    const c = u.ctx, r = devicePixelRatio, { left, top, width, height } = u.bbox;
    c.save();
    c.beginPath(); c.rect(left, top, width, height); c.clip();
    c.strokeStyle = style; c.lineWidth = 1.5 * r; c.setLineDash(dash.map((d) => d * r));
    c.beginPath();
    c.moveTo(u.valToPos(x0, "x", true), u.valToPos(y0, "y", true));
    c.lineTo(u.valToPos(x1, "x", true), u.valToPos(y1, "y", true));
    c.stroke();
    if (label) write(u, label, u.valToPos(y1, "y", true), style, taken);
    c.restore();
  }

  function behind(u, chart) {
    run.phases.forEach(([name, from, to]) => { if (name !== "soak") stripe(u, from, to, colour("phase")); });
    chart.breaches.forEach(([from, to]) => stripe(u, from, to == null ? run.end : to, colour("breach")));
  }

  function before(u, chart) {
    const { left, top, width, height } = u.bbox, r = devicePixelRatio, taken = [];
    if (chart.baseline != null) line(u, 0, chart.baseline, run.end, chart.baseline, colour("base"), [2, 3], "");
    chart.limits.forEach((l) => line(u, l.start, l.first, l.end, l.last, colour("limit"), [6, 4], l.label, taken));
    for (const [at] of run.notes) {
      const x = u.valToPos(at, "x", true);
      if (x < left || x > left + width) continue;
      u.ctx.fillStyle = colour("note");
      u.ctx.fillRect(x - r / 2, top, r, height);
    }
  }

  function spread(u) {
    if (moving) return;
    moving = true;
    const { min, max } = u.scales.x;
    zoom = min <= 0 && max >= run.end ? null : [min, max];
    for (const one of drawn) if (one.plot !== u) one.plot.setScale("x", { min, max });
    moving = false;
  }

  function plot(chart, box) {
    const ink = colour("dim"), grid = { stroke: colour("line"), width: 1 };
    const axis = { stroke: ink, grid, ticks: grid, font: "11px sans-serif" };
    const value = (_, v) => show(v, chart.unit);
    const plain = { stroke: "transparent", points: { show: false }, value };
    const [bottom, top] = range(chart);
    return new uPlot({
      width: paper ? PAPER_WIDTH : Math.max(240, box.clientWidth), height: 190,
      cursor: { sync: { key: "run", scales: ["x", null] }, drag: { x: true, y: false } },
      scales: { x: { time: false, range: (_, lo, hi) => zoom || [Math.min(0, lo), Math.max(run.end, hi)] }, y: { range: [bottom, top] } },
      axes: [
        { ...axis, incrs: STEPS, values: (_, ticks) => ticks.map(clock), space: 80 },
        { ...axis, size: 72, values: (_, ticks) => ticks.map((v) => show(v, chart.unit)) },
      ],
      series: [
        { label: "at", value: (_, v) => (v == null ? "-" : moment(v)) },
        { ...plain, label: "min" }, { ...plain, label: "max" },
        { label: "mean", stroke: colour("mean"), width: 1.5, points: { show: chart.mean.length < 3 }, value },
      ],
      bands: [{ series: [2, 1], fill: colour("band") }],
      hooks: { drawClear: [(u) => behind(u, chart)], draw: [(u) => before(u, chart)], setScale: [(u, key) => { if (key === "x") spread(u); }] },
    }, columns(chart), box);
  }

  function reset() {
    zoom = null;
    moving = true;
    for (const one of drawn) one.plot.setScale("x", { min: 0, max: run.end });
    moving = false;
  }

  function add(chart, parent) {
    const box = document.createElement("div"), title = document.createElement("h4"), name = document.createElement("span");
    box.className = "chart" + (chart.breaches.length ? " breached" : "");
    title.textContent = chart.title + " ";
    name.textContent = chart.name + (chart.breaches.length ? "  ✗ " + [...new Set(chart.breaches.map((b) => b[2]))].join(", ") : "");
    title.append(name);
    const inner = document.createElement("div");
    box.append(title, inner);
    parent.append(box);
    inner.addEventListener("dblclick", reset);
    drawn.push({ chart, inner, plot: plot(chart, inner) });
  }

  function redraw() {
    moving = true;
    for (const one of drawn) { one.plot.destroy(); one.plot = plot(one.chart, one.inner); }
    moving = false;
  }

  const vitals = document.getElementById("vitals"), more = document.getElementById("more");
  run.charts.filter((c) => c.vital).forEach((c) => add(c, vitals));
  const rest = run.charts.filter((c) => !c.vital);
  if (!rest.length) more.remove();
  more.addEventListener("toggle", () => {
    if (more.open) rest.splice(0).forEach((c) => add(c, more.querySelector(".charts")));
  });
  let late = 0;
  addEventListener("resize", () => { clearTimeout(late); late = setTimeout(redraw, 100); });
  const opened = [];
  addEventListener("beforeprint", () => {
    paper = true;
    for (const one of document.querySelectorAll("details:not([open]):not(#more)")) { one.open = true; opened.push(one); }
    redraw();
  });
  addEventListener("afterprint", () => {
    paper = false;
    for (const one of opened.splice(0)) one.open = false;
    redraw();
  });
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", redraw);
  document.documentElement.dataset.drawn = String(drawn.length);
})();
