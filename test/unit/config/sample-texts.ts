/**
 * Configurations as people and programs write them.
 */

/** The sample of the contract: what it leaves to the reader's imagination is missing. */
export const SAMPLE = `name: shop                     # default: the folder's name
env: { LOG_LEVEL: info }       # for every service
env_file: [.env.shop]          # explicit; later wins
shutdown:
  budget: auto                 # signal -> exit, everything included (§5)
  interrupt_grace: 2s          # Ctrl-C: a person is waiting; for the asking, clean-ups come on top (§5)
defaults: { restart: on-failure, stop: { grace: 10s } }   # any service key, for every service
services:
  db:
    command: [postgres, -D, data, -p, "\${DB_PORT:-5432}"]  # list: executed as it is; string: /bin/sh -c
    ready: { tcp: "127.0.0.1:\${DB_PORT:-5432}" }
    health: { exec: [pg_isready], interval: 5s, failures: 3 }
    stop: { signal: SIGINT, grace: 8s }
    cleanup: [ { run: "rm -f data/postmaster.pid", timeout: 3s } ]
  migrate:
    type: task
    command: ./migrate.sh
    depends_on: [db]
  api:
    command: node api.js
    env: { DATABASE_URL: "postgres://localhost:\${db.port}/shop" }   # a value that db reported
    depends_on: { migrate: {}, cache: { condition: ready, optional: true, on_loss: restart } }
    ready: { log: 'listening on .*:(?<port>\\d+)' }                  # named groups become values
    restart: { policy: on-failure, max: 5, window: 60s }
`;

/** The sample made whole. */
export const WHOLE_SAMPLE = SAMPLE.replace('migrate: {}', 'migrate: {}, db: {}').concat(
  '  cache: { command: [redis-server] }\n',
);

/** Hand-written in block style, with what people do to such files. */
export const TYPICAL = `---
# The shop, as it runs on a laptop.
#

name: shop

env:
  LOG_LEVEL: debug
  NODE_ENV: development   # not production
  EMPTY:
  GREETING: "Hello, \\"world\\"\\n"
  PATTERN: '^it''s (\\d+)$'
  URL: http://localhost:8080/a?b=c#d

services:
    db:
        command: postgres -D data -c "listen_addresses=127.0.0.1"
        ready:
            tcp: 127.0.0.1:5432
            within: 30s
        cleanup:
        - rm -f data/postmaster.pid
        - run: rm -rf /tmp/db
          timeout: 3s
        -
          run: [ echo, done ]

    web:
        depends_on:
            db:
            cache: { optional: true }
        command: |
            set -e
            exec node server.js \\
              --port "$PORT"    # the shell's own

        profiles: [dev, "e2e"]
        labels:
            com.example/team: web
            description: >-
                Serves pages
                to people.

                And robots.
    # the last one
    cache:
        command: [
            redis-server,
            --port, 6379,       # its default
            --save, ""
        ]
        env: {
            A: 1, "B": 'two',
        }
x-notes:
  - anything
`;

/** Every key that this version supports. */
export const EVERYTHING = `name: all
env: { A: 1 }
env_file: .env
shutdown: { budget: 20s, interrupt_grace: 1s }
on: { ready: a, failed: { run: [a], timeout: 1s }, restarted: { url: "https://x/y", timeout: 1s }, unhealthy: [a, 1] }
on_hangup: reload
defaults:
  restart: { delay: 50ms }
services:
  a:
    type: service
    command: [node, a.js, 8080, true]
    cwd: sub
    env: { B: two, C: null }
    env_file: [.env.a]
    env_inherit: [PATH, HOME]
    user: app
    group: 33
    umask: "027"
    nice: -5
    limits: { nofile: { soft: 1024, hard: 4096 }, core: 0, memlock: 64M, as: unlimited, stack: { soft: 8M } }
    depends_on:
      b: { condition: started, optional: true, timeout: 5s, on_loss: stop, after: 2s }
    ready:
      all:
        - tcp: "[::1]:5432"
          owner: any
        - http: { url: "http://127.0.0.1:80/x", status: 204, headers: { X-A: b } }
        - any: [ { exec: [true] }, { file: run/ready }, { notify: node }, { delay: 2s }, { log: ok } ]
      within: 90s
      timeout: 500ms
      interval: 1s
      successes: 2
    health: { any: [ { tcp: 80, owner: any }, { log: ok } ], interval: 5s, timeout: 2s, failures: 1, successes: 2, on_failure: report }
    restart: { policy: always, max: 0, window: 1m, delay: 0ms, factor: 1, max_delay: 1s, jitter: 0, reset_after: 1s, success_codes: [0, 143] }
    on_failure: isolate
    stop: { signal: TERM, grace: 0s, command: "a --stop", target: main }
    cleanup: [ a --clean, [rm, -f, x], { run: [rm, -f, y], timeout: 1s } ]
    log: { prefix: false }
    on: { ready: a, failed: [a], restarted: { run: a }, unhealthy: { url: "http://x" } }
    profiles: [dev]
    labels: { team: core, n: 5 }
  b: { command: b, type: task, x-owner: [me] }
`;

/** As a program writes them: commands as JSON. */
export const GENERATED = [
  'services:',
  ...[0, 1, 2].flatMap((index) => [
    `  s${index}:`,
    `    command: ${JSON.stringify(['/usr/bin/node', '/tmp/é "q"/svc.js', `--name=s${index}`, 'echo "a\\b"\n'])}`,
    '    restart: { policy: always, max: 0, delay: 0ms, jitter: 0 }',
    '    restart_: no',
    '    on_failure: ignore',
    '    stop: { grace: 10000ms }',
    '    ready: { notify: fd }',
    `    depends_on: [s${index}]`,
  ]),
  '',
].join('\n');
