import { type RefObject, useLayoutEffect, useRef } from 'react';

export interface KeptFocus {
  /** For the button that opens the dialog. */
  readonly trigger: RefObject<HTMLButtonElement | null>;
  /** To be called when the dialog is about to open, and when it is wholly gone. */
  readonly onOpen: () => void;
  readonly onGone: () => void;
}

function focusView(): void {
  document.getElementById('main')?.focus({ preventScroll: true });
}

/** Whether nothing has the focus, or what has it goes away with its dialog. */
function isFocusLost(): boolean {
  const { activeElement } = document;
  return activeElement === null || activeElement === document.body || activeElement.closest('[role=dialog]') !== null;
}

/**
 * Keeps the focus in the view. A button that is disabled or leaves, with or without its dialog, takes the focus with it: when it
 * does depends on what is read anew, and the dialog gives the focus back to the button by a timer. In whatever order they come,
 * who uses the keyboard goes on in the view.
 */
export function useKeptFocus(isDisabled: boolean): KeptFocus {
  const trigger = useRef<HTMLButtonElement>(null);
  const isDialogThere = useRef(false);
  useLayoutEffect(() => {
    const button = trigger.current;
    // Is called before the button leaves or is disabled: it still has the focus then.
    return () => {
      if (button !== null && document.activeElement === button) focusView();
    };
  }, [isDisabled]);
  useLayoutEffect(
    () => () => {
      if (isDialogThere.current && isFocusLost()) focusView();
    },
    [],
  );
  return {
    trigger,
    onOpen: () => {
      isDialogThere.current = true;
    },
    onGone: () => {
      isDialogThere.current = false;
      if (isFocusLost()) focusView();
    },
  };
}
