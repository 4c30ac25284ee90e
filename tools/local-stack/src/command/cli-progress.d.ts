// The part of cli-progress that progress.ts uses; the package has no types of its own.
declare module 'cli-progress' {
  export interface BarOptions {
    readonly format: string;
    readonly hideCursor: boolean;
    readonly clearOnComplete: boolean;
    readonly gracefulExit: boolean;
  }

  export interface Preset {
    readonly barCompleteChar: string;
    readonly barIncompleteChar: string;
  }

  export class SingleBar {
    constructor(options: BarOptions, preset: Preset);
    start(total: number, startValue: number, payload: Readonly<Record<string, string>>): void;
    update(value: number, payload: Readonly<Record<string, string>>): void;
    stop(): void;
  }

  const cliProgress: {
    readonly SingleBar: typeof SingleBar;
    readonly Presets: { readonly shades_classic: Preset };
  };
  export default cliProgress;
}
