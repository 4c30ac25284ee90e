import { Affix, Notification } from '@mantine/core';
import { createContext, type ReactNode, useContext, useState } from 'react';

const NoticeContext = createContext<(text: string) => void>(() => undefined);

/** Tells in one sentence what came of an act; it outlives the button that began it. */
export function useNotice(): (text: string) => void {
  return useContext(NoticeContext);
}

/** Holds the last notice, in a corner of the screen and for those who do not see it. */
export function NoticeProvider({ children }: { readonly children: ReactNode }) {
  const [text, setText] = useState('');
  return (
    <NoticeContext value={setText}>
      {children}
      <Affix position={{ bottom: 16, right: 16 }} role="status" aria-live="polite">
        {text !== '' && (
          <Notification
            color="green"
            withBorder
            onClose={() => setText('')}
            closeButtonProps={{ 'aria-label': 'Close the notice' }}
          >
            {text}
          </Notification>
        )}
      </Affix>
    </NoticeContext>
  );
}
