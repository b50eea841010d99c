/**
 * Time in a picture: ticks, breaks, and the lines of what happened to the run as a whole. Pure.
 */
import { formatDuration } from '../../../events/format-duration.ts';
import { shortened, shutdownLabel } from '../describe-lane.ts';
import { ticksOf } from '../ticks.ts';
import type { Timeline } from '../timeline.ts';
import { decimal, group, type Markup, tag } from '../xml.ts';
import type { Layout } from './layout.ts';

const CHARACTER = 6.6;
const WAVE = 6;

/** `causeMs`: no label is written where the line of the shutdown's cause goes through it. */
export function svgGrid(layout: Layout, causeMs: number | undefined): Markup {
  const { left, tickLine, lowerTickLine, lanesTop, lanesBottom } = layout;
  const ticks = ticksOf(layout.axis, (label) => label.length * CHARACTER + 26);
  return group(
    {},
    ticks.flatMap(({ at, label }) => {
      const x = left + at;
      const half = (label.length * CHARACTER) / 2;
      const look = `small quiet ${x + half > layout.right + 20 ? 'end' : 'middle'}`;
      const isCrossed = causeMs !== undefined && Math.abs(layout.x(causeMs) - x) < half + 4;
      return [
        tag('path', { class: 'grid', d: `M${decimal(x)} ${decimal(lanesTop - 6)}V${decimal(lanesBottom)}` }),
        ...(isCrossed ? [] : [tag('text', { class: look, x, y: tickLine }, label)]),
        ...(lowerTickLine === undefined ? [] : [tag('text', { class: look, x, y: lowerTickLine }, label)]),
      ];
    }),
  );
}

/** Over the bars, of which they leave something out. */
export function svgBreaks(layout: Layout): Markup {
  const { left, lanesTop, lanesBottom, breakLine } = layout;
  let labelled = Number.NEGATIVE_INFINITY;
  return group(
    {},
    layout.axis.pieces
      .filter(({ broken }) => broken)
      .flatMap(({ from, to, fromMs, toMs }) => {
        const x = left + from;
        const width = to - from;
        const label = formatDuration(toMs - fromMs);
        const middle = x + width / 2;
        const hasRoom = middle - labelled > label.length * CHARACTER + 12;
        if (hasRoom) labelled = middle;
        return [
          tag(
            'rect',
            { class: 'paper break', x, y: lanesTop - 6, width, height: lanesBottom - lanesTop + 6 },
            tag('title', {}, `${label} are left out here: nothing happened`),
          ),
          wave(x, lanesTop - 6, lanesBottom),
          wave(x + width, lanesTop - 6, lanesBottom),
          ...(hasRoom ? [tag('text', { class: 'small quiet middle', x: middle, y: breakLine }, label)] : []),
        ];
      }),
  );
}

function wave(x: number, top: number, bottom: number): Markup {
  let d = `M${decimal(x)} ${decimal(top)}`;
  for (let y = top, side = 1; y < bottom; y += WAVE, side = -side) {
    d += `l${decimal(side * 2.5)} ${decimal(Math.min(WAVE, bottom - y))}`;
  }
  return tag('path', { class: 'arrow', d });
}

/** The cause of the shutdown, and every insistence. */
export function svgCauses(timeline: Timeline, layout: Layout): Markup {
  const { shutdown, escalations } = timeline;
  if (shutdown === undefined) return { markup: '' };
  const x = layout.x(shutdown.ms);
  const toTheRight = layout.width - layout.margin - x > 320;
  const room = toTheRight ? layout.width - layout.margin - x : x - layout.margin;
  const label = shutdownLabel(timeline);
  const text = shortened(label, Math.floor(room / 7.4) - 2);
  return group({}, [
    line(x, layout.causeLine - 9, layout, label),
    tag(
      'text',
      { class: toTheRight ? 'bad' : 'bad end', x: x + (toTheRight ? 5 : -5), y: layout.causeLine },
      text,
      tag('title', {}, label),
    ),
    ...escalations.map(({ ms, level }) =>
      line(
        layout.x(ms),
        layout.lanesTop - 6,
        layout,
        level === 2 ? 'told again: everything is killed' : 'told a third time',
      ),
    ),
  ]);
}

function line(x: number, top: number, { lanesBottom }: Layout, title: string): Markup {
  const d = `M${decimal(x)} ${decimal(top)}V${decimal(lanesBottom)}`;
  return tag('path', { class: 'cause', d }, tag('title', {}, title));
}
