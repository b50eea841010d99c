/**
 * The completion of zsh as a script, to be evaluated or put on the `fpath` as `_orderly`. Pure.
 */
import { singleQuoted } from '../shell-word.ts';
import { byTakes, type DescribedOption, type DescribedProgram, type Takes, valueFlags } from './described.ts';

export function zshScript(program: DescribedProgram): string {
  const { commands, options } = program;
  const all = [{ name: '', options }, ...commands];
  return `#compdef orderly orderlyd
# Completion of orderly. In ~/.zshrc, after compinit: eval "$(orderly completion zsh)"
_orderly_told() {
  local -a told
  told=("\${(@f)$("$words[1]" complete "$1" -- "\${(@)before}" "$words[CURRENT]" 2>/dev/null)}")
  compadd -- "\${(@)told:#}"
}
_orderly() {
  local command= skip= word prev=$words[CURRENT-1]
  local -a before described
  before=("\${(@)words[2,CURRENT-1]}")
  if [[ $words[CURRENT] == --*=* ]]; then
    prev=\${words[CURRENT]%%=*}
    compset -P '*='
  fi
  for word in "\${(@)before}"; do
    if [[ $word == -- ]]; then
      if [[ $prev == -- ]]; then _command_names -e; else _files; fi
      return
    fi
    if [[ -n $skip ]]; then skip=; continue; fi
    if [[ -n $command ]]; then continue; fi
    case $word in
      (${valueFlags(program).join('|')}) skip=1 ;;
      (-*) ;;
      (*) command=$word ;;
    esac
  done
  case "$command $prev" in
${all.flatMap(({ name, options: own }) => valueCases(name, own)).join('\n')}
  esac
  if [[ $words[CURRENT] == -* ]]; then
    case $command in
${all.map(({ name, options: own }) => `      (${singleQuoted(name)}) described=(${own.flatMap(described).join(' ')}) ;;`).join('\n')}
    esac
    _describe option described
    return
  fi
  case $command in
    ('')
      described=(${commands.map(({ name, about }) => entry(name, about)).join(' ')})
      _describe command described ;;
${byTakes(program)
  .filter(([, takes]) => takes !== 'anything')
  .map(([names, takes]) => `    (${names.join('|')}) ${proposing(takes)} ;;`)
  .join('\n')}
  esac
}
if [[ \${funcstack[1]-} == _orderly ]]; then _orderly "$@"; else compdef _orderly orderly orderlyd; fi
`;
}

function valueCases(command: string, options: readonly DescribedOption[]): readonly string[] {
  return options.flatMap(({ flags, takes }) => {
    if (takes === undefined) return [];
    const patterns = flags.map((flag) => singleQuoted(`${command} ${flag}`)).join('|');
    return [`    (${patterns}) ${proposing(takes)}; return ;;`];
  });
}

function proposing(takes: Takes): string {
  if (typeof takes !== 'string') return `compadd -- ${takes.map(singleQuoted).join(' ')}`;
  if (takes === 'files') return '_files';
  if (takes === 'commands') return '_command_names -e';
  return takes === 'anything' ? ':' : `_orderly_told ${takes}`;
}

function described({ flags, about }: DescribedOption): readonly string[] {
  return flags.map((flag) => entry(flag, about));
}

/** A colon ends the word. */
function entry(word: string, about: string): string {
  return singleQuoted(`${word.replaceAll(':', '\\:')}:${about}`);
}
