import type { AdminJob } from '@afterimage/admin-schemas';
import { Anchor, Image, Paper, Progress, SimpleGrid, Stack, Text } from '@mantine/core';
import { formatBytes } from '../../parts/format.ts';

const TALLEST = 512;
const PARAMETERS: ReadonlySet<string> = new Set(['steps', 'guidance', 'sampler', 'strength', 'scale']);

/** The parameters that make the difference between two pictures of one prompt. */
function parametersOf({ input }: AdminJob): string {
  return Object.entries(input)
    .filter(([name]) => PARAMETERS.has(name))
    .map(([name, value]) => `${name} ${String(value)}`)
    .join(', ');
}

function Output({ job, output }: { readonly job: AdminJob; readonly output: AdminJob['outputs'][number] }) {
  const { index, url, width, height, bytes, seed, state } = output;
  const about = `${width} × ${height}, ${formatBytes(bytes)}${seed === null ? '' : `, seed ${seed}`}`;
  return (
    <Paper withBorder p="xs">
      {url === null ? (
        <Text size="sm">The file is {state}.</Text>
      ) : (
        <Anchor
          href={url}
          target="_blank"
          rel="noreferrer"
          display="block"
          aria-label={`Output ${index} of ${job.id}, in full size`}
        >
          <Image src={url} alt={`Output ${index} of ${job.id}`} fit="contain" mah={TALLEST} />
        </Anchor>
      )}
      <Text size="xs" c="dimmed" mt={4}>
        {about}
      </Text>
      <Text size="xs" c="dimmed">
        {parametersOf(job)}
      </Text>
    </Paper>
  );
}

function Underway({ job, progress }: { readonly job: AdminJob; readonly progress: NonNullable<AdminJob['progress']> }) {
  const percent = Math.round(progress.fraction * 100);
  return (
    <Stack gap={4}>
      <Progress value={percent} aria-label="Progress" />
      <Text size="sm">
        {job.phase ?? 'running'}: {percent} %, step {progress.step} of {progress.steps}, image {progress.image} of{' '}
        {progress.images}
      </Text>
      {progress.previewUrl !== null && (
        <Image src={progress.previewUrl} alt={`Preview of ${job.id}`} fit="contain" mah={TALLEST} />
      )}
    </Stack>
  );
}

/** The images of a job, or how far it is. */
export function JobOutputs({ job }: { readonly job: AdminJob }) {
  const { outputs, progress, status } = job;
  if (outputs.length === 0) {
    return progress !== null && status === 'running' ? <Underway job={job} progress={progress} /> : null;
  }
  return (
    <SimpleGrid cols={{ base: 1, sm: Math.min(2, outputs.length), lg: Math.min(4, outputs.length) }}>
      {outputs.map((output) => (
        <Output key={output.index} job={job} output={output} />
      ))}
    </SimpleGrid>
  );
}
