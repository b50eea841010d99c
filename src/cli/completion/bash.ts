/**
 * The completion of bash, 3.2 or later, as a script to be evaluated. Pure.
 *
 * `compgen -W` expands what it is given as the shell would: `orderly complete` tells nothing that means anything to a shell.
 */
import { singleQuoted } from '../shell-word.ts';
import { byTakes, type DescribedOption, type DescribedProgram, type Takes, valueFlags } from './described.ts';

export function bashScript(program: DescribedProgram): string {
  const { commands, options } = program;
  const all = [{ name: '', options }, ...commands];
  return `# Completion of orderly. In ~/.bashrc: eval "$(orderly completion bash)"
_orderly_words() {
  COMPREPLY=($(compgen -W "$1" -- "$cur"))
}
_orderly_told() {
  # A colon parts words, but not within quotes: only what is behind the last one is put in.
  local typed=\${COMP_LINE:0:COMP_POINT} done=
  typed=\${typed##*[[:space:]=]}
  if [[ $cur == [\\"\\']* ]]; then
    cur=\${cur:1}
  elif [[ $COMP_WORDBREAKS == *:* && $typed == *:* ]]; then
    cur=$typed
    done=\${typed%"\${typed##*:}"}
  fi
  _orderly_words "$("\${COMP_WORDS[0]}" complete "$1" -- "\${before[@]}" "$cur" 2>/dev/null)"
  COMPREPLY=("\${COMPREPLY[@]#"$done"}")
}
_orderly_system() {
  local IFS=$'\\n'
  compopt -o filenames 2>/dev/null
  COMPREPLY=($(compgen "$1" -- "$cur"))
}
_orderly() {
  local cur=\${COMP_WORDS[COMP_CWORD]} prev=\${COMP_WORDS[COMP_CWORD-1]} command= skip= word
  local -a before
  before=("\${COMP_WORDS[@]:1:COMP_CWORD-1}")
  COMPREPLY=()
  # An option, an equals sign and its value are three words.
  if [[ $cur == = ]]; then cur=
  elif [[ $prev == = && COMP_CWORD -gt 1 ]]; then prev=\${COMP_WORDS[COMP_CWORD-2]}
  fi
  for word in "\${before[@]}"; do
    if [[ $word == -- ]]; then
      if [[ $prev == -- ]]; then _orderly_system -c; else _orderly_system -f; fi
      return
    fi
    if [[ $word == = ]]; then continue; fi
    if [[ -n $skip ]]; then skip=; continue; fi
    if [[ -n $command ]]; then continue; fi
    case $word in
      ${valueFlags(program).join('|')}) skip=1 ;;
      -*) ;;
      *) command=$word ;;
    esac
  done
  case "$command $prev" in
${all.flatMap(({ name, options: own }) => valueCases(name, own)).join('\n')}
  esac
  if [[ $cur == -* ]]; then
    case $command in
${all.map(({ name, options: own }) => `      ${singleQuoted(name)}) ${proposing(own.flatMap(({ flags }) => flags))} ;;`).join('\n')}
    esac
    return
  fi
  case $command in
    '') ${proposing(commands.map(({ name }) => name))} ;;
${byTakes(program)
  .filter(([, takes]) => takes !== 'anything')
  .map(([names, takes]) => `    ${names.join('|')}) ${proposing(takes)} ;;`)
  .join('\n')}
  esac
}
complete -F _orderly orderly orderlyd
`;
}

function valueCases(command: string, options: readonly DescribedOption[]): readonly string[] {
  return options.flatMap(({ flags, takes }) => {
    if (takes === undefined) return [];
    const patterns = flags.map((flag) => singleQuoted(`${command} ${flag}`)).join('|');
    return [`    ${patterns}) ${proposing(takes)}; return ;;`];
  });
}

function proposing(takes: Takes): string {
  if (typeof takes !== 'string') return `_orderly_words ${singleQuoted(takes.join(' '))}`;
  if (takes === 'files') return '_orderly_system -f';
  if (takes === 'commands') return '_orderly_system -c';
  return takes === 'anything' ? ':' : `_orderly_told ${takes}`;
}
