/** `completion <shell>`: a script that completes commands and options, made from the commands themselves. */
import { Argument, type Command } from 'commander';
import { json, print, type OutputOptions } from '../person.ts';

const SHELLS = ['bash', 'zsh'] as const;
type Shell = (typeof SHELLS)[number];

export function addCompletionCommand(completion: Command, program: () => Promise<Command>): void {
  completion
    .addArgument(new Argument('<shell>', 'whose script is printed').choices(SHELLS))
    .addOption(json())
    .action(async (shell: Shell, options: OutputOptions) => {
      const script = completionScript(shell, await program());
      print(options, { shell, script }, () => [script]);
    });
}

export function completionScript(shell: Shell, program: Command): string {
  const cases = wordsByPath(program, '').map(
    ([path, words]) => `    "${path}") words="${words.join(' ')}" ;;`,
  );
  return [
    ...(shell === 'zsh' ? ['autoload -U +X bashcompinit && bashcompinit'] : []),
    '_chatterfix_sync() {',
    '  local path="" word words="" i',
    // Only words that are commands lead further; arguments and options stay where they are.
    '  for ((i = 1; i < COMP_CWORD; i++)); do',
    '    word="${COMP_WORDS[i]}"',
    '    case " $(_chatterfix_sync_words "$path") " in *" $word "*) [[ $word == -* ]] || path="${path:+$path }$word" ;; esac',
    '  done',
    '  words="$(_chatterfix_sync_words "$path")"',
    '  COMPREPLY=($(compgen -W "$words" -- "${COMP_WORDS[COMP_CWORD]}"))',
    '}',
    '_chatterfix_sync_words() {',
    '  local words=""',
    '  case "$1" in',
    ...cases,
    '  esac',
    '  echo "$words"',
    '}',
    'complete -F _chatterfix_sync chatterfix-sync',
  ].join('\n');
}

/** Subcommands and long options by the words before them. */
function wordsByPath(command: Command, path: string): [string, string[]][] {
  const names = command.commands.map((one) => one.name());
  const options = command.options.flatMap(({ long }) => long ?? []);
  return [
    [path, [...names, ...options, '--help']],
    ...command.commands.flatMap((one) =>
      wordsByPath(one, path === '' ? one.name() : `${path} ${one.name()}`),
    ),
  ];
}
