import { type CompletedCommand, type CompletedOption, flatten } from './command-tree.ts';

export const COMPLETION_SHELLS = ['bash', 'zsh', 'fish'] as const;
export type CompletionShell = (typeof COMPLETION_SHELLS)[number];

function quote(text: string): string {
  return `'${text.replaceAll("'", String.raw`'\''`)}'`;
}

/** In fish a quote within quotes is escaped. */
function quoteForFish(text: string): string {
  return `'${text.replaceAll('\\', String.raw`\\`).replaceAll("'", String.raw`\'`)}'`;
}

interface ValueCase {
  /** `/generate --format`, for each way to write the option. */
  readonly patterns: readonly string[];
  readonly choices: readonly string[];
}

function valueCases({ path, options }: CompletedCommand): ValueCase[] {
  return options
    .filter(({ takesValue }) => takesValue)
    .map(({ names, choices }) => ({ patterns: names.map((name) => quote(`${path} ${name}`)), choices }));
}

const paths = (commands: readonly CompletedCommand[]) =>
  commands.flatMap(({ path }) => (path === '' ? [] : [path])).join('|');

/** Where there is nothing to offer, `-o default` offers files. */
function bashScript(root: CompletedCommand): string {
  const commands = flatten(root);
  const words = (texts: readonly string[]) => `COMPREPLY=($(compgen -W ${quote(texts.join(' '))} -- "$current"))`;
  const values = commands
    .flatMap(valueCases)
    .map(
      ({ patterns, choices }) =>
        `    ${patterns.join('|')}) ${choices.length === 0 ? '' : `${words(choices)}; `}return ;;`,
    );
  const names = commands.map(({ path, options, subcommands }) => {
    const flags = words(options.flatMap((option) => option.names));
    const below = subcommands.length === 0 ? ':' : words(subcommands.map(({ name }) => name));
    return `    ${quote(path)}) if [[ $current == -* ]]; then ${flags}; else ${below}; fi ;;`;
  });
  return `# bash completion of ${root.name}; to use it: source <(${root.name} completion bash)
_${root.name}() {
  local current="\${COMP_WORDS[COMP_CWORD]}" previous="\${COMP_WORDS[COMP_CWORD - 1]}" place='' word
  COMPREPLY=()
  for word in "\${COMP_WORDS[@]:1:COMP_CWORD - 1}"; do
    case "$place/$word" in
      ${paths(commands)}) place="$place/$word" ;;
    esac
  done
  case "$place $previous" in
${values.join('\n')}
  esac
  case "$place" in
${names.join('\n')}
  esac
}
complete -o default -F _${root.name} ${root.name}
`;
}

function zshScript(root: CompletedCommand): string {
  const commands = flatten(root);
  const described = (name: string, description: string) =>
    quote(`${name.replaceAll(':', String.raw`\:`)}:${description}`);
  const describeOption = ({ names, description }: CompletedOption) => names.map((name) => described(name, description));
  const values = commands
    .flatMap(valueCases)
    .map(
      ({ patterns, choices }) =>
        `    (${patterns.join('|')}) ${choices.length === 0 ? '_files' : `compadd -- ${choices.map(quote).join(' ')}`}; return ;;`,
    );
  const names = commands.map(
    ({ path, options, subcommands }) => `    (${quote(path)})
      flags=(${options.flatMap(describeOption).join(' ')})
      below=(${subcommands.map(({ name, description }) => described(name, description)).join(' ')}) ;;`,
  );
  return `#compdef ${root.name}
# zsh completion of ${root.name}; to use it: source <(${root.name} completion zsh)
_${root.name}() {
  local place='' word
  local -a flags below
  for word in "\${(@)words[2,CURRENT - 1]}"; do
    case "$place/$word" in
      (${paths(commands)}) place="$place/$word" ;;
    esac
  done
  case "$place \${words[CURRENT - 1]}" in
${values.join('\n')}
  esac
  case "$place" in
${names.join('\n')}
  esac
  if [[ \${words[CURRENT]} == -* ]]; then
    _describe -o option flags
  elif (( $#below )); then
    _describe command below
  else
    _files
  fi
}
compdef _${root.name} ${root.name}
`;
}

function fishScript(root: CompletedCommand): string {
  const commands = flatten(root);
  const at = (path: string) => `complete -c ${root.name} -n "__${root.name}_at ${quoteForFish(path)}"`;
  const flag = (name: string) => (name.startsWith('--') ? `-l ${name.slice(2)}` : `-s ${name.slice(1)}`);
  const value = ({ takesValue, choices }: CompletedOption) => {
    if (!takesValue) return '';
    return choices.length === 0 ? ' -r -F' : ` -x -a ${quoteForFish(choices.join(' '))}`;
  };
  const lines = commands.flatMap(({ path, options, subcommands }) => [
    ...subcommands.map(
      ({ name, description }) => `${at(path)} -f -a ${quoteForFish(name)} -d ${quoteForFish(description)}`,
    ),
    ...options.map(
      (option) =>
        `${at(path)} ${option.names.map(flag).join(' ')}${value(option)} -d ${quoteForFish(option.description)}`,
    ),
  ]);
  return `# fish completion of ${root.name}; to use it: ${root.name} completion fish | source
function __${root.name}_at
  set -l place ''
  for word in (commandline -opc)[2..-1]
    switch "$place/$word"
      case ${commands.flatMap(({ path }) => (path === '' ? [] : [quoteForFish(path)])).join(' ')}
        set place "$place/$word"
    end
  end
  test "$place" = "$argv[1]"
end
${lines.join('\n')}
`;
}

/** A script that completes the command in a shell; it never runs the command. */
export function completionScript(root: CompletedCommand, shell: CompletionShell): string {
  switch (shell) {
    case 'bash':
      return bashScript(root);
    case 'zsh':
      return zshScript(root);
    case 'fish':
      return fishScript(root);
  }
}
