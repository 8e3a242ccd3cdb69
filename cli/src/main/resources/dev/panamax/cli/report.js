'use strict';

// The figures of a report. All text goes into the page as text: names of classes, features and files come from anywhere.

const report = JSON.parse(document.getElementById('report').textContent);
const charts = [];

// ---------- text ----------

const whole = value => value.toLocaleString('en-US', {maximumFractionDigits: 2});

/** JSON has neither NaN nor infinities: they come as text. */
const number = value => Number(value);

function precise(value) {
  const x = number(value);
  if (Number.isNaN(x)) return 'none';
  if (!Number.isFinite(x)) return x > 0 ? 'infinite' : '-infinite';
  if (x !== 0 && (Math.abs(x) < 0.001 || Math.abs(x) >= 1e6)) return x.toExponential(2).replace(/\.?0+e/, 'e');
  return Number(x.toPrecision(4)).toString();
}

function percent(value) {
  const x = number(value);
  return Number.isNaN(x) ? 'none' : (100 * x).toFixed(2) + ' %';
}

function probability(value) {
  return value > 0 && value < 0.0001 ? value.toExponential(1) : value.toFixed(4);
}

const className = index => report.classNames[index];
const place = row => `${report.judged.unit} ${row}`;
const shorten = (text, most) => text.length > most ? text.slice(0, most - 1) + '…' : text;

// ---------- elements ----------

function element(tag, properties = {}, ...children) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(properties)) {
    if (name in made && name !== 'role') made[name] = value;
    else made.setAttribute(name, value);
  }
  made.append(...children.filter(child => child !== null));
  return made;
}

const section = (id, part = '.figures') => document.querySelector(`#${id} ${part}`);

/** What a table shows and is sorted by. */
const cell = (value, text) => ({value, text});
const numberCell = (value, format = precise) => cell(number(value), format(value));
const textCell = text => cell(text, text);

function fill(row, values, columns) {
  values.forEach((value, i) => {
    const column = columns[i];
    const made = element(i === 0 ? 'th' : 'td', {className: column.number ? 'number' : 'text'});
    if (i === 0) made.scope = 'row';
    if (column.number) made.dataset.value = value.value;
    made.append(value.node ?? value.text);
    row.append(made);
  });
}

let tables = 0;

/** A table in a frame that scrolls. Its columns are {name, number, sortable}. */
function table(caption, columns, rows) {
  const body = element('tbody');
  const show = sorted => body.replaceChildren(...sorted.map(values => {
    const row = element('tr');
    fill(row, values, columns);
    return row;
  }));
  const heads = columns.map((column, i) => {
    const head = element('th', {scope: 'col', className: column.number ? 'number' : 'text'});
    if (!column.sortable) {
      head.append(column.name);
      return head;
    }
    const button = element('button', {type: 'button'}, column.name);
    button.addEventListener('click', () => {
      const descending = head.getAttribute('aria-sort') !== 'descending';
      heads.forEach(other => other.removeAttribute('aria-sort'));
      head.setAttribute('aria-sort', descending ? 'descending' : 'ascending');
      show([...rows].sort((a, b) => (descending ? -1 : 1) * compare(a[i].value, b[i].value)));
    });
    head.append(button);
    return head;
  });
  show(rows);
  // A caption in the frame would scroll away with it.
  const title = element('p', {className: 'caption', id: `table-${++tables}`}, caption);
  return element('div', {className: 'table'}, title,
      element('div', {className: 'scroll', tabIndex: 0, role: 'region', 'aria-labelledby': title.id},
          element('table', {'aria-labelledby': title.id}, element('thead', {}, element('tr', {}, ...heads)), body)));
}

/** What is no number is less than any. */
function compare(a, b) {
  if (typeof a === 'string') return a.localeCompare(b, 'en', {numeric: true});
  return (Number.isNaN(a) ? -Infinity : a) - (Number.isNaN(b) ? -Infinity : b) || 0;
}

const behind = (summary, content) => element('details', {}, element('summary', {}, summary), content);

function choice(label, entries, chosen) {
  const select = element('select');
  entries.forEach(([value, text]) => select.append(new Option(shorten(text, 60), value)));
  select.addEventListener('change', () => chosen(select.value));
  return element('label', {}, label, select);
}

const controls = (...children) => element('div', {className: 'controls'}, ...children);

// ---------- charts ----------

const colour = name => getComputedStyle(document.documentElement).getPropertyValue('--' + name).trim();

function palette() {
  const names = ['surface', 'ink', 'muted', 'line', 'blue', 'orange', 'green',
    'blue-faint', 'blue-full', 'orange-faint', 'orange-full'];
  return Object.fromEntries(names.map(name => [name, colour(name)]));
}

/**
 * A chart with its caption. What it is of is said in words for those who do not see it, and a table holds its numbers.
 *
 * height: in pixels, or from the width to that
 * option: from colours and the width in pixels to what ECharts draws
 * detail: the table
 * shown: what is done with the chart when it is drawn
 */
function chart({caption, note, description, height, option, renderer = 'svg', detail, shown}) {
  const frame = element('div', {className: 'chart'});
  const made = element('figure', {},
      element('figcaption', {}, caption, note ? element('small', {}, note) : null),
      frame, detail ? behind('The numbers as a table', detail) : null);
  charts.push({frame, height, option, renderer, shown, description: description ?? caption, drawn: null, width: 0});
  return made;
}

const tip = (title, ...lines) => element('div', {className: 'tip'},
    element('strong', {}, title), ...lines.map(line => element('div', {}, line)));

function draw(entry) {
  const colours = palette();
  entry.width = entry.frame.clientWidth;
  entry.frame.style.height = (typeof entry.height === 'function' ? entry.height(entry.width) : entry.height) + 'px';
  entry.drawn?.dispose();
  entry.drawn = echarts.init(entry.frame, null, {renderer: entry.renderer});
  const base = {
    animation: false,
    backgroundColor: 'transparent',
    color: [colours.blue, colours.orange, colours.green],
    textStyle: {fontFamily: font(), color: colours.ink},
    aria: {enabled: true, label: {description: entry.description}},
  };
  entry.drawn.setOption({...base, ...entry.option(colours, entry.width)});
  entry.frame.setAttribute('role', 'img');
  // Paper has another width than the window, and drawings are scaled to that.
  entry.frame.querySelector('svg')?.setAttribute('viewBox', `0 0 ${entry.drawn.getWidth()} ${entry.drawn.getHeight()}`);
  entry.shown?.(entry.drawn);
}

const redraw = () => charts.forEach(draw);

/** Draws a chart anew whose data have changed. */
function refresh(figure) {
  charts.filter(entry => figure.contains(entry.frame)).forEach(draw);
}

const font = () => getComputedStyle(document.body).fontFamily;

const axisStyle = colours => ({
  axisLine: {lineStyle: {color: colours.muted}},
  axisTick: {lineStyle: {color: colours.line}},
  // Without a font of their own, labels are measured in another one than they are shown in.
  axisLabel: {color: colours.muted, fontFamily: font(), hideOverlap: true},
  splitLine: {lineStyle: {color: colours.line}},
  nameTextStyle: {color: colours.muted},
});

const xAxis = (colours, name, more = {}) => ({
  type: 'value', name, nameLocation: 'middle', nameGap: 28, ...axisStyle(colours), ...more,
  axisLabel: {...axisStyle(colours).axisLabel, ...more.axisLabel},
});

const yAxis = (colours, more = {}) => ({
  type: 'value', ...axisStyle(colours), ...more,
  axisLabel: {...axisStyle(colours).axisLabel, ...more.axisLabel},
});

const legend = colours => ({top: 0, left: 0, itemGap: 16, textStyle: {color: colours.ink}, inactiveColor: colours.muted});

const tooltip = (colours, more) => ({
  confine: true, backgroundColor: colours.surface, borderColor: colours.line, textStyle: {color: colours.ink}, ...more,
});

/** One tip for all series at a place of an axis, with a title made of the first. */
const axisTip = (title, format = precise) => ({
  trigger: 'axis',
  formatter: at => tip(title(at[0]), ...at.map(one => `${one.seriesName}: ${format(one.value[1])}`)),
});

const grid = (more = {}) => ({left: 8, right: 26, top: 40, bottom: 36, containLabel: true, ...more});

/** Where a chart begins below its legend, which takes two lines where it is as wide as that. */
const topOf = (width, legendWidth) => width < legendWidth ? 66 : 40;

/** A line, one symbol for each of few points. */
const line = (name, data, more = {}) => ({
  name, type: 'line', data: data.filter(([, y]) => Number.isFinite(y)), showSymbol: data.length <= 40, symbol: 'circle', symbolSize: 5, ...more,
});

// ---------- summary ----------

function about() {
  const {judged} = report;
  const weighted = judged.weighted ? ', each with its weight' : '';
  const seen = judged.seen
    ? ' The model has learned from these rows, so that the figures flatter it: there were no others to judge it by.' : '';
  return `Unless said otherwise, figures are about the ${whole(judged.rows)} ${judged.what} of ${judged.source}${weighted}.${seen}`;
}

/** The words of a name such as training.gradientNorm. */
const words = name => name.replace(/^training\./, '').replace(/[a-z][A-Z]/g, pair => pair[0] + ' ' + pair[1].toLowerCase());

function summary() {
  document.getElementById('title').textContent = `${report.title}: ${report.judged.source}`;
  document.title = `${report.title}: ${report.judged.source} - Panamax report`;
  const lead = document.getElementById('judged');
  lead.textContent = about();
  const {summary: sums} = report;
  const cards = [
    ['accuracy', 'Accuracy', percent(sums.accuracy), sums.accuracy, `${whole(number(sums.hits))} of ${whole(number(sums.weight))}`],
    ['loss', 'Loss', precise(sums.loss), sums.loss, `equal probabilities: ${precise(sums.chance)}`],
    ['calibration', 'Calibration error', precise(sums.calibrationError), sums.calibrationError, 'expected, in 15 bins'],
    ['rows', 'Rows', whole(report.judged.rows), report.judged.rows, report.judged.what],
    ['class-count', 'Classes', whole(report.classNames.length), report.classNames.length,
      `${whole(report.coefficients.features)} features`],
  ];
  for (const [id, name, text, value, note] of cards) {
    document.getElementById('cards').append(element('div', {},
        element('dt', {}, name),
        element('dd', {}, element('data', {id, value}, text), element('small', {}, note))));
  }
  const columns = [{name: 'What'}, {name: 'Value'}];
  const entries = list => list.map(entry => [textCell(words(entry.name)), textCell(entry.value === 'null' ? 'none' : entry.value)]);
  document.getElementById('facts').append(
      table('Data', columns, entries(report.facts)),
      behind('Settings that the model notes', table('Settings that the model notes', columns, entries(report.settings))));
}

// ---------- training ----------

function training() {
  const {unit, stop, kept, history} = report.training;
  const points = field => history.map(step => [step.iteration, number(step[field])]);
  const validated = points('validationLoss').some(([, loss]) => Number.isFinite(loss));
  const mark = colours => kept === history.at(-1).iteration ? undefined : {
    silent: true, symbol: 'none', lineStyle: {color: colours.muted}, data: [{xAxis: kept}],
    label: {formatter: 'kept', color: colours.muted},
  };
  const columns = [unit, 'Objective', 'Loss', 'Largest gradient', ...(validated ? ['Validation loss'] : [])];
  const rows = history.map(step => [numberCell(step.iteration, whole), numberCell(step.objective), numberCell(step.loss),
    numberCell(step.gradientNorm), ...(validated ? [numberCell(step.validationLoss)] : [])]);
  const title = at => `${unit} ${at.value[0]}`;
  section('training').append(
      chart({
        caption: `Loss of each ${unit}`,
        note: `Training rows. Ended: ${stop}. The model is that of ${unit} ${kept}.`,
        description: `The objective fell from ${precise(history[0].objective)} to ${precise(history.at(-1).objective)} `
          + `in ${history.at(-1).iteration} ${unit}s.`,
        height: 320,
        option: colours => ({
          grid: grid(), legend: legend(colours), tooltip: tooltip(colours, axisTip(title)),
          xAxis: xAxis(colours, unit, {min: 'dataMin', max: 'dataMax', minInterval: 1}),
          yAxis: yAxis(colours, {scale: true}),
          series: [line('objective', points('objective'), {markLine: mark(colours)}),
            line('loss', points('loss'), {lineStyle: {type: 'dashed'}}),
            ...(validated ? [line('validation loss', points('validationLoss'))] : [])],
        }),
        detail: table(`Each ${unit}`, columns.map(name => ({name, number: true})), rows),
      }),
      chart({
        caption: `Largest gradient of each ${unit}`,
        note: 'The largest magnitude in the gradient of the objective; on a scale of powers of ten.',
        description: `The largest gradient went from ${precise(history[0].gradientNorm)} to ${precise(history.at(-1).gradientNorm)}.`,
        height: 320,
        option: colours => ({
          grid: grid(), legend: legend(colours), tooltip: tooltip(colours, axisTip(title)),
          xAxis: xAxis(colours, unit, {min: 'dataMin', max: 'dataMax', minInterval: 1}),
          yAxis: yAxis(colours, {type: 'log', axisLabel: {formatter: value => value.toExponential(0)}}),
          series: [line('largest gradient', points('gradientNorm').filter(([, norm]) => norm > 0), {markLine: mark(colours)})],
        }),
      }));
}

// ---------- softness ----------

function softness() {
  const {how, chosen, points} = report.softness;
  const chosenText = Number.isNaN(number(chosen)) ? '' : ` The strength of the model is ${precise(chosen)}.`;
  section('softness', '.how').textContent = how + chosenText;
  if (points.length === 0) return;
  const {what} = report.judged;
  const most = Math.log(report.classNames.length);
  const strengths = points.map(point => precise(point.l2));
  const place = points.findIndex(point => point.l2 === number(chosen));
  const values = field => points.map((point, i) => [i, number(point[field])]);
  const folded = points.some(point => Number.isFinite(number(point.foldLoss)));
  const mark = colours => place < 0 ? undefined : {
    silent: true, symbol: 'none', lineStyle: {color: colours.muted}, data: [{xAxis: place}],
    label: {formatter: 'the model', color: colours.muted},
  };
  const axis = (colours, width) => xAxis(colours, 'strength of the penalty (l2)', {
    type: 'category', data: strengths, boundaryGap: false, axisLabel: {interval: 0, rotate: width < 420 || strengths.length > 9 ? 45 : 0},
    nameGap: width < 420 || strengths.length > 9 ? 46 : 28,
  });
  const title = at => `l2 ${strengths[at.value[0]]}`;
  const columns = ['l2', `Loss of the ${what}`, 'Largest probability', 'Entropy', ...(folded ? ['Fold loss', 'Its error'] : [])];
  const rows = points.map(point => [numberCell(point.l2), numberCell(point.loss), numberCell(point.largest), numberCell(point.entropy),
    ...(folded ? [numberCell(point.foldLoss), numberCell(point.foldError)] : [])]);
  section('softness').append(
      chart({
        caption: 'How soft the probabilities are',
        note: `Means over the ${what}: the probability of the likeliest class, and the entropy as a part of ln ${report.classNames.length}.`,
        description: `From the strongest penalty to the weakest the mean largest probability goes from ${precise(points[0].largest)} `
          + `to ${precise(points.at(-1).largest)}, the mean entropy from ${precise(points[0].entropy)} to ${precise(points.at(-1).entropy)}.`,
        height: 340,
        option: (colours, width) => ({
          grid: grid({bottom: 34}), legend: legend(colours), tooltip: tooltip(colours, axisTip(title)),
          xAxis: axis(colours, width), yAxis: yAxis(colours, {min: 0, max: 1}),
          series: [line('largest probability', values('largest'), {markLine: mark(colours)}),
            line('entropy', values('entropy').map(([i, entropy]) => [i, entropy / most]), {lineStyle: {type: 'dashed'}})],
        }),
        detail: table('Each strength', columns.map(name => ({name, number: true})), rows),
      }),
      chart({
        caption: 'What that costs',
        note: `The mean loss of the ${what}` + (folded ? ', and that over the folds.' : '.'),
        description: `The loss is least, ${precise(Math.min(...points.map(point => number(point.loss))))}, at l2 `
          + `${strengths[points.reduce((best, point, i) => number(point.loss) < number(points[best].loss) ? i : best, 0)]}.`,
        height: 340,
        option: (colours, width) => ({
          grid: grid({bottom: 34}), legend: legend(colours), tooltip: tooltip(colours, axisTip(title)),
          xAxis: axis(colours, width), yAxis: yAxis(colours, {scale: true}),
          series: [line(`loss of the ${what}`, values('loss'), {markLine: mark(colours)}),
            ...(folded ? [line('loss in the folds', values('foldLoss'), {lineStyle: {type: 'dashed'}})] : [])],
        }),
      }));
}

// ---------- confusion ----------

const MOST_ON_THE_MAP = 1000;
const MOST_IN_THE_TABLE = 50;
const MOST_PARTNERS = 14;

/** A mixture of two colours given as #rrggbb. */
function mix(from, to, part) {
  const channel = (text, i) => parseInt(text.slice(1 + 2 * i, 3 + 2 * i), 16);
  return '#' + [0, 1, 2].map(i => Math.round(channel(from, i) + part * (channel(to, i) - channel(from, i)))
      .toString(16).padStart(2, '0')).join('');
}

/** A class and those that it is taken for, or that are taken for it, most often. */
function withPartners(chosen, drawn) {
  const weights = new Map();
  for (const {label, prediction, weight} of drawn) {
    if (label === prediction || (label !== chosen && prediction !== chosen)) continue;
    const partner = label === chosen ? prediction : label;
    weights.set(partner, (weights.get(partner) ?? 0) + weight);
  }
  const partners = [...weights].sort((a, b) => b[1] - a[1]).slice(0, MOST_PARTNERS).map(([partner]) => partner);
  return [chosen, ...partners].sort((a, b) => a - b);
}

/** Few of many are seen as well. */
const shade = share => Math.sqrt(share);

function confusion() {
  const {cells, mistaken, shown} = report.confusion;
  const classes = report.classNames.length;
  const totals = new Map(report.classScores.shown.map(score => [score.index, score.support]));
  const wrong = cells.filter(one => one.label !== one.prediction);
  const target = section('confusion');
  const count = report.judged.weighted ? 'Weight' : 'Rows';
  if (classes <= MOST_ON_THE_MAP) {
    const drawn = cells.map(one => ({...one, share: one.weight / totals.get(one.label)}));
    const worst = Math.max(...drawn.filter(one => one.label !== one.prediction).map(one => one.share), 1e-9);
    const all = report.classNames.map((_, i) => i);
    let visible = all;
    const made = chart({
      caption: `Labels and predictions of ${classes} classes`,
      note: shown < mistaken ? `The ${whole(shown)} most frequent of ${whole(mistaken)} different confusions.` : null,
      description: `A heat map of ${classes} by ${classes} classes; ${percent(report.summary.accuracy)} are on its diagonal. `
        + 'The table below has the most frequent confusions.',
      height: width => visible.length <= 4 ? 300 : Math.min(760, Math.max(420, 60 * visible.length), 1.2 * width),
      renderer: cells.length > 1500 ? 'canvas' : 'svg',
      shown: map => {
        thinOut(map, visible.length);
        map.on('datazoom', () => thinOut(map, visible.length));
      },
      option: (colours, width) => mapOption(colours, width, {drawn, worst, visible}),
    });
    if (classes > 12) {
      const entries = [['', 'all classes'], ...report.classNames.map((name, i) => [String(i), `${name} and its confusions`])];
      target.append(controls(choice('Show', entries, value => {
        visible = value === '' ? all : withPartners(Number(value), drawn);
        refresh(made);
      })));
    }
    target.append(made);
  } else {
    target.append(element('p', {}, `A map of ${whole(classes)} classes would have cells below a pixel; these are the most frequent confusions.`));
  }
  const top = wrong.slice(0, MOST_IN_THE_TABLE);
  if (top.length === 0) {
    target.append(element('p', {className: 'none'}, 'No row is taken for another class.'));
    return;
  }
  target.append(table(
      top.length < mistaken ? `The ${top.length} most frequent of ${whole(mistaken)} different confusions` : 'All confusions',
      [{name: 'Label', sortable: true}, {name: 'Taken for', sortable: true}, {name: count, number: true, sortable: true},
        {name: 'Share of the label', number: true, sortable: true}],
      top.map(one => [textCell(className(one.label)), textCell(className(one.prediction)), numberCell(one.weight, value => whole(number(value))),
        numberCell(totals.has(one.label) ? one.weight / totals.get(one.label) : NaN, percent)])));
}

const LABEL_ROOM = 16;

/** Names only as many classes as have room for their names. */
function thinOut(drawn, classes) {
  const zoom = drawn.getOption().dataZoom;
  const interval = (axis, size) => {
    const own = zoom.find(one => one[axis] !== undefined && one[axis] !== null) ?? {startValue: 0, endValue: classes - 1};
    return Math.ceil((own.endValue - own.startValue + 1) * LABEL_ROOM / size) - 1;
  };
  drawn.setOption({
    xAxis: {axisLabel: {interval: interval('xAxisIndex', 0.75 * drawn.getWidth())}},
    yAxis: {axisLabel: {interval: interval('yAxisIndex', 0.75 * drawn.getHeight())}},
  });
}

function mapOption(colours, width, {drawn, worst, visible}) {
  const few = visible.length <= MOST_PARTNERS + 1;
  const many = visible.length > 30;
  const places = new Map(visible.map((index, place) => [index, place]));
  const names = visible.map(index => shorten(className(index), 24));
  const room = width / visible.length;
  const longest = Math.max(...names.map(name => name.length));
  const upright = 8 * longest > 0.8 * room;
  const axis = {
    type: 'category', data: names, splitLine: {show: !many, lineStyle: {color: colours.line}}, axisTick: {show: false},
    axisLine: {lineStyle: {color: colours.muted}}, nameTextStyle: {color: colours.muted}, nameLocation: 'middle',
  };
  const label = {color: colours.muted, fontFamily: font(), width: width < 500 ? 64 : 130, overflow: 'truncate', interval: 0};
  const zoom = (axisIndex, more) => [
    {type: 'inside', ...axisIndex, startValue: 0, endValue: visible.length - 1, zoomOnMouseWheel: 'ctrl', moveOnMouseWheel: false},
    {type: 'slider', ...axisIndex, startValue: 0, endValue: visible.length - 1, showDetail: false, brushSelect: false,
      borderColor: colours.line, ...more}];
  const sliders = !few;
  return {
    tooltip: tooltip(colours, {
      formatter: at => tip(`${className(at.data.one.label)} taken for ${className(at.data.one.prediction)}`,
          `${whole(at.value[2])} ${report.judged.weighted ? 'by weight' : 'rows'}`, `${percent(at.data.one.share)} of the label`),
    }),
    grid: {left: 8, right: sliders ? 44 : 12, top: 30, bottom: sliders ? 76 : 36, containLabel: true},
    xAxis: {...axis, name: 'taken for', nameGap: upright ? Math.min(7 * longest, label.width) + 18 : 28,
      axisLabel: {...label, rotate: upright ? 90 : 0}},
    yAxis: {...axis, inverse: true, name: 'label', nameLocation: 'start', nameGap: 10, axisLabel: label},
    dataZoom: sliders ? [...zoom({xAxisIndex: 0}, {height: 18, bottom: 8}), ...zoom({yAxisIndex: 0}, {width: 18, right: 8})] : [],
    series: [{
      type: 'heatmap', progressive: 0,
      data: drawn.filter(one => places.has(one.label) && places.has(one.prediction)).map(one => {
        const right = one.label === one.prediction;
        const part = shade(right ? one.share : one.share / worst * Math.min(1, 4 * worst));
        const name = right ? 'blue' : 'orange';
        return {
          value: [places.get(one.prediction), places.get(one.label), one.weight], one,
          itemStyle: {color: mix(colours[name + '-faint'], colours[name + '-full'], part)},
          label: {color: part > 0.55 ? colours.surface : colours.ink},
        };
      }),
      label: {show: few, formatter: at => whole(Number(at.value[2].toPrecision(3))), fontSize: width < 500 ? 10 : 12},
      itemStyle: {borderWidth: many ? 0 : 1, borderColor: colours.surface},
    }],
  };
}

// ---------- reliability ----------

function reliability() {
  const bins = report.reliability;
  const filled = bins.filter(bin => bin.rows > 0);
  const middle = bin => (bin.from + bin.to) / 2;
  const between = bin => `${precise(bin.from)} to ${precise(bin.to)}`;
  const hint = bin => tip(between(bin), `${whole(bin.rows)} rows`, `mean probability ${precise(bin.confidence)}`,
      `right ${percent(bin.accuracy)}`);
  const axis = (colours, name) => xAxis(colours, name, {min: 0, max: 1, splitLine: {show: false}});
  section('reliability').append(
      chart({
        caption: 'How often the likeliest class is right',
        note: `Expected calibration error: ${precise(report.summary.calibrationError)}. `
          + (report.judged.weighted ? 'Every row of a weight above 0 counts once.' : ''),
        description: `A reliability diagram of 15 bins, ${filled.length} of them with rows.`,
        height: 360,
        option: (colours, width) => ({
          grid: grid({top: topOf(width, 400)}), legend: legend(colours),
          tooltip: tooltip(colours, {formatter: at => at.data.bin ? hint(at.data.bin) : undefined}),
          xAxis: axis(colours, 'probability of the likeliest class'),
          yAxis: yAxis(colours, {min: 0, max: 1}),
          series: [
            bars('share that is right', filled.map(bin => ({value: [bin.from, bin.to, bin.accuracy], bin})), colours.blue),
            {name: 'mean probability', type: 'scatter', symbol: 'diamond', symbolSize: 10, itemStyle: {color: colours.orange},
              data: filled.map(bin => ({value: [bin.confidence, bin.accuracy], bin}))},
            {name: 'as promised', type: 'line', data: [[0, 0], [1, 1]], symbol: 'none', silent: true,
              lineStyle: {color: colours.muted, type: 'dashed'}, itemStyle: {color: colours.muted}}],
        }),
        detail: table('Each bin', ['From', 'To', 'Rows', 'Share right', 'Mean probability'].map(name => ({name, number: true})),
            bins.map(bin => [numberCell(bin.from), numberCell(bin.to), numberCell(bin.rows, whole),
              numberCell(bin.accuracy), numberCell(bin.confidence)])),
      }),
      chart({
        caption: 'How sure the model is',
        note: 'Rows in each bin.',
        description: `The fullest bin has ${whole(Math.max(...bins.map(bin => bin.rows)))} rows.`,
        height: 360,
        option: colours => ({
          grid: grid({top: 40}), tooltip: tooltip(colours, {formatter: at => at.data.bin ? hint(at.data.bin) : undefined}),
          xAxis: axis(colours, 'probability of the likeliest class'), yAxis: yAxis(colours, {minInterval: 1}),
          series: [bars('rows', filled.map(bin => ({value: [bin.from, bin.to, bin.rows], bin})), colours.blue)],
        }),
      }));
}

/** Bars from one place of the axis to another, as histograms have them. */
const bars = (name, data, fill) => ({
  name, type: 'custom', data, encode: {x: [0, 1], y: 2}, itemStyle: {color: fill},
  renderItem: (_, api) => {
    const from = api.coord([api.value(0), api.value(2)]);
    const to = api.coord([api.value(1), 0]);
    return {type: 'rect', shape: {x: from[0] + 1, y: from[1], width: to[0] - from[0] - 2, height: to[1] - from[1]}, style: {fill}};
  },
});

// ---------- classes ----------

const MOST_BARS = 30;

function classScores() {
  const {shown, of} = report.classScores;
  const target = section('classes');
  const hint = score => tip(className(score.index), `precision ${percent(score.precision)}`, `recall ${percent(score.recall)}`,
      `F1 ${percent(score.f1)}`, `support ${whole(number(score.support))}`);
  if (of <= MOST_BARS) {
    const values = field => shown.map(score => ({value: number(score[field]), score}));
    target.append(chart({
      caption: 'Each class', height: 80 + 40 * shown.length,
      description: `Bars of precision, recall and F1 of ${of} classes.`,
      option: (colours, width) => ({
        grid: grid({top: 36, bottom: 8}), legend: legend(colours),
        tooltip: tooltip(colours, {formatter: at => hint(at.data.score)}),
        xAxis: {...yAxis(colours, {min: 0, max: 1})},
        yAxis: yAxis(colours, {type: 'category', inverse: true, data: shown.map(score => shorten(className(score.index), 30)),
          axisLabel: {width: width < 500 ? 80 : 180, overflow: 'truncate', interval: 0}}),
        series: [['precision', 'precision'], ['recall', 'recall'], ['F1', 'f1']].map(([name, field]) =>
          ({name, type: 'bar', barGap: '10%', data: values(field)})),
      }),
    }));
  } else {
    const most = Math.max(...shown.map(score => number(score.support)));
    target.append(chart({
      caption: 'Each class: precision and recall', note: 'The larger the circle, the more rows the class has.', height: 420,
      description: `Precision and recall of ${shown.length} classes as a scatter plot; the table below has the numbers.`,
      option: colours => ({
        grid: grid({top: 40}), tooltip: tooltip(colours, {formatter: at => hint(at.data.score)}),
        xAxis: xAxis(colours, 'recall', {min: 0, max: 1}), yAxis: yAxis(colours, {min: 0, max: 1, name: 'precision'}),
        series: [{type: 'scatter', itemStyle: {color: colours.blue, opacity: 0.6, borderColor: colours.surface},
          data: shown.filter(score => Number.isFinite(number(score.precision)) && Number.isFinite(number(score.recall)))
              .map(score => ({value: [score.recall, score.precision], score, symbolSize: 5 + 15 * Math.sqrt(score.support / most)}))}],
      }),
    }));
  }
  const names = ['Support', 'Taken for it', 'Precision', 'Recall', 'F1'];
  target.append(table(
      shown.length < of ? `The ${whole(shown.length)} classes with the most rows of ${whole(of)}; a head sorts` : 'All classes; a head sorts',
      [{name: 'Class', sortable: true}, ...names.map(name => ({name, number: true, sortable: true}))],
      shown.map(score => [textCell(className(score.index)), numberCell(score.support, value => whole(number(value))),
        numberCell(score.predicted, value => whole(number(value))),
        numberCell(score.precision, percent), numberCell(score.recall, percent), numberCell(score.f1, percent)])));
}

// ---------- coefficients ----------

const MOST_CHARTS = 6;
const MOST_LARGE = 12;

const bytes = text => Uint8Array.from(atob(text), character => character.charCodeAt(0));

/** An image, a pixel for each byte. */
function pixels(text, description, shade) {
  const data = bytes(text);
  const width = report.coefficients.imageWidth;
  const canvas = element('canvas', {className: 'pixels', width, height: data.length / width, role: 'img', 'aria-label': description});
  const image = new ImageData(canvas.width, canvas.height);
  data.forEach((value, i) => image.data.set([...shade(value), 255], 4 * i));
  canvas.getContext('2d').putImageData(image, 0, 0);
  return canvas;
}

/** From blue over white to red. */
function diverging(byte) {
  const value = (byte > 127 ? byte - 256 : byte) / 127;
  const end = value < 0 ? [33, 102, 172] : [178, 24, 43];
  return end.map(channel => Math.round(255 + Math.abs(value) * (channel - 255)));
}

const grey = byte => [byte, byte, byte];

function coefficients() {
  const {shown, of, imageWidth, largestWeight, deviationsOf} = report.coefficients;
  const target = section('coefficients');
  if (shown.length < of) {
    target.append(element('p', {}, `The ${whole(shown.length)} classes with the most rows of ${whole(of)}.`));
  }
  if (imageWidth > 0) {
    target.append(
        element('div', {className: 'legend'}, element('span', {}, precise(-largestWeight)),
            element('span', {className: 'bar', role: 'img', 'aria-label': 'from blue over white to red'}), element('span', {}, precise(largestWeight))),
        element('div', {className: shown.length <= MOST_LARGE ? 'large images' : 'images', tabIndex: 0, role: 'region', 'aria-label': 'Weights of each class as images'},
            ...shown.map(one => element('figure', {},
                pixels(one.image, `The weights of class ${className(one.index)} as an image`, diverging),
                element('figcaption', {}, shorten(className(one.index), 40))))));
  }
  const note = `Effects with the standard deviations of the ${deviationsOf}.`;
  if (imageWidth === 0 && shown.length <= MOST_CHARTS) {
    target.append(element('div', {className: 'columns'}, ...shown.map(one => effects(() => one, note))));
    return;
  }
  let chosen = shown[0];
  const holder = element('div');
  const show = () => holder.replaceChildren(coefficientTable(chosen));
  const made = effects(() => chosen, note, holder);
  show();
  target.append(controls(choice('Class', shown.map((one, i) => [String(i), className(one.index)]), value => {
    chosen = shown[Number(value)];
    made.querySelector('figcaption').firstChild.data = effectsOf(chosen);
    show();
    refresh(made);
  })), made);
}

const effectsOf = one => `The largest effects on the score of ${className(one.index)}`;

const coefficientTable = one => table(`The largest effects of ${className(one.index)}; its bias is ${precise(one.bias)}`,
    [{name: 'Feature'}, {name: 'Weight', number: true}, {name: 'Effect', number: true}],
    one.top.map(entry => [textCell(entry.name), numberCell(entry.weight), numberCell(entry.effect)]));

function effects(current, note, detail = coefficientTable(current())) {
  return chart({
    caption: effectsOf(current()), note,
    description: 'Bars of the largest effects, to the right where a feature speaks for the class and to the left where against it.',
    height: 70 + 26 * Math.max(...report.coefficients.shown.map(one => one.top.length)),
    option: (colours, width) => {
      const top = current().top;
      const least = Math.min(0, ...top.map(entry => entry.effect));
      return {
        grid: grid({top: 8, bottom: 8, left: 8}),
        tooltip: tooltip(colours, {formatter: at => tip(at.data.entry.name, `effect ${precise(at.data.entry.effect)}`, `weight ${precise(at.data.entry.weight)}`)}),
        xAxis: yAxis(colours, {splitNumber: 4, ...(least === 0 ? {min: 0} : {})}),
        yAxis: yAxis(colours, {type: 'category', inverse: true, data: top.map(entry => shorten(entry.name, 40)), axisTick: {show: false},
          axisLine: {show: false}, axisLabel: {width: width < 500 ? 120 : 200, overflow: 'truncate', interval: 0}}),
        series: [{type: 'bar', data: top.map(entry => ({value: entry.effect, entry,
          itemStyle: {color: entry.effect < 0 ? colours.orange : colours.blue}}))}],
      };
    },
    detail,
  });
}

// ---------- worst errors ----------

function worst() {
  const {shown, errors} = report.worst;
  const target = section('worst');
  if (shown.length === 0) {
    target.append(element('p', {className: 'none'}, 'No row is taken for another class.'));
    return;
  }
  const {unit, weighted} = report.judged;
  const images = shown[0].image !== null;
  const reasons = one => ({node: element('ul', {}, ...one.reasons.map(reason =>
    element('li', {}, `${reason.name} = ${precise(reason.value)} (${reason.advantage > 0 ? '+' : ''}${precise(reason.advantage)})`)))});
  const columns = [{name: unit[0].toUpperCase() + unit.slice(1) + (images ? ' no.' : ''), number: true, sortable: true}, ...(images ? [{name: 'Image'}] : []),
    {name: 'Label', sortable: true}, {name: 'Taken for', sortable: true}, {name: 'p of label', number: true, sortable: true},
    {name: 'p of that', number: true, sortable: true}, {name: 'Loss', number: true, sortable: true},
    ...(weighted ? [{name: 'Weight', number: true, sortable: true}] : []), {name: 'What speaks for that'}];
  const description = one => `The row of ${place(one.number)} as an image`;
  target.append(table(
      `The ${shown.length === errors ? whole(errors) : `${whole(shown.length)} worst of ${whole(errors)}`} errors. What speaks for the `
        + 'prediction: features and what each adds to its score above that of the label, beside an average row',
      columns,
      shown.map(one => [numberCell(one.number, String), ...(images ? [{node: pixels(one.image, description(one), grey)}] : []),
        textCell(className(one.label)), textCell(className(one.prediction)), numberCell(one.labelProbability, probability),
        numberCell(one.predictionProbability, probability), numberCell(one.loss),
        ...(weighted ? [numberCell(one.weight)] : []), reasons(one)])));
}

// ---------- softmax ----------

const NUMBER_WIDTH = 56;

/** The end of an axis from 0 that leaves room for a number beside the last bar, in a chart of some pixels. */
const roomFor = (sign, width) => ({min, max}) => {
  const end = sign < 0 ? Math.min(0, min) : Math.max(0, max);
  return end === 0 ? 0 : end + sign * NUMBER_WIDTH / (0.5 * width) * (Math.max(0, max) - Math.min(0, min));
};

function lesson() {
  const target = section('softmax', '.lesson');
  const {lessons} = report;
  const name = one => `${place(one.number)}: ${one.why}`;
  let chosen = lessons[0];
  const names = () => chosen.classes.map(one => className(one.index) + (one.index === chosen.label ? ' (label)' : ''));
  const text = element('p', {'aria-live': 'polite'});
  const holder = element('div');
  const say = () => {
    const others = report.classNames.length - chosen.classes.length;
    const rest = 1 - chosen.classes.reduce((sum, one) => sum + one.probability, 0);
    text.textContent = `The row of ${place(chosen.number)} has the label ${className(chosen.label)}; its loss is ${precise(chosen.loss)}.`
      + (others > 0 ? ` ${others} other classes share a probability of ${probability(Math.max(0, rest))}.` : '');
    const sums = chosen.classes[0].score;
    holder.replaceChildren(table('From scores to probabilities',
        [{name: 'Class'}, {name: 'Score', number: true}, {name: 'exp(score - largest)', number: true}, {name: 'Probability', number: true}],
        chosen.classes.map((one, i) => [textCell(names()[i]), numberCell(one.score), numberCell(Math.exp(one.score - sums)),
          numberCell(one.probability, probability)])));
  };
  const side = (caption, value, format, limits) => chart({
    caption, description: `${caption} of the likeliest classes of one row; the table below has the numbers.`,
    height: 60 + 30 * Math.max(...lessons.map(one => one.classes.length)),
    option: (colours, width) => ({
      grid: grid({top: 8, bottom: 8, right: 52}),
      tooltip: tooltip(colours, {formatter: at => tip(names()[at.dataIndex], format(at.value))}),
      xAxis: yAxis(colours, {splitNumber: 4, ...limits(width)}),
      yAxis: yAxis(colours, {type: 'category', inverse: true, data: names().map(text => shorten(text, 30)), axisTick: {show: false},
        axisLabel: {width: width < 500 ? 90 : 150, overflow: 'truncate', interval: 0}}),
      series: [{type: 'bar', data: chosen.classes.map(one => ({value: value(one),
        label: {position: value(one) < 0 ? 'left' : 'right'},
        itemStyle: {color: one.index === chosen.label ? colours.orange : colours.blue}})),
        label: {show: true, color: colours.ink, formatter: at => format(at.value)}}],
    }),
  });
  const figures = element('div', {className: 'columns'},
      side('Scores', one => one.score, precise,
          width => ({min: roomFor(-1, width), max: roomFor(1, width), axisLabel: {showMinLabel: false, showMaxLabel: false}})),
      side('Probabilities', one => one.probability, probability, () => ({min: 0, max: 1, interval: 0.2})));
  say();
  target.append(
      controls(choice('Row', lessons.map((one, i) => [String(i), name(one)]), value => {
        chosen = lessons[Number(value)];
        say();
        refresh(figures);
      })),
      text, figures, behind('The numbers as a table', holder));
}

const sampled = () => {
  const {points, of} = report.rows;
  return points.length < of
    ? `${whole(points.length)} of ${whole(of)} ${report.judged.what}, at even distances when sorted by their loss.`
    : `All ${whole(of)} ${report.judged.what}${report.judged.weighted ? ' of a weight above 0' : ''}.`;
};

/** Places on a line from one to another. */
const steps = (from, to, count) => Array.from({length: count + 1}, (_, i) => from + i * (to - from) / count);

const dots = (name, data, fill, more) => ({
  name, type: 'scatter', data, symbolSize: 7, itemStyle: {color: fill, opacity: 0.6}, ...more,
});

function cost() {
  const {points} = report.rows;
  const finite = points.filter(row => Number.isFinite(number(row.loss)));
  const most = Math.max(1, ...finite.map(row => row.loss));
  const least = Math.exp(-most);
  const rows = right => finite.filter(row => row.right === right).map(row => ({value: [row.probability, row.loss], row}));
  section('softmax', '.cost').append(chart({
    caption: 'The loss against the probability of the label', note: sampled(), height: 380,
    description: `The curve -ln p, and on it rows of the model with losses up to ${precise(most)}.`,
    option: (colours, width) => ({
      grid: grid({top: topOf(width, 400)}), legend: legend(colours),
      tooltip: tooltip(colours, {formatter: at => at.data.row ? tip(place(at.data.row.number), `probability of its label ${probability(at.data.row.probability)}`,
          `loss ${precise(at.data.row.loss)}`, at.data.row.right ? 'right' : 'wrong') : undefined}),
      xAxis: xAxis(colours, 'probability of the label', {min: 0, max: 1}),
      yAxis: yAxis(colours, {min: 0, axisLabel: {formatter: precise}}),
      series: [{name: '-ln p', type: 'line', symbol: 'none', silent: true, lineStyle: {color: colours.muted}, itemStyle: {color: colours.muted},
        data: steps(Math.log(least), 0, 200).map(log => [Math.exp(log), -log])},
        dots('rows that are right', rows(true), colours.blue, {}),
        dots('rows that are wrong', rows(false), colours.orange, {symbol: 'triangle', symbolSize: 9})],
    }),
    detail: rowTable(),
  }));
}

const rowTable = () => table('Rows, those of the greatest loss first',
    [report.judged.unit, 'Probability of the label', 'Loss', 'Margin', 'Hinge'].map(name => ({name, number: true, sortable: true})),
    [...report.rows.points].reverse().map(row => [numberCell(row.number, String), numberCell(row.probability, probability),
      numberCell(row.loss), numberCell(row.margin), numberCell(row.hinge)]));

function hinge() {
  const finite = report.rows.points.filter(row => [row.loss, row.margin, row.hinge].every(value => Number.isFinite(number(value))));
  const margins = finite.map(row => row.margin);
  const from = Math.min(-2, ...margins);
  const to = Math.max(3, ...margins);
  const curve = (name, f, stroke, type) => ({
    name, type: 'line', symbol: 'none', silent: true, data: steps(from, to, 240).map(m => [m, f(m)]),
    lineStyle: {color: stroke, type}, itemStyle: {color: stroke},
  });
  const rows = field => finite.map(row => ({value: [row.margin, row[field]], row}));
  section('softmax', '.hinge').append(chart({
    caption: 'Two losses against the margin', note: `${sampled()} Each row is there twice: with its cross-entropy and with its hinge loss.`, height: 400,
    description: 'The curves ln(1 + exp(-margin)) and max(0, 1 - margin), with the rows of the model.',
    option: (colours, width) => ({
      grid: grid({top: topOf(width, 600)}), legend: legend(colours),
      tooltip: tooltip(colours, {formatter: at => at.data.row ? tip(place(at.data.row.number), `margin ${precise(at.data.row.margin)}`,
          `cross-entropy ${precise(at.data.row.loss)}`, `hinge ${precise(at.data.row.hinge)}`) : undefined}),
      xAxis: xAxis(colours, 'margin: score of the label above the best other', {scale: true}),
      yAxis: yAxis(colours, {min: 0}),
      series: [curve('ln(1 + exp(-m))', m => Math.log1p(Math.exp(-m)), colours.blue, 'solid'),
        curve('max(0, 1 - m)', m => Math.max(0, 1 - m), colours.orange, 'dashed'),
        dots('cross-entropy of rows', rows('loss'), colours.blue, {}),
        dots('hinge of rows', rows('hinge'), colours.orange, {symbol: 'triangle'})],
    }),
  }));
}

// ---------- the page ----------

function contents() {
  for (const part of document.querySelectorAll('main > section')) {
    const title = part.dataset.short;
    document.getElementById('sections').append(element('li', {}, element('a', {href: '#' + part.id}, title)));
  }
}

if (report.training) training(); else document.getElementById('training').remove();
if (report.softness) softness(); else document.getElementById('softness').remove();
summary();
confusion();
reliability();
classScores();
coefficients();
worst();
lesson();
cost();
hinge();
contents();
redraw();

matchMedia('(prefers-color-scheme: dark)').addEventListener('change', redraw);
/** Paper is light. */
function print(begins) {
  document.documentElement.classList.toggle('paper', begins);
  redraw();
}

addEventListener('beforeprint', () => print(true));
addEventListener('afterprint', () => print(false));
// On paper drawings are scaled, not drawn anew.
const watched = new ResizeObserver(() => {
  if (!matchMedia('print').matches) charts.filter(entry => entry.frame.clientWidth !== entry.width).forEach(draw);
});
charts.forEach(entry => watched.observe(entry.frame));
