const OVERLAYS = [
  { name: "boxes", key: "b", title: "Boxes", meaning: "around what is seen" },
  { name: "whole", key: "a", title: "Amodal boxes", meaning: "around all of it, hidden or not" },
  { name: "space", key: "3", title: "3-D boxes", meaning: "along the axes of the objects" },
  { name: "masks", key: "m", title: "Masks", meaning: "pixels of each object" },
  { name: "keypoints", key: "k", title: "Keypoints", meaning: "filled where they are visible" },
  { name: "names", key: "n", title: "Names", meaning: "of the objects in sight" },
];

/** One picture of a view, with all overlays; which of them are shown is said by classes of an element around it. */
function pictureOf(source, sample, place, view, pass) {
  const masks = view.passes.some((each) => each.name === "segmentation") && pass.name.startsWith("rgb");
  const frame = make("div", { className: "frame" },
    make("img", { src: source.picture(sample, place, pass.name), alt: pass.title }),
    masks ? make("img", { className: "masks", src: source.picture(sample, place, "masks"), alt: "" }) : null,
    overlayOf(view),
    make("div", {}, ...view.objects.filter((seen) => seen.box).map((seen) => tagOf(seen, view))),
    make("div", { className: "cross" }));
  frame.style.setProperty("aspect-ratio", `${view.width} / ${view.height}`);
  frame.addEventListener("click", () => frame.parentElement.classList.toggle("wide"));
  return make("figure", { className: "picture", title: pass.meaning },
    make("figcaption", {}, make("b", {}, pass.title), make("span", { className: "faint" }, pass.name)),
    frame,
    legendOf(pass.legend));
}

function overlayOf(view) {
  const overlay = draw("svg", { viewBox: `0 0 ${view.width} ${view.height}`, "aria-hidden": "true" });
  const bySize = [...view.objects].sort((one, other) => area(other.amodal_box) - area(one.amodal_box));
  for (const each of bySize) overlay.append(objectOf(each));
  for (const each of view.keypoints) overlay.append(keypointOf(each, view));
  return overlay;
}

function objectOf(seen) {
  const group = draw("g", { class: "object", stroke: seen.colour, "data-object": seen.id });
  for (const [left, top, right, bottom] of seen.edges)
    group.append(draw("line", { class: "space", x1: left, y1: top, x2: right, y2: bottom }));
  if (seen.amodal_box) group.append(rectangle(seen.amodal_box, "whole"));
  if (seen.box) group.append(rectangle(seen.box, "boxes"));
  return group;
}

function rectangle([left, top, right, bottom], className) {
  return draw("rect", { class: className, x: left, y: top, width: right - left, height: bottom - top });
}

/** The name of an object, above its box or, where there is no room, in it. */
function tagOf(seen, view) {
  const [left, top] = seen.box;
  const tag = make("span", { className: "names tag", data: { object: seen.id } }, seen.name);
  tag.style.left = `${(100 * left) / view.width}%`;
  tag.style.top = `${(100 * top) / view.height}%`;
  tag.style.background = seen.colour;
  tag.style.color = seen.ink;
  tag.classList.toggle("inside", top < 0.06 * view.height);
  return tag;
}

function keypointOf(point, view) {
  const circle = draw("circle", {
    class: point.is_visible ? "keypoints visible" : "keypoints", cx: point.x, cy: point.y, r: view.width / 110,
  });
  const title = draw("title");
  title.textContent = point.name;
  circle.append(title);
  return circle;
}

function area(box) {
  return box ? (box[2] - box[0]) * (box[3] - box[1]) : 0;
}

function legendOf(legend) {
  if (legend.scale) return scaleOf(legend);
  if (!legend.swatches) return null;
  const entries = legend.swatches.map((entry) => make("span", {}, swatch(entry.colour), entry.text));
  return make("div", { className: "legend" }, ...entries, legend.note ? make("span", {}, legend.note) : null);
}

function scaleOf(legend) {
  const bar = make("div", { className: "bar" });
  bar.style.background = `linear-gradient(to right, ${legend.scale.join(", ")})`;
  const marks = legend.marks.map((mark) => {
    const label = make("span", {}, mark.text);
    label.style.left = `${100 * mark.place}%`;
    return label;
  });
  return make("div", { className: "scale" }, bar, make("div", { className: "marks" }, ...marks));
}

function swatch(colour) {
  const square = make("i", { className: "swatch" });
  square.style.background = colour;
  return square;
}
