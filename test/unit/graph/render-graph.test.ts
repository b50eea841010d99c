import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { graphOf } from '../../../src/graph/graph.ts';
import { renderGraph } from '../../../src/graph/render-graph.ts';
import { assertProperty } from '../../support/assert-property.ts';
import { randomConfig } from '../../support/random-graph.ts';
import { sampleEdge, sampleService } from '../../support/sample-config.ts';

const shop = graphOf([
  sampleService('api', {
    dependsOn: [
      sampleEdge('migrate', { condition: 'completed' }),
      sampleEdge('cache', { optional: true, condition: 'started', timeoutMs: 2_000 }),
      sampleEdge('db'),
    ],
  }),
  sampleService('migrate', { type: 'task', dependsOn: [sampleEdge('db')] }),
  sampleService('db', { dependsOn: [sampleEdge('disk')] }),
  sampleService('disk'),
  sampleService('cache', { dependsOn: [sampleEdge('disk', { optional: true })] }),
  sampleService('mail'),
]);

const odd = graphOf([
  sampleService('a "b" \\', { dependsOn: [sampleEdge('end')] }),
  sampleService('end'),
  sampleService('x\x1b[2J'),
]);

describe('a graph as text', () => {
  test('the tree has dependencies below dependents, and unfolds each once', () => {
    assert.equal(
      renderGraph(shop, 'tree'),
      [
        'api',
        '├─ migrate (task) [completed]',
        '│  └─ db',
        '│     └─ disk',
        '├─ cache [started, optional]',
        '│  └─ disk [optional]',
        '└─ db *',
        'mail',
        '',
      ].join('\n'),
    );
  });

  test('Mermaid has an arrow for each edge', () => {
    assert.equal(
      renderGraph(shop, 'mermaid'),
      [
        'flowchart TD',
        '  s0["api"]',
        '  s1(["migrate"])',
        '  s2["db"]',
        '  s3["disk"]',
        '  s4["cache"]',
        '  s5["mail"]',
        '  s0 -->|completed| s1',
        '  s0 -.->|started| s4',
        '  s0 --> s2',
        '  s1 --> s2',
        '  s2 --> s3',
        '  s4 -.-> s3',
        '',
      ].join('\n'),
    );
  });

  test('DOT has an arrow for each edge', () => {
    assert.equal(
      renderGraph(shop, 'dot'),
      [
        'digraph services {',
        '  node [shape=box];',
        '  "api";',
        '  "migrate" [style=rounded];',
        '  "db";',
        '  "disk";',
        '  "cache";',
        '  "mail";',
        '  "api" -> "migrate" [label="completed"];',
        '  "api" -> "cache" [label="started", style=dashed];',
        '  "api" -> "db";',
        '  "migrate" -> "db";',
        '  "db" -> "disk";',
        '  "cache" -> "disk" [style=dashed];',
        '}',
        '',
      ].join('\n'),
    );
  });

  test('JSON has services, edges and waves', () => {
    const keep = { on_loss: 'keep', after_ms: 0 };
    const document = JSON.parse(renderGraph(shop, 'json'));
    assert.deepEqual(document.services[0], {
      name: 'api',
      type: 'service',
      profiles: [],
      depends_on: [
        { service: 'migrate', condition: 'completed', optional: false, timeout_ms: null, ...keep },
        { service: 'cache', condition: 'started', optional: true, timeout_ms: 2_000, ...keep },
        { service: 'db', condition: 'ready', optional: false, timeout_ms: null, ...keep },
      ],
    });
    assert.deepEqual(document.start_waves, [['disk', 'mail'], ['db', 'cache'], ['migrate'], ['api']]);
    assert.deepEqual(document.stop_waves, [['api', 'mail'], ['migrate', 'cache'], ['db'], ['disk']]);
  });

  test('every format tells what follows a loss', () => {
    const reacting = graphOf([
      sampleService('api', {
        dependsOn: [
          sampleEdge('db', { onLoss: { act: 'restart', afterMs: 0 } }),
          sampleEdge('mq', { condition: 'started', onLoss: { act: 'stop', afterMs: 1500 } }),
        ],
      }),
      sampleService('db'),
      sampleService('mq'),
    ]);
    const first = 'on loss: restart';
    const second = 'on loss: stop after 1s500ms';
    assert.equal(renderGraph(reacting, 'tree'), `api\n├─ db [${first}]\n└─ mq [started, ${second}]\n`);
    assert.match(renderGraph(reacting, 'mermaid'), /-->\|on loss: restart\| s1\n.*\|started, on loss: stop/);
    assert.match(renderGraph(reacting, 'dot'), /"mq" \[label="started, on loss: stop after 1s500ms"\]/);
    const [api] = JSON.parse(renderGraph(reacting, 'json')).services;
    assert.deepEqual(
      api.depends_on.map((edge: Record<string, unknown>) => [edge.on_loss, edge.after_ms]),
      [
        ['restart', 0],
        ['stop', 1500],
      ],
    );
  });

  test('no name can break out of its place', () => {
    assert.equal(renderGraph(odd, 'tree'), 'a "b" \\\n└─ end\nx\\x1b[2J\n');
    assert.match(renderGraph(odd, 'mermaid'), /s0\["a #34;b#34; #92;"\]/);
    assert.match(renderGraph(odd, 'dot'), /"a \\"b\\" \\\\" -> "end";/);
  });

  test('the tree names every service, in as many lines as roots and edges or fewer', () => {
    assertProperty(
      fc.property(randomConfig(), (config) => {
        const graph = graphOf(config.services);
        const lines = renderGraph(graph, 'tree').trimEnd().split('\n');
        const named = new Set(lines.map((line) => /s\d+/.exec(line)?.[0]));
        assert.deepEqual([...named].sort(), graph.services.toSorted());
        const edges = graph.services.flatMap((name) => graph.dependencies(name)).length;
        const roots = graph.services.filter((name) => graph.dependents(name).length === 0).length;
        assert.ok(lines.length <= edges + roots);
      }),
    );
  });
});
