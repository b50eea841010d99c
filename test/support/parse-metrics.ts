/**
 * What Prometheus reads in a text, by a parser that was ported from its own client libraries; and the rules of the format that a parser
 * bears the breach of.
 */
import assert from 'node:assert/strict';
import { createRequire } from 'node:module';

interface ParsedFamily {
  readonly name: string;
  readonly help: string;
  readonly type: string;
  readonly metrics: readonly {
    readonly value?: string;
    readonly sum?: string;
    readonly count?: string;
    readonly labels?: Readonly<Record<string, string>>;
  }[];
}

const parse = createRequire(import.meta.url)('parse-prometheus-text-format') as (
  text: string,
) => readonly ParsedFamily[] | undefined;

export interface Metrics {
  /** The value of the sample with exactly these labels; undefined: there is none. */
  value(name: string, labels?: Readonly<Record<string, string>>): number | undefined;
  readonly families: readonly ParsedFamily[];
}

/** Fails if a rule of the text format (exposition format 0.0.4), or of how names are made, is broken. */
export function parseMetrics(text: string): Metrics {
  assertRules(text);
  const families = parse(text);
  assert.ok(families !== undefined && families.length > 0, `nothing to parse in:\n${text}`);
  return {
    families,
    value(name, labels = {}) {
      const [base, figure] = /^(.*)_(sum|count)$/.exec(name)?.slice(1) ?? [name, 'value'];
      const family = families.find((one) => one.name === (figure === 'value' ? name : base));
      const sample = family?.metrics.find((one) => isSame(one.labels ?? {}, labels));
      const value = sample?.[figure as 'value' | 'sum' | 'count'];
      return value === undefined ? undefined : Number(value);
    },
  };
}

function isSame(a: Readonly<Record<string, string>>, b: Readonly<Record<string, string>>): boolean {
  const keys = Object.keys(a);
  return keys.length === Object.keys(b).length && keys.every((key) => a[key] === b[key]);
}

const SAMPLE =
  /^([a-zA-Z_:][\w:]*)(\{(?:[a-zA-Z_]\w*="(?:[^"\\\n]|\\[\\"n])*",?)*\})? (NaN|[+-]Inf|-?\d+(?:\.\d+)?(?:e[+-]?\d+)?)$/;
const UNIT = /_(?:seconds|bytes|info|total)(?:_total)?$/;
/** What has no unit, and is counted or is one of two. */
const UNITLESS = /_(?:state|wanted|healthy|open|generation|down|processes|open_files)$/;

function assertRules(text: string): void {
  assert.ok(text.endsWith('\n'), 'the last line ends, too');
  const types = new Map<string, string>();
  const seen = new Set<string>();
  let current = '';
  let helped = '';
  for (const line of text.slice(0, -1).split('\n')) {
    const [, kind, name = '', rest = ''] = /^# (HELP|TYPE) (\S+) (.*)$/.exec(line) ?? [];
    if (kind === 'HELP') {
      assert.ok(!types.has(name), `all lines of ${name} are in one group`);
      helped = name;
    } else if (kind === 'TYPE') {
      assert.equal(name, helped, 'TYPE follows HELP');
      assert.ok(!types.has(name), `one TYPE of ${name}`);
      types.set(name, rest);
      current = name;
      assert.match(name, /^orderly_[a-z_]+$/);
      assert.equal(name.endsWith('_total'), rest === 'counter', `${name} is a ${rest}`);
      assert.ok(UNIT.test(name) || UNITLESS.test(name), `${name} says its unit`);
    } else {
      const [, sample = '', labels = ''] = SAMPLE.exec(line) ?? [];
      assert.notEqual(sample, '', `a sample: ${line}`);
      const base = types.get(current) === 'summary' ? sample.replace(/_(?:sum|count)$/, '') : sample;
      assert.equal(base, current, `${sample} stands under its own TYPE`);
      assert.ok(!seen.has(sample + labels), `one sample of ${sample}${labels}`);
      seen.add(sample + labels);
    }
  }
}
