// The part of cli-progress that src/output/progress.ts uses; the package has no types of its own.
declare module 'cli-progress' {
  export interface BarOptions<Payload extends object> {
    readonly stream: NodeJS.WritableStream;
    readonly format: (
      options: object,
      params: { readonly progress: number; readonly maxWidth: number },
      payload: Payload,
    ) => string;
    readonly linewrap: boolean;
    readonly gracefulExit: boolean;
    readonly emptyOnZero: boolean;
    readonly forceRedraw: boolean;
  }

  export interface Bar<Payload extends object> {
    update(value: number, payload: Payload): void;
  }

  export class MultiBar<Payload extends object> {
    constructor(options: BarOptions<Payload>);
    create(total: number, startValue: number, payload: Payload): Bar<Payload>;
    log(text: string): void;
    update(): void;
    stop(): void;
  }

  const cliProgress: { readonly MultiBar: typeof MultiBar };
  export default cliProgress;
}
