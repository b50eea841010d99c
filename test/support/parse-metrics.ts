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
    /** Of a histogram: by their upper bounds. */
    readonly buckets?: Readonly<Record<string, string>>;
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
  const families = parse(text)?.map((one) => (one.type === 'HISTOGRAM' ? parseHistogram(one, text) : one));
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

/** The parser makes one of all histograms of a family, and loses their labels: so it gets one by one, without them. */
function parseHistogram(family: ParsedFamily, text: string): ParsedFamily {
  const { name } = family;
  const groups = new Map<string, string[]>();
  for (const line of text.split('\n')) {
    const [, suffix = '', labels = '', le = '', value = ''] =
      /^\w+?(_bucket|_sum|_count)\{(.*?)(?:,?(le="[^"]*"))?\} (\S+)$/.exec(line) ?? [];
    if (suffix === '' || !line.startsWith(`${name}${suffix}{`)) continue;
    const bare = `${name}${suffix}${le === '' ? '' : `{${le}}`} ${value}\n`;
    groups.set(labels, [...(groups.get(labels) ?? []), bare]);
  }
  const metrics = [...groups].map(([labels, lines]) => {
    const [only] = parse(`# TYPE ${name} histogram\n${lines.join('')}`)?.[0]?.metrics ?? [];
    assert.ok(only?.buckets !== undefined && only.count !== undefined && only.sum !== undefined, labels);
    const counts = Object.entries(only.buckets)
      .map(([le, count]) => [Number(le.replace('+Inf', 'Infinity')), Number(count)] as const)
      .sort(([a], [b]) => a - b)
      .map(([, count]) => count);
    assert.deepEqual(
      counts,
      counts.toSorted((a, b) => a - b),
      'buckets are cumulative',
    );
    assert.equal(only.buckets['+Inf'], only.count, 'the last bucket has all');
    return { ...only, labels: parse(`x{${labels}} 1\n`)?.[0]?.metrics[0]?.labels ?? {} };
  });
  return { ...family, metrics };
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

const SUFFIXES: Readonly<Record<string, RegExp>> = {
  summary: /_(?:sum|count)$/,
  histogram: /_(?:sum|count|bucket)$/,
};

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
      const base = sample.replace(SUFFIXES[types.get(current) ?? ''] ?? /$^/, '');
      assert.equal(base, current, `${sample} stands under its own TYPE`);
      assert.ok(!seen.has(sample + labels), `one sample of ${sample}${labels}`);
      seen.add(sample + labels);
    }
  }
}
