import { Argument, type Command } from 'commander';
import { doctor } from './commands/doctor.ts';
import { login } from './commands/login.ts';
import { logout } from './commands/logout.ts';
import { toTree } from './completion/command-tree.ts';
import { COMPLETION_SHELLS, completionScript, type CompletionShell } from './completion/scripts.ts';
import { EXIT } from './exit-codes.ts';
import type { ShellAction } from './session.ts';

const LOGIN_HELP = `
What --api-url and --api-key do not say is asked for on the terminal; elsewhere
the key is read from standard input. It is stored for you alone, as the profile
"default" unless --profile has another name.

Examples:
  afterimage login --api-url https://images.example.com
  afterimage login --api-url https://images.example.com --profile prod < key.txt`;

const LOGOUT_HELP = `
The profile is "default" unless --profile has another name. The key works on,
here and elsewhere; "afterimage keys revoke" ends it for good.`;

const DOCTOR_HELP = `
Exit codes: 0 nothing has failed; 1 a check has failed. A warning does not count as a failure.`;

const COMPLETION_HELP = `
To use it in this shell, or from its startup file on:
  bash  source <(afterimage completion bash)
  zsh   source <(afterimage completion zsh)      (after compinit)
  fish  afterimage completion fish | source`;

/** Adds the commands that work without an API: `login`, `logout`, `doctor` and `completion`. */
export function addSetup(program: Command, action: ShellAction): void {
  program
    .command('login')
    .description('store the address and the key of an API, when it takes the key')
    .addHelpText('after', LOGIN_HELP)
    .action((_options: object, command: Command) => action(login, command));
  program
    .command('logout')
    .description('forget the address and the key that "login" has stored')
    .addHelpText('after', LOGOUT_HELP)
    .action((_options: object, command: Command) => action(logout, command));
  program
    .command('doctor')
    .description('check what stands between this machine and images')
    .addHelpText('after', DOCTOR_HELP)
    .action((_options: object, command: Command) => action(doctor, command));
  program
    .command('completion')
    .description('print a script that completes this command in a shell')
    .addArgument(new Argument('<shell>', 'shell').choices(COMPLETION_SHELLS))
    .addHelpText('after', COMPLETION_HELP)
    .action((shell: CompletionShell, _options: object, command: Command) =>
      action(async ({ dependencies }) => {
        dependencies.stdout.write(completionScript(toTree(program), shell));
        return EXIT.ok;
      }, command),
    );
}
