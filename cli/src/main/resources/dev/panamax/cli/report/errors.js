// What the model takes for what, and how sure it is.

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

/** Black or white, whichever is seen better on a colour given as #rrggbb: as WCAG 2 reckons, the contrast is 4.5 at least. */
function inkOn(background) {
  const [r, g, b] = [1, 3, 5].map(i => parseInt(background.slice(i, i + 2), 16) / 255)
      .map(part => part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4);
  return 0.2126 * r + 0.7152 * g + 0.0722 * b > 0.179 ? '#000000' : '#ffffff';
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
  const count = weighted ? 'Weight' : 'Rows';
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
      height: width => mapLayout(width, visible).height,
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

/** How the names of the map's lines and columns are written, and how high it is. */
function mapLayout(width, visible) {
  const few = visible.length <= MOST_PARTNERS + 1;
  const names = visible.map(className);
  const room = few ? Math.min(220, 0.3 * width) : width < 500 ? 64 : 130;
  const rows = names.map(name => fitted(name, room, few ? visible.length <= 6 ? MOST_NAME_LINES : 4 : 1));
  const column = (width - room - 30) / visible.length;
  // Beside each other as long as words have room.
  const upright = column < 80 && Math.max(...names.map(widthOf)) > column - 8;
  const most = !few ? 1 : upright ? Math.min(4, Math.max(1, Math.floor(column / NAME_LINE))) : 5;
  const columns = names.map(name => fitted(name, upright ? few ? 130 : room : column - 8, most));
  const below = upright ? Math.max(...columns.flatMap(text => text.split('\n')).map(widthOf)) : NAME_LINE * lineCount(columns);
  const height = few ? visible.length * Math.max(46, NAME_LINE * lineCount(rows) + 8) + below + 90
    : Math.min(760, Math.max(420, 60 * visible.length), 1.2 * width);
  return {few, rows, columns, upright, below, height};
}

function mapOption(colours, width, {drawn, worst, visible}) {
  const {few, rows, columns, upright, below} = mapLayout(width, visible);
  const many = visible.length > 30;
  const places = new Map(visible.map((index, place) => [index, place]));
  const axis = {
    type: 'category', splitLine: {show: !many, lineStyle: {color: colours.line}}, axisTick: {show: false},
    axisLine: {lineStyle: {color: colours.muted}}, nameTextStyle: {color: colours.muted}, nameLocation: 'middle',
  };
  const label = {color: colours.muted, fontFamily: font(), lineHeight: NAME_LINE, interval: 0};
  const zoom = (axisIndex, more) => [
    {type: 'inside', ...axisIndex, startValue: 0, endValue: visible.length - 1, zoomOnMouseWheel: 'ctrl', moveOnMouseWheel: false},
    {type: 'slider', ...axisIndex, startValue: 0, endValue: visible.length - 1, showDetail: false, brushSelect: false,
      borderColor: colours.line, ...more}];
  const sliders = !few;
  return {
    tooltip: tooltip(colours, {
      formatter: at => tip(`${className(at.data.one.label)} taken for ${className(at.data.one.prediction)}`,
          `${whole(at.value[2])} ${weighted ? 'by weight' : 'rows'}`, `${percent(at.data.one.share)} of the label`),
    }),
    grid: {left: 8, right: sliders ? 44 : 12, top: 30, bottom: sliders ? 76 : 36, containLabel: true},
    xAxis: {...axis, data: columns, name: 'taken for', nameGap: below + 16, axisLabel: {...label, rotate: upright ? 90 : 0}},
    yAxis: {...axis, data: rows, inverse: true, name: 'label', nameLocation: 'start', nameGap: 10, axisLabel: label},
    dataZoom: sliders ? [...zoom({xAxisIndex: 0}, {height: 18, bottom: 8}), ...zoom({yAxisIndex: 0}, {width: 18, right: 8})] : [],
    series: [{
      type: 'heatmap', progressive: 0,
      data: drawn.filter(one => places.has(one.label) && places.has(one.prediction)).map(one => {
        const right = one.label === one.prediction;
        const part = shade(right ? one.share : one.share / worst * Math.min(1, 4 * worst));
        const name = right ? 'right' : 'wrong';
        const color = mix(colours[name + '-faint'], colours[name + '-full'], part);
        return {
          value: [places.get(one.prediction), places.get(one.label), one.weight], one,
          itemStyle: {color}, label: {color: inkOn(color)},
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
  const hint = bin => tip(between(bin), `${whole(bin.rows)} rows`, ...(weighted ? [`weight ${whole(bin.weight)}`] : []), `mean probability ${precise(bin.confidence)}`,
      `right ${percent(bin.accuracy)}`);
  const axis = (colours, name) => xAxis(colours, name, {min: 0, max: 1, splitLine: {show: false}});
  section('reliability').append(
      chart({
        caption: 'How often the likeliest class is right',
        note: `Expected calibration error: ${precise(report.summary.calibrationError)}.`,
        description: `A reliability diagram of 15 bins, ${filled.length} of them with rows.`,
        height: 360,
        option: (colours, width) => ({
          grid: grid({top: topOf(width, 400)}), legend: legend(colours),
          tooltip: tooltip(colours, {formatter: at => at.data.bin ? hint(at.data.bin) : undefined}),
          xAxis: axis(colours, 'probability of the likeliest class'),
          yAxis: yAxis(colours, {min: 0, max: 1}),
          series: [
            bars('share that is right', filled.map(bin => ({value: [bin.from, bin.to, bin.accuracy], bin})), colours.right),
            {name: 'mean probability', type: 'scatter', symbol: 'diamond', symbolSize: 10, itemStyle: {color: colours.third},
              data: filled.map(bin => ({value: [bin.confidence, bin.accuracy], bin}))},
            {name: 'as promised', type: 'line', data: [[0, 0], [1, 1]], symbol: 'none', silent: true,
              lineStyle: {color: colours.muted, type: 'dashed'}, itemStyle: {color: colours.muted}}],
        }),
        detail: table('Each bin', ['From', 'To', 'Rows', ...(weighted ? ['Weight'] : []), 'Share right', 'Mean probability'].map(name => ({name, number: true})),
            bins.map(bin => [numberCell(bin.from), numberCell(bin.to), numberCell(bin.rows, whole),
              ...(weighted ? [numberCell(bin.weight, whole)] : []), numberCell(bin.accuracy), numberCell(bin.confidence)])),
      }),
      chart({
        caption: 'How sure the model is',
        note: weighted ? 'What the rows in each bin weigh together.' : 'Rows in each bin.',
        description: `The fullest bin has ${weighted ? 'a weight of ' : ''}${whole(Math.max(...bins.map(bin => bin.weight)))}${weighted ? '' : ' rows'}.`,
        height: 360,
        option: colours => ({
          grid: grid({top: 40}), tooltip: tooltip(colours, {formatter: at => at.data.bin ? hint(at.data.bin) : undefined}),
          xAxis: axis(colours, 'probability of the likeliest class'), yAxis: yAxis(colours, {minInterval: 1}),
          series: [bars(weighted ? 'weight' : 'rows', filled.map(bin => ({value: [bin.from, bin.to, bin.weight], bin})), colours.first)],
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
      `F1 ${percent(score.f1)}`, `support ${whole(number(score.support))}${byWeight}`);
  if (of <= MOST_BARS) {
    const named = width => barNames(shown.map(score => className(score.index)), width);
    const values = field => shown.map(score => ({value: number(score[field]), score}));
    target.append(chart({
      caption: 'Each class', height: width => 80 + shown.length * Math.max(40, named(width).height),
      description: `Bars of precision, recall and F1 of ${of} classes.`,
      option: (colours, width) => ({
        grid: grid({top: 36, bottom: 8}), legend: legend(colours),
        tooltip: tooltip(colours, {formatter: at => hint(at.data.score)}),
        xAxis: {...yAxis(colours, {min: 0, max: 1})},
        yAxis: nameAxis(colours, named(width).texts),
        series: [['precision', 'precision'], ['recall', 'recall'], ['F1', 'f1']].map(([name, field]) =>
          ({name, type: 'bar', barGap: '10%', data: values(field)})),
      }),
    }));
  } else {
    const most = Math.max(...shown.map(score => number(score.support)));
    target.append(chart({
      caption: 'Each class: precision and recall', note: `The larger the circle, the more ${weighted ? 'the rows of the class weigh' : 'rows the class has'}.`, height: 420,
      description: `Precision and recall of ${shown.length} classes as a scatter plot; the table below has the numbers.`,
      option: colours => ({
        grid: grid({top: 40}), tooltip: tooltip(colours, {formatter: at => hint(at.data.score)}),
        xAxis: xAxis(colours, 'recall', {min: 0, max: 1}), yAxis: yAxis(colours, {min: 0, max: 1, name: 'precision'}),
        series: [{type: 'scatter', itemStyle: {color: colours.first, opacity: 0.6, borderColor: colours.surface},
          data: shown.filter(score => Number.isFinite(number(score.precision)) && Number.isFinite(number(score.recall)))
              .map(score => ({value: [score.recall, score.precision], score, symbolSize: 5 + 15 * Math.sqrt(score.support / most)}))}],
      }),
    }));
  }
  const names = [...['Support', 'Taken for it'].map(name => name + (weighted ? ' (weight)' : '')), 'Precision', 'Recall', 'F1'];
  target.append(table(
      shown.length < of ? `The ${whole(shown.length)} classes ${weighted ? 'whose rows weigh most' : 'with the most rows'} of ${whole(of)}; a head sorts` : 'All classes; a head sorts',
      [{name: 'Class', sortable: true}, ...names.map(name => ({name, number: true, sortable: true}))],
      shown.map(score => [textCell(className(score.index)), numberCell(score.support, value => whole(number(value))),
        numberCell(score.predicted, value => whole(number(value))),
        numberCell(score.precision, percent), numberCell(score.recall, percent), numberCell(score.f1, percent)])));
}

// ---------- worst errors ----------

function worst() {
  const {shown, errors} = report.worst;
  const target = section('worst');
  if (shown.length === 0) {
    target.append(element('p', {className: 'none'}, 'No row is taken for another class.'));
    return;
  }
  const {unit} = report.judged;
  const images = shown[0].image !== null;
  const reasons = one => ({node: element('ul', {}, ...one.reasons.map(reason =>
    element('li', {}, element('bdi', {}, reason.name), ` = ${precise(reason.value)} (${reason.advantage > 0 ? '+' : ''}${precise(reason.advantage)})`)))});
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
