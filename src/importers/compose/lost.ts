/**
 * Keys of compose that mean nothing here, or something else, each with what to do. Pure.
 */

type Row = readonly [words: string, why: string, hint: string];

/** Of a service that this machine runs itself. */
const OF_PROGRAMS: readonly Row[] = [
  [
    'privileged cap_add cap_drop security_opt userns_mode',
    'it has the rights of orderly',
    'Give it others with user and group',
  ],
  ['user', 'it is a user of the image', 'Write user: NAME for one of this machine; it takes root'],
  ['group_add', 'it has the groups of its user', 'Write group: NAME'],
  [
    'mem_limit mem_reservation memswap_limit mem_swappiness shm_size',
    'memory is not limited',
    'Limit it where the program can, as node does by --max-old-space-size',
  ],
  [
    'cpus cpu_shares cpu_quota cpu_period cpuset cpu_count cpu_percent',
    'processors are not limited',
    'Write nice: 10 to let others go first',
  ],
  ['pids_limit', 'processes are not limited', 'Write limits: { nproc: 100 }'],
  [
    'extra_hosts dns dns_search dns_opt links_external external_links',
    'it looks up names as this machine does',
    'Add the names to /etc/hosts',
  ],
  [
    'network_mode net mac_address sysctls ipc pid uts cgroup cgroup_parent isolation runtime',
    'it is in no container',
    'Nothing is to be done unless it relies on that',
  ],
  [
    'secrets configs',
    'there is no such file in /run',
    'Name the file by its path, or give its values with env_file',
  ],
  [
    'tmpfs devices device_cgroup_rules gpus read_only storage_opt volumes_from volume_driver',
    'it sees the files of this machine',
    'Nothing is to be done unless it relies on that',
  ],
  ['logging log_driver log_opt', 'its output is printed', 'Write log: { file: NAME.log } to keep it too'],
  ['develop', 'nothing is watched', 'Let the program watch its files: node --watch, nodemon, tsx watch'],
  [
    'post_start pre_stop',
    'such a command is not run',
    'Write it as a task that depends on this one, or as stop: { command }',
  ],
  [
    'hostname domainname',
    'it has the name of this machine',
    'Nothing is to be done unless it relies on that',
  ],
  [
    'models provider credential_spec annotations use_api_socket',
    'there is nothing like it',
    'Leave it to docker',
  ],
];

/** They have no effect that could be lost, or were dealt with. */
const QUIET = new Set(
  (
    'command entrypoint image build dockerfile working_dir environment env_file depends_on healthcheck restart deploy scale ' +
    'stop_signal stop_grace_period profiles labels ulimits stdin_open tty ports volumes links extends ' +
    'container_name pull_policy platform expose networks init attach oom_score_adj oom_kill_disable label_file'
  ).split(' '),
);

export function lostKey(key: string): readonly [why: string, hint: string] | undefined {
  if (QUIET.has(key) || key.startsWith('x-')) return undefined;
  const found = OF_PROGRAMS.find(([words]) => words.split(' ').includes(key));
  return found === undefined
    ? ['it is not known', 'README.md lists the keys of a service']
    : [found[1], found[2]];
}

/** Of the whole file; undefined: nothing is lost with it. */
export function lostTopKey(key: string): readonly [why: string, hint: string] | undefined {
  if (['version', 'name', 'services', 'networks', 'volumes'].includes(key) || key.startsWith('x-'))
    return undefined;
  if (key === 'include')
    return ['other files are not read', 'Import each of them, and write include: [FILE]'];
  if (key === 'secrets' || key === 'configs')
    return [
      'programs of this machine see no such file',
      'Name the file by its path, or give its values with env_file',
    ];
  return ['it is not known', 'Leave it to docker'];
}
