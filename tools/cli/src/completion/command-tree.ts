import type { Command } from 'commander';

export interface CompletedOption {
  /** As they are typed: `-n`, `--images`. */
  readonly names: readonly string[];
  readonly description: string;
  readonly takesValue: boolean;
  /** Of the value, where there are few. */
  readonly choices: readonly string[];
}

/** A command as completion sees it. */
export interface CompletedCommand {
  /** `/jobs/ls`; empty for the program. */
  readonly path: string;
  readonly name: string;
  readonly description: string;
  /** With those of the program, which every command takes. */
  readonly options: readonly CompletedOption[];
  readonly subcommands: readonly CompletedCommand[];
}

function optionsOf(command: Command): CompletedOption[] {
  return command
    .createHelp()
    .visibleOptions(command)
    .map(({ short, long, description, argChoices = [], required, optional }) => ({
      names: [short, long].filter((name) => name !== undefined),
      description,
      takesValue: required || optional,
      choices: argChoices,
    }));
}

/** What there is to complete below a command. */
export function toTree(command: Command, path = '', inherited: readonly CompletedOption[] = []): CompletedCommand {
  const own = optionsOf(command);
  const options = [...own, ...inherited.filter(({ names }) => own.every((each) => each.names.at(-1) !== names.at(-1)))];
  const subcommands = command
    .createHelp()
    .visibleCommands(command)
    .filter((each) => each.name() !== 'help')
    .map((each) => toTree(each, `${path}/${each.name()}`, path === '' ? own : inherited));
  return { path, name: command.name(), description: command.description(), options, subcommands };
}

/** The command with all that are below it. */
export function flatten(command: CompletedCommand): CompletedCommand[] {
  return [command, ...command.subcommands.flatMap(flatten)];
}
