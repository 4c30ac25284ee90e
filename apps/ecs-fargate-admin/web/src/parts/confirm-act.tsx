import { Button, Group, Modal, Stack, Text, Textarea } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { type ReactNode, useId, useRef, useState } from 'react';
import { Failure } from './failure.tsx';
import { useNotice } from './notice.tsx';
import { useKeptFocus } from './use-kept-focus.ts';

export interface ConfirmActProps {
  /** On the button, and what will be done: `Cancel job`. */
  readonly label: string;
  /** Fewer words for the button, where its row or group says the rest; they must be in the label. */
  readonly shortLabel?: string;
  /** One sentence with the exact count: `3 jobs will be canceled.` */
  readonly consequence: string;
  readonly isDangerous?: boolean;
  readonly isDisabled?: boolean;
  /** What else is asked for, above the reason. */
  readonly fields?: ReactNode;
  /** Does it. What it rejects with is shown, and nothing is lost of what was typed. */
  readonly act: (reason: string) => Promise<unknown>;
  readonly onDone?: () => void;
}

const MIN_REASON = 3;

/** A button for an act that changes something: it names what will be done to how many, and asks for the reason. */
export function ConfirmAct(props: ConfirmActProps) {
  const { label, shortLabel, consequence, isDangerous = false, isDisabled = false, fields, act, onDone } = props;
  const [isOpen, setOpen] = useState(false);
  const [reason, setReason] = useState('');
  const queries = useQueryClient();
  const notice = useNotice();
  const formId = useId();
  const reasonField = useRef<HTMLTextAreaElement>(null);
  const focus = useKeptFocus(isDisabled);
  const mutation = useMutation({
    mutationFn: () => act(reason.trim()),
    onSuccess: async () => {
      setOpen(false);
      setReason('');
      notice(`${label}: done.`);
      await queries.invalidateQueries();
      onDone?.();
    },
    // The button of the form had the focus, and lost it while it could not be pressed.
    onError: () => reasonField.current?.focus(),
  });
  function open(): void {
    focus.onOpen();
    setOpen(true);
  }
  function close(): void {
    setOpen(false);
    mutation.reset();
  }
  return (
    <>
      <Button
        ref={focus.trigger}
        size="xs"
        variant="light"
        color={isDangerous ? 'red' : 'indigo'}
        disabled={isDisabled}
        onClick={open}
        aria-label={shortLabel === undefined ? undefined : label}
      >
        {shortLabel ?? label}
      </Button>
      <Modal
        opened={isOpen}
        onClose={close}
        onExitTransitionEnd={focus.onGone}
        title={label}
        closeButtonProps={{ 'aria-label': 'Close' }}
        // Its header is no banner of the page.
        attributes={{ header: { role: 'presentation' } }}
      >
        <form
          id={formId}
          onSubmit={(event) => {
            event.preventDefault();
            mutation.mutate();
          }}
        >
          <Stack>
            <Text>{consequence}</Text>
            {fields}
            <Textarea
              ref={reasonField}
              label="Reason"
              description="Goes into the audit log."
              required
              data-autofocus
              autosize
              minRows={2}
              maxLength={500}
              value={reason}
              onChange={(event) => setReason(event.currentTarget.value)}
            />
            {mutation.isError && <Failure error={mutation.error} />}
            <Group justify="flex-end">
              <Button variant="default" onClick={close}>
                Keep as it is
              </Button>
              <Button
                type="submit"
                color={isDangerous ? 'red' : 'indigo'}
                loading={mutation.isPending}
                disabled={reason.trim().length < MIN_REASON}
              >
                {label}
              </Button>
            </Group>
          </Stack>
        </form>
      </Modal>
    </>
  );
}
