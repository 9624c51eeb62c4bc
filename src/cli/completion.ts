import { didYouMean, quoted, usageError } from '../core/command/usage-error.ts';
import { commandWords, SHELLS } from './complete.ts';
import type { CommandContext } from './context.ts';
import { EXIT } from './exit-codes.ts';

const SCRIPTS = { bash: bashScript, zsh: zshScript, fish: fishScript } as const satisfies Record<
  (typeof SHELLS)[number],
  () => string
>;

/** `kubewhy completion SHELL` */
export async function runCompletion({ line, output }: CommandContext): Promise<number> {
  const [shell, ...more] = line.words;
  if (shell === undefined || more.length > 0) {
    throw usageError(`For which shell? One of ${SHELLS.join(', ')}.`, line.command.name);
  }
  output.print(completionScript(shell));
  return EXIT.healthy;
}

/** The completion script of a shell. Throws USAGE for one that is not known. */
export function completionScript(shell: string): string {
  if (!isShell(shell)) {
    throw usageError(
      `There is no completion for ${quoted(shell)}; there is for ${SHELLS.join(', ')}.${didYouMean(shell, SHELLS)}`,
    );
  }
  return SCRIPTS[shell]().trim();
}

function isShell(word: string): word is keyof typeof SCRIPTS {
  return Object.hasOwn(SCRIPTS, word);
}

function words(prefix: readonly string[]): string {
  return commandWords(prefix)
    .map(({ word }) => word)
    .join(' ');
}

/** First words that have further ones. */
function groups(): readonly string[] {
  return commandWords([]).flatMap(({ word }) => (commandWords([word]).length > 0 ? word : []));
}

function bashGroup(group: string): string {
  return `  if [[ \${#words[@]} -eq 3 && "\${words[1]}" == ${group} && "$current" != -* ]]; then
    COMPREPLY=($(compgen -W "${words([group])}" -- "$current"))
    return
  fi`;
}

function zshGroup(group: string): string {
  return `  if (( CURRENT == 3 )) && [[ "\${words[2]}" == ${group} && "\${words[3]}" != -* ]]; then
    group=(${zshWords([group])})
    _describe 'command' group
    return
  fi`;
}

/** Readline breaks words at `:` and `=`; the script takes the line apart itself and gives back only the last part. */
function bashScript(): string {
  return `
# bash completion of kubewhy; in ~/.bashrc: source <(kubewhy completion bash)
_kubewhy() {
  local line="\${COMP_LINE:0:COMP_POINT}" IFS=$' \\t\\n' current before candidate
  local -a words
  read -ra words <<<"$line"
  if [[ "$line" == *[[:space:]] ]]; then
    words+=("")
  fi
  current="\${words[\${#words[@]} - 1]}"
  before="\${current%"\${current##*[=:]}"}"
  COMPREPLY=()
  if [[ \${#words[@]} -eq 2 && "$current" != -* ]]; then
    COMPREPLY=($(compgen -W "${words([])}" -- "$current"))
    return
  fi
${groups().map(bashGroup).join('\n')}
  IFS=$'\\n'
  while IFS=$'\\t' read -r candidate _; do
    case "$candidate" in
      :files) COMPREPLY+=($(compgen -f -- "\${current#"$before"}")) ;;
      :folders) COMPREPLY+=($(compgen -d -- "\${current#"$before"}")) ;;
      *) COMPREPLY+=("\${candidate#"$before"}") ;;
    esac
  done < <(kubewhy __complete "\${words[@]:1}" 2>/dev/null)
  if [[ \${#COMPREPLY[@]} -eq 1 && "\${COMPREPLY[0]}" == */ ]]; then
    compopt -o nospace 2>/dev/null
  fi
}
complete -F _kubewhy kubewhy
`;
}

function zshScript(): string {
  return `
#compdef kubewhy
# zsh completion of kubewhy; in ~/.zshrc after compinit: source <(kubewhy completion zsh)
_kubewhy() {
  local -a commands group lines closed open
  local line word
  commands=(${zshWords([])})
  if (( CURRENT == 2 )) && [[ "\${words[2]}" != -* ]]; then
    _describe 'command' commands
    return
  fi
${groups().map(zshGroup).join('\n')}
  lines=("\${(@f)$(kubewhy __complete "\${(@)words[2,CURRENT]}" 2>/dev/null)}")
  for line in "\${lines[@]}"; do
    word="\${line%%$'\\t'*}"
    case "$word" in
      '') ;;
      :files) _files ;;
      :folders) _files -/ ;;
      */) open+=("$word") ;;
      *) closed+=("$word") ;;
    esac
  done
  (( \${#closed} )) && compadd -a closed
  (( \${#open} )) && compadd -S '' -a open
}
if [[ "\${funcstack[1]}" == _kubewhy ]]; then
  _kubewhy "$@"
else
  compdef _kubewhy kubewhy
fi
`;
}

function zshWords(prefix: readonly string[]): string {
  const entries = commandWords(prefix).map(({ word, says }) => `\n    '${word}:${says ?? ''}'`);
  return `${entries.join('')}\n  `;
}

function fishScript(): string {
  const commands = commandWords([]).map(
    ({ word, says }) => `complete -c kubewhy -f -n __fish_use_subcommand -a ${word} -d '${says ?? ''}'`,
  );
  const deeper = groups().flatMap((group) =>
    commandWords([group]).map(
      ({ word, says }) =>
        `complete -c kubewhy -f -n '__fish_seen_subcommand_from ${group}; and not __fish_seen_subcommand_from ${words([group])}' -a ${word} -d '${says ?? ''}'`,
    ),
  );
  return `
# fish completion of kubewhy; in ~/.config/fish/config.fish: kubewhy completion fish | source
function __kubewhy_complete
    set -l words (commandline -opc)
    set -a words (commandline -ct)
    for line in (kubewhy __complete $words[2..-1] 2>/dev/null)
        switch $line
            case :files
                __fish_complete_path (commandline -ct)
            case :folders
                __fish_complete_directories (commandline -ct)
            case '*'
                echo $line
        end
    end
end
${[...commands, ...deeper].join('\n')}
complete -c kubewhy -f -n 'not __fish_use_subcommand' -a '(__kubewhy_complete)'
`;
}
