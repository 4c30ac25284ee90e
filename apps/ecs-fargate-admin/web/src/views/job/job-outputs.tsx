import type { AdminJob } from '@afterimage/admin-schemas';
import { Anchor, Image, Paper, Progress, SimpleGrid, Stack, Text } from '@mantine/core';
import { formatBytes } from '../../parts/format.ts';

function Output({ job, output }: { readonly job: AdminJob; readonly output: AdminJob['outputs'][number] }) {
  const { index, url, width, height, bytes, seed, state } = output;
  const about = `${width} × ${height}, ${formatBytes(bytes)}${seed === null ? '' : `, seed ${seed}`}`;
  return (
    <Paper withBorder p="xs">
      {url === null ? (
        <Text size="sm">The file is {state}.</Text>
      ) : (
        <Anchor href={url} target="_blank" rel="noreferrer" aria-label={`Output ${index} of ${job.id}, in full size`}>
          <Image src={url} alt={`Output ${index} of ${job.id}`} fit="contain" mah={512} />
        </Anchor>
      )}
      <Text size="xs" c="dimmed" mt={4}>
        {about}
      </Text>
    </Paper>
  );
}

/** The images of a job, or how far it is. */
export function JobOutputs({ job }: { readonly job: AdminJob }) {
  const { outputs, progress, status } = job;
  if (outputs.length === 0 && progress !== null && status === 'running') {
    const percent = Math.round(progress.fraction * 100);
    return (
      <Stack gap={4}>
        <Progress value={percent} aria-label="Progress" />
        <Text size="sm">
          {job.phase ?? 'running'}: {percent} %, step {progress.step} of {progress.steps}, image {progress.image} of{' '}
          {progress.images}
        </Text>
      </Stack>
    );
  }
  if (outputs.length === 0) return null;
  return (
    <SimpleGrid cols={{ base: 1, sm: Math.min(2, outputs.length), lg: Math.min(4, outputs.length) }}>
      {outputs.map((output) => (
        <Output key={output.index} job={job} output={output} />
      ))}
    </SimpleGrid>
  );
}
