/**
 * Where everything is in a picture, in its own units. Pure.
 */
import { type Axis, createAxis } from '../axis.ts';
import type { Timeline } from '../timeline.ts';

export interface Layout {
  readonly width: number;
  readonly margin: number;
  /** Where bars begin, and end. */
  readonly left: number;
  readonly right: number;
  readonly nameCharacters: number;
  readonly outcomeCharacters: number;
  readonly laneHeight: number;
  readonly barHeight: number;
  /** Baselines of the labels over the lanes: causes, then ticks. */
  readonly causeLine: number;
  readonly tickLine: number;
  readonly lanesTop: number;
  readonly lanesBottom: number;
  /** Of ticks once more, where the upper ones are out of sight; then of what is left out. */
  readonly lowerTickLine: number | undefined;
  readonly breakLine: number;
  readonly axis: Axis;
  /** Where a moment lies. */
  readonly x: (ms: number) => number;
  /** The middle of a lane. */
  readonly y: (lane: number) => number;
}

const WIDTH = 1200;
const MARGIN = 24;
const OUTCOME = 200;
const BREAK = 44;
/** No font of a system is wider, on average, at 12 units. */
const CHARACTER = 7.2;

/** `top`: where the labels of the chart may begin. */
export function layOut(timeline: Timeline, top: number): Layout {
  const { lanes } = timeline;
  const longest = Math.max(4, ...lanes.map(({ service }) => [...service].length));
  const nameCharacters = Math.min(26, longest);
  const left = MARGIN + Math.ceil(nameCharacters * CHARACTER) + 10;
  const right = WIDTH - MARGIN - OUTCOME - 22;
  const laneHeight = lanes.length <= 40 ? 26 : lanes.length <= 100 ? 20 : 16;
  const lanesTop = top + 40;
  const lanesBottom = lanesTop + lanes.length * laneHeight;
  const lowerTickLine = lanes.length > 30 ? lanesBottom + 15 : undefined;
  const axis = createAxis(timeline, right - left, BREAK);
  return {
    width: WIDTH,
    margin: MARGIN,
    left,
    right,
    nameCharacters,
    outcomeCharacters: Math.floor(OUTCOME / (CHARACTER - 0.6)),
    laneHeight,
    barHeight: laneHeight - (laneHeight > 20 ? 10 : 6),
    causeLine: top + 12,
    tickLine: top + 30,
    lanesTop,
    lanesBottom,
    lowerTickLine,
    breakLine: (lowerTickLine ?? lanesBottom) + 15,
    axis,
    x: (ms) => left + axis.at(ms),
    y: (lane) => lanesTop + (lane + 0.5) * laneHeight,
  };
}
