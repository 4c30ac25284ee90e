/** The body of an SD WebUI request as clients of the guidance write it. */
export type Content = Readonly<Record<string, unknown>>;

/** What the guidance's clients put among the scripts to have the request routed; none of them is a script. */
const ROUTING: ReadonlySet<string> = new Set([
  'task',
  'id_task',
  'uid',
  'save_dir',
  'sd_model_checkpoint',
  'sd_vae',
  'image_link',
  'override_settings',
]);

function asObject(value: unknown): Content | undefined {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? { ...value } : undefined;
}

function named(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}

/** Options put over each other; one that is no object is left for the check of the body to refuse. */
function merged(options: readonly unknown[]): unknown {
  const given = options.filter((each) => each !== undefined && each !== null);
  return given.find((each) => asObject(each) === undefined) ?? Object.assign({}, ...given);
}

/** The body without its routing, and the checkpoint that it asks for. */
export interface RoutedContent {
  readonly body: Content;
  readonly checkpoint: string | undefined;
}

/**
 * Takes the routing out of the scripts and puts what it says where SD WebUI expects it, as the guidance's agent does. Real
 * scripts stay, for the check of the body to refuse.
 */
export function withoutRouting(content: Content): RoutedContent {
  const { alwayson_scripts: given, override_settings: settings, ...rest } = content;
  const scripts = asObject(given);
  if (scripts === undefined) return checkpointTaken({ ...rest, alwayson_scripts: given }, settings);
  const { override_settings: routed, sd_vae: vae, image_link: link, sd_model_checkpoint: checkpoint } = scripts;
  const left = Object.fromEntries(Object.entries(scripts).filter(([name]) => !ROUTING.has(name)));
  const all = merged([settings, routed, named(vae) === undefined ? undefined : { sd_vae: vae }]);
  const body = { ...rest, alwayson_scripts: left, ...(named(link) === undefined ? {} : { init_images: [link] }) };
  const taken = checkpointTaken(body, all);
  return { ...taken, checkpoint: named(checkpoint) ?? taken.checkpoint };
}

function checkpointTaken(body: Content, settings: unknown): RoutedContent {
  const overrides = asObject(settings);
  if (overrides === undefined) {
    return { body: settings === undefined ? body : { ...body, override_settings: settings }, checkpoint: undefined };
  }
  const { sd_model_checkpoint: checkpoint, ...left } = overrides;
  const isEmpty = Object.keys(left).length === 0;
  return { body: isEmpty ? body : { ...body, override_settings: left }, checkpoint: named(checkpoint) };
}
