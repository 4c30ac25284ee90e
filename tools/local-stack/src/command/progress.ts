import cliProgress from 'cli-progress';

/** Shows how far one job is. */
export interface ProgressView {
  /** @param fraction 0 to 1 */
  show(status: string, fraction: number): void;
  end(): void;
}

function barView(): ProgressView {
  const bar = new cliProgress.SingleBar(
    { format: '  {bar} {percentage}%  {status}', hideCursor: true, clearOnComplete: false, gracefulExit: false },
    cliProgress.Presets.shades_classic,
  );
  bar.start(100, 0, { status: 'queued' });
  return {
    show: (status, fraction) => bar.update(Math.round(fraction * 100), { status }),
    end: () => bar.stop(),
  };
}

function lineView(print: (line: string) => void): ProgressView {
  let last = '';
  return {
    show: (status, fraction) => {
      const line = `  ${status} ${Math.floor(fraction * 10) * 10}%`;
      if (line !== last) print(line);
      last = line;
    },
    end: () => {},
  };
}

/** A bar on a terminal; elsewhere a line for each change of the status and each tenth. */
export function makeProgressView(isTerminal: boolean, print: (line: string) => void): ProgressView {
  return isTerminal ? barView() : lineView(print);
}
