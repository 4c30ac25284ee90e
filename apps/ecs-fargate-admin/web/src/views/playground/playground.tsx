import { type AdminJob, adminJobSchema } from '@afterimage/admin-schemas';
import type { ModelDetail, Task } from '@afterimage/job-schemas';
import { NativeSelect, Paper, SimpleGrid, Stack, Text, TextInput } from '@mantine/core';
import { useState } from 'react';
import { act } from '../../api/client.ts';
import { useMay } from '../../app/session.ts';
import { ConfirmAct } from '../../parts/confirm-act.tsx';
import { fieldsOf } from './field-schema.ts';
import { InputField } from './input-field.tsx';
import { RecentJobs } from './recent-jobs.tsx';

export interface PlaygroundProps {
  readonly models: readonly ModelDetail[];
  /** Id of the model to begin with. */
  readonly first: string | undefined;
  /** The job whose input to begin with. */
  readonly copied: AdminJob | undefined;
}

/** The form of a model's task, and what came of the last ones. */
export function Playground({ models, first, copied }: PlaygroundProps) {
  const [modelId, setModelId] = useState(copied?.model ?? first ?? models[0]?.id ?? '');
  const [task, setTask] = useState<Task | undefined>(copied?.task);
  const [tenantId, setTenantId] = useState(copied?.tenantId ?? '');
  const [input, setInput] = useState<Readonly<Record<string, unknown>>>(copied?.input ?? {});
  const [jobIds, setJobIds] = useState<readonly string[]>([]);
  const maySubmit = useMay('operator');
  const model = models.find(({ id }) => id === modelId) ?? models[0];
  if (model === undefined) return <Text>No pool serves a model.</Text>;
  const asked = task !== undefined && model.tasks.includes(task) ? task : model.tasks[0];
  const fields = asked === undefined ? [] : fieldsOf(model.inputSchemas[asked]);
  // A field of another task is no field of this one.
  const given = Object.fromEntries(
    fields.flatMap(({ name }) => (input[name] === undefined ? [] : [[name, input[name]]])),
  );
  const isComplete = tenantId !== '' && fields.every(({ name, isRequired }) => !isRequired || name in given);
  return (
    <SimpleGrid cols={{ base: 1, md: 2 }}>
      <Paper withBorder p="sm">
        <Stack gap="sm">
          <TextInput
            label="Tenant"
            required
            value={tenantId}
            onChange={(event) => setTenantId(event.currentTarget.value)}
          />
          <NativeSelect
            label="Model"
            data={models.map(({ id }) => id)}
            value={model.id}
            onChange={(event) => setModelId(event.currentTarget.value)}
          />
          <NativeSelect
            label="Task"
            data={model.tasks}
            value={asked ?? ''}
            onChange={(event) => setTask(model.tasks.find((each) => each === event.currentTarget.value))}
          />
          {fields.map((field) => (
            <InputField
              key={field.name}
              field={field}
              value={input[field.name]}
              onChange={(value) => setInput({ ...input, [field.name]: value })}
            />
          ))}
          <ConfirmAct
            label="Submit job"
            consequence={`1 job will be submitted for ${tenantId}, and counts as its own.`}
            isDisabled={!isComplete || !maySubmit}
            act={async (reason) => {
              const job = { model: model.id, task: asked, input: given };
              const submitted = await act(adminJobSchema, '/jobs', { tenantId, job, reason });
              setJobIds([submitted.id, ...jobIds]);
            }}
          />
        </Stack>
      </Paper>
      <RecentJobs ids={jobIds} />
    </SimpleGrid>
  );
}
