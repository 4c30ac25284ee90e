import type { CellSize } from './encode.ts';
import { choosePreview, type ChooseOptions, type PreviewProtocol } from './protocol.ts';
import { renderPreview } from './render.ts';

/** The picture in a file as text for the terminal; undefined where there is none to be shown. */
export type Preview = (file: string, pictures: number) => Promise<string | undefined>;

const LARGEST: CellSize = { columns: 80, rows: 24 };
/** Several pictures share a screen. */
const LARGEST_OF_MANY: CellSize = { columns: 40, rows: 12 };

/** Previews of pictures for one terminal, which is asked at most once and when the first picture is there. */
export function makePreview(
  options: ChooseOptions & { readonly stdout: { readonly columns?: number; readonly rows?: number } },
): Preview {
  const { stdout } = options;
  let chosen: Promise<PreviewProtocol | undefined> | undefined;

  return async function preview(file, pictures) {
    chosen ??= choosePreview(options);
    const protocol = await chosen;
    if (protocol === undefined) return undefined;
    const largest = pictures > 1 ? LARGEST_OF_MANY : LARGEST;
    const room: CellSize = {
      columns: Math.max(1, Math.min(largest.columns, (stdout.columns ?? Infinity) - 1)),
      rows: Math.max(1, Math.min(largest.rows, (stdout.rows ?? Infinity) - 2)),
    };
    return renderPreview(file, protocol, room);
  };
}
