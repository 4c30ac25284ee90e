import { keysSchema } from '@afterimage/admin-schemas';
import { type ApiKeyView, newApiKeySchema, scopeSchema } from '@afterimage/job-schemas';
import { Badge, Checkbox, Group, Paper, TextInput, Title } from '@mantine/core';
import { useState } from 'react';
import { act } from '../../api/client.ts';
import { useMay } from '../../app/session.ts';
import { ConfirmAct } from '../../parts/confirm-act.tsx';
import { KeyOnce } from '../../parts/key-once.tsx';
import { LiveQuery } from '../../parts/live-query.tsx';
import { Moment } from '../../parts/moment.tsx';
import { Rows } from '../../parts/rows.tsx';

const SCOPES = scopeSchema.options;
const DEFAULT_SCOPES = SCOPES.filter((scope) => scope !== 'admin');

function isRevoked({ revokedAt }: ApiKeyView): boolean {
  return revokedAt !== null && revokedAt <= new Date().toISOString();
}

function CreateKey({ path, onKey }: { readonly path: string; readonly onKey: (key: string) => void }) {
  const [name, setName] = useState('');
  const [scopes, setScopes] = useState<string[]>([...DEFAULT_SCOPES]);
  return (
    <ConfirmAct
      label="Create key"
      consequence="1 key will be created."
      fields={
        <>
          <TextInput label="Name" required value={name} onChange={(event) => setName(event.currentTarget.value)} />
          <Checkbox.Group label="Scopes" value={scopes} onChange={setScopes}>
            <Group gap="sm" mt={4}>
              {SCOPES.map((scope) => (
                <Checkbox key={scope} value={scope} label={scope} />
              ))}
            </Group>
          </Checkbox.Group>
        </>
      }
      act={async (reason) => onKey((await act(newApiKeySchema, `${path}/keys`, { name, scopes, reason })).key)}
    />
  );
}

interface KeyActsProps {
  readonly path: string;
  readonly apiKey: ApiKeyView;
  readonly onKey: (key: string) => void;
}

function KeyActs({ path, apiKey, onKey }: KeyActsProps) {
  const { id, name } = apiKey;
  if (isRevoked(apiKey)) return null;
  return (
    <Group gap="xs" wrap="nowrap">
      <ConfirmAct
        label={`Rotate ${name}`}
        shortLabel="Rotate"
        consequence="1 new key takes its place. The old one works on for a while."
        act={async (reason) => onKey((await act(newApiKeySchema, `${path}/keys/${id}/rotate`, { reason })).key)}
      />
      <ConfirmAct
        label={`Revoke ${name}`}
        shortLabel="Revoke"
        consequence="1 key stops working within a minute."
        isDangerous
        act={(reason) => act(keysSchema.shape.data.element, `${path}/keys/${id}/revoke`, { reason })}
      />
    </Group>
  );
}

/** The keys of a tenant. */
export function TenantKeys({ path }: { readonly path: string }) {
  const [newKey, setNewKey] = useState<string>();
  const mayChange = useMay('admin');
  return (
    <Paper withBorder p="sm">
      <Group justify="space-between" mb="xs">
        <Title order={3} size="h5">
          Keys
        </Title>
        {mayChange && <CreateKey path={path} onKey={setNewKey} />}
      </Group>
      {newKey !== undefined && <KeyOnce apiKey={newKey} onClose={() => setNewKey(undefined)} />}
      <LiveQuery schema={keysSchema} path={`${path}/keys`}>
        {({ data }) => (
          <Rows
            label="Keys"
            heads={['Name', 'Id', 'Scopes', 'Created', 'Ends', '']}
            rows={data.map((apiKey) => ({
              id: apiKey.id,
              cells: [
                apiKey.name,
                apiKey.id,
                apiKey.scopes.join(', '),
                <Moment key="created" at={apiKey.createdAt} />,
                <Group key="ends" gap="xs" wrap="nowrap">
                  <Moment at={apiKey.revokedAt} />
                  {isRevoked(apiKey) && (
                    <Badge color="red" variant="light" tt="none">
                      revoked
                    </Badge>
                  )}
                </Group>,
                mayChange && <KeyActs key="acts" path={path} apiKey={apiKey} onKey={setNewKey} />,
              ],
            }))}
          />
        )}
      </LiveQuery>
    </Paper>
  );
}
