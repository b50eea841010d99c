/**
 * The completion of fish, 3 or later, as a script to be sourced. Pure.
 */
import { byTakes, type DescribedOption, type DescribedProgram, type Takes, valueFlags } from './described.ts';

export function fishScript(program: DescribedProgram): string {
  const { commands, options } = program;
  const lines = [
    ...commands.map(
      ({ name, about }) => `complete -c orderly -n '__orderly_in ""' -a ${name} -d ${quoted(about)}`,
    ),
    ...options.map((option) => optionLine('', option)),
    ...commands.flatMap(({ name, options: own }) => own.map((option) => optionLine(name, option))),
    ...byTakes(program)
      .filter(([, takes]) => takes !== 'anything')
      .map(
        ([names, takes]) => `complete -c orderly -n '__orderly_in ${names.join(' ')}' ${proposing(takes)}`,
      ),
  ];
  return `# Completion of orderly. In ~/.config/fish/config.fish: orderly completion fish | source
function __orderly_command
    set -l words (commandline -opc)
    set -l skip 0
    for word in $words[2..-1]
        if test $skip = 1
            set skip 0
            continue
        end
        switch $word
            case ${valueFlags(program).join(' ')}
                set skip 1
            case '-*'
            case '*'
                echo $word
                return
        end
    end
    echo ''
end
function __orderly_in
    set -l words (commandline -opc)
    not contains -- -- $words
    and contains -- (__orderly_command) $argv
end
function __orderly_behind
    set -l words (commandline -opc)
    contains -- -- $words
end
function __orderly_told
    set -l words (commandline -opc)
    set -l typed (commandline -ct)
    $words[1] complete $argv[1] -- $words[2..-1] "$typed" 2>/dev/null
end
complete -c orderly -e
complete -c orderly -f
complete -c orderlyd -w orderly
complete -c orderly -n __orderly_behind -F -a '(__fish_complete_command)'
${lines.join('\n')}
`;
}

function optionLine(command: string, { flags, about, takes }: DescribedOption): string {
  const named = flags.map((flag) => (flag.startsWith('--') ? `-l ${flag.slice(2)}` : `-s ${flag.slice(1)}`));
  const when = `-n '__orderly_in ${command === '' ? '""' : command}'`;
  const value = takes === undefined ? [] : [takes === 'files' ? '-rF' : '-x', proposing(takes)];
  return ['complete -c orderly', when, ...named, ...value, `-d ${quoted(about)}`]
    .filter((part) => part !== '')
    .join(' ');
}

function proposing(takes: Takes): string {
  if (typeof takes !== 'string') return `-a ${quoted(takes.join(' '))}`;
  if (takes === 'files') return '-F';
  if (takes === 'commands') return "-a '(__fish_complete_command)'";
  return takes === 'anything' ? '' : `-a '(__orderly_told ${takes})'`;
}

function quoted(text: string): string {
  return `'${text.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`;
}
