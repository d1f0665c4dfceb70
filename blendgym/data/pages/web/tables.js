function section(title, note, ...content) {
  return make("section", {}, make("h2", {}, title, make("span", { className: "faint" }, note)), ...content);
}

/** The objects in sight; the one that is pointed at is lit up in all pictures. */
function objectsTable(view, pictures) {
  const rows = view.objects.map((seen) => {
    const hidden = seen.pixels === 0;
    const row = make("tr", { tabIndex: 0, className: hidden ? "faint" : "" },
      make("td", { className: "name" }, swatch(seen.colour), `${seen.name}`,
        seen.category === seen.name ? null : make("span", { className: "faint" }, seen.category)),
      make("td", {}, seen.pixels.toLocaleString("en")),
      make("td", {}, percent(seen.visibility)),
      make("td", {}, percent(seen.truncation)));
    for (const [begins, ends] of [["mouseenter", "mouseleave"], ["focus", "blur"]]) {
      row.addEventListener(begins, () => light(pictures, seen.id));
      row.addEventListener(ends, () => light(pictures, null));
    }
    return row;
  });
  const heads = ["object", "pixels", "visible", "cut off"].map((text) => make("th", {}, text));
  const visible = view.objects.filter((seen) => seen.pixels > 0).length;
  return section("Objects", `${visible} visible of ${rows.length}`,
    make("table", { className: "objects" }, make("thead", {}, make("tr", {}, ...heads)), make("tbody", {}, ...rows)));
}

function light(pictures, id) {
  pictures.classList.toggle("lit", id !== null);
  for (const each of pictures.querySelectorAll("[data-object]"))
    each.classList.toggle("on", each.dataset.object === String(id));
}

function parametersTable(parameters) {
  const groups = Map.groupBy ? Map.groupBy(parameters, (each) => each.group ?? "") : new Map([["", parameters]]);
  const bodies = [...groups].map(([group, members]) =>
    make("tbody", {},
      group ? make("tr", { className: "group" }, make("th", { colSpan: 3 }, group)) : null,
      ...members.map(parameterRow)));
  const table = make("table", { className: "parameters" }, ...bodies);
  return section("Parameters", "where each lies between its bounds", table);
}

function parameterRow(each) {
  return make("tr", { title: each.meaning ?? "" },
    make("td", { className: "name" }, each.name),
    make("td", { className: "value" }, each.text,
      each.unit ? make("span", { className: "faint" }, ` ${each.unit}`) : null),
    make("td", {}, each.place === undefined ? null : trackOf(each)));
}

function trackOf(each) {
  const track = make("div", { className: "track", title: `${each.low} to ${each.high} ${each.unit}` });
  for (const [className, place] of [["nominal", each.nominal], ["dot", each.place]]) {
    const mark = make("i", { className });
    mark.style.left = `${100 * Math.min(Math.max(place ?? 0, 0), 1)}%`;
    track.append(mark);
  }
  return track;
}

function labelsTable(labels) {
  const rows = labels.map((each) =>
    make("tr", {}, make("td", { className: "name" }, each.name, make("span", { className: "faint" }, each.kind)),
      make("td", { className: "value wrap" }, each.text)));
  return section("Labels", "", make("table", {}, make("tbody", {}, ...rows)));
}

function factsTable(sample, view) {
  const facts = [
    ["seed", sample.seed],
    ["version", String(sample.version)],
    ["log-probability", (sample.log_probability ?? NaN).toPrecision(5)],
    ...view.camera,
  ];
  const rows = facts.map(([name, text]) =>
    make("tr", {}, make("td", { className: "name" }, name), make("td", { className: "value" }, text)));
  const table = make("table", {}, make("tbody", {}, ...rows));
  return section("Camera and draw", `${view.width} × ${view.height} pixels`, table);
}
