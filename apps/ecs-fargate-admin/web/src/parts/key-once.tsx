import { Alert, Code, Group, Text } from '@mantine/core';
import { CopyText } from './copy-text.tsx';

/** A new API key, shown this once: it is in no store that could show it again. */
export function KeyOnce({ apiKey, onClose }: { readonly apiKey: string; readonly onClose: () => void }) {
  return (
    <Alert
      color="green"
      title="The new key"
      withCloseButton
      closeButtonLabel="Close"
      onClose={onClose}
      role="status"
      mb="sm"
    >
      <Text size="sm">Copy it now: it cannot be shown again.</Text>
      <Group gap="xs" mt="xs">
        <Code style={{ overflowWrap: 'anywhere' }}>{apiKey}</Code>
        <CopyText label="Copy key" text={apiKey} />
      </Group>
    </Alert>
  );
}
