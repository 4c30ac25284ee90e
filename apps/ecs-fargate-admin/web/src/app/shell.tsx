import {
  ActionIcon,
  AppShell,
  Badge,
  Burger,
  Group,
  NavLink,
  ScrollArea,
  Text,
  Title,
  useMantineColorScheme,
} from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { Link, Outlet, useLocation } from '@tanstack/react-router';
import { Suspense, useEffect } from 'react';
import { Loading } from '../parts/loading.tsx';
import { NoticeProvider } from '../parts/notice.tsx';
import { useSession } from './session.ts';
import { VIEWS } from './views.ts';

const NAVIGATION_WIDTH = 200;
const HEADER_HEIGHT = 52;

function SchemeToggle() {
  const { colorScheme, setColorScheme } = useMantineColorScheme();
  const next = { auto: 'dark', dark: 'light', light: 'auto' } as const;
  const signs = { auto: '◐', dark: '●', light: '○' } as const;
  return (
    <ActionIcon
      variant="default"
      aria-label={`Colours: ${colorScheme}. Change to ${next[colorScheme]}`}
      onClick={() => setColorScheme(next[colorScheme])}
    >
      {signs[colorScheme]}
    </ActionIcon>
  );
}

function isCurrent(path: string, pathname: string): boolean {
  return path === '/' ? pathname === '/' : pathname === path || pathname.startsWith(`${path}/`);
}

/** The frame of every view: who is signed in where, and the menu. */
export function Shell() {
  const { operator, stage } = useSession();
  const { pathname } = useLocation();
  const [isOpen, { toggle, close }] = useDisclosure(false);
  useEffect(close, [pathname, close]);
  return (
    <AppShell
      header={{ height: HEADER_HEIGHT }}
      navbar={{ width: NAVIGATION_WIDTH, breakpoint: 'sm', collapsed: { mobile: !isOpen } }}
      padding="md"
    >
      <a className="skip-link" href="#main">
        Skip to the content
      </a>
      <AppShell.Header>
        <Group h="100%" px="md" justify="space-between" wrap="nowrap">
          <Group gap="sm" wrap="nowrap">
            <Burger opened={isOpen} onClick={toggle} hiddenFrom="sm" size="sm" aria-label="Menu" />
            <Title order={1} size="h4">
              Afterimage
            </Title>
            <Badge variant="outline" tt="none">
              {stage}
            </Badge>
          </Group>
          <Group gap="sm" wrap="nowrap">
            <Text size="sm" truncate visibleFrom="xs">
              {operator.name} ({operator.role})
            </Text>
            <SchemeToggle />
          </Group>
        </Group>
      </AppShell.Header>
      <AppShell.Navbar p="xs" aria-label="Views">
        <ScrollArea>
          {VIEWS.map(({ path, label }) => (
            <NavLink
              key={path}
              renderRoot={(props) => <Link to={path} {...props} />}
              label={label}
              active={isCurrent(path, pathname)}
              aria-current={isCurrent(path, pathname) ? 'page' : undefined}
            />
          ))}
        </ScrollArea>
      </AppShell.Navbar>
      <AppShell.Main id="main" tabIndex={-1}>
        <NoticeProvider>
          <Suspense fallback={<Loading />}>
            <Outlet />
          </Suspense>
        </NoticeProvider>
      </AppShell.Main>
    </AppShell>
  );
}
