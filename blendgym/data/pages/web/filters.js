/** What is asked for, and the controls by which people ask. */
class Filters {
  constructor(recording, changed) {
    this.recording = recording;
    this.changed = changed;
    this.wanted = { first: null, last: null, version: null, categories: new Set(), ranges: new Map() };
    this.rangeRows = make("div", { className: "ranges" });
    this.element = make("div", { className: "filters" },
      this.indexControl(), this.versionControl(), this.categoryControl(), this.parameterControl(), this.rangeRows);
  }

  indexControl() {
    const field = (name, placeholder) => {
      const properties = { type: "number", min: 0, placeholder: String(placeholder), ariaLabel: `${name} index` };
      const input = make("input", properties);
      input.addEventListener("input", () => {
        this.wanted[name] = input.value === "" || Number(input.value) < 0 ? null : Math.trunc(Number(input.value));
        this.changed();
      });
      return input;
    };
    return make("label", {}, "index", field("first", this.recording.first), "–", field("last", this.recording.last));
  }

  versionControl() {
    const versions = Object.keys(this.recording.versions);
    if (versions.length < 2) return null;
    const choice = make("select", { ariaLabel: "version" }, make("option", { value: "" }, "all"),
      ...versions.map((version) =>
        make("option", { value: version }, `${version}  (${this.recording.versions[version]})`)));
    choice.addEventListener("change", () => {
      this.wanted.version = choice.value === "" ? null : Number(choice.value);
      this.changed();
    });
    return make("label", {}, "version", choice);
  }

  categoryControl() {
    const buttons = Object.entries(this.recording.categories).map(([category, count]) => {
      const button = make("button", { className: "chip", ariaPressed: "false" },
        category || "(none)", make("small", {}, String(count)));
      button.addEventListener("click", () => {
        if (!this.wanted.categories.delete(category)) this.wanted.categories.add(category);
        button.ariaPressed = String(this.wanted.categories.has(category));
        this.changed();
      });
      return button;
    });
    return make("div", { className: "chips" }, ...buttons);
  }

  parameterControl() {
    const parameters = this.recording.parameters.filter((each) => each.low < each.high);
    if (!parameters.length) return null;
    const choice = make("select", { ariaLabel: "parameter" }, make("option", { value: "" }, "filter by parameter…"),
      ...parameters.map((each) => make("option", { value: each.name }, each.name)));
    choice.addEventListener("change", () => {
      const parameter = parameters.find((each) => each.name === choice.value);
      choice.value = "";
      if (parameter && !this.wanted.ranges.has(parameter.name)) this.rangeRows.append(this.rangeControl(parameter));
    });
    return choice;
  }

  /** Two handles on one track. */
  rangeControl(parameter) {
    const { name, low, high, unit, choices, is_whole: isWhole } = parameter;
    const step = isWhole ? 1 : (high - low) / 200;
    const handle = (value, label) =>
      make("input", {
        type: "range", min: low, max: high, step: isWhole ? 1 : "any", value, ariaLabel: `${label} ${name}`,
      });
    const handles = [handle(low, "lowest"), handle(high, "highest")];
    const text = make("span", { className: "value" });
    const row = make("div", { className: "range" }, make("b", {}, name));
    const written = (value) => choices[value] ?? Number(value.toPrecision(4)).toString();
    const update = () => {
      const ends = handles.map((each) => Number(each.value)).sort((one, other) => one - other);
      this.wanted.ranges.set(name, [ends[0] - step / 1e3, ends[1] + step / 1e3]);
      text.textContent = `${written(ends[0])} – ${written(ends[1])} ${unit === "1" ? "" : unit}`;
      this.changed();
    };
    for (const each of handles) each.addEventListener("input", update);
    const remove = make("button", { className: "button", ariaLabel: `no filter by ${name}` }, "×");
    remove.addEventListener("click", () => {
      this.wanted.ranges.delete(name);
      row.remove();
      this.changed();
    });
    row.append(make("span", { className: "handles" }, ...handles), text, remove);
    update();
    return row;
  }
}
