import { galleryPageSchema, type GalleryPage } from '@afterimage/admin-schemas';
import { Button, Group, Image, Paper, SimpleGrid, Text, TextInput, UnstyledButton } from '@mantine/core';
import { useInfiniteQuery } from '@tanstack/react-query';
import { getRouteApi, Link } from '@tanstack/react-router';
import { read } from '../../api/client.ts';
import { PageHead } from '../../parts/page-head.tsx';
import { Pages } from '../../parts/pages.tsx';

const route = getRouteApi('/gallery');
const PAGE = 24;

function Picture({ item }: { readonly item: GalleryPage['data'][number] }) {
  const { jobId, tenantId, model, prompt, output } = item;
  return (
    <Paper withBorder p={4}>
      <UnstyledButton
        display="block"
        renderRoot={(props) => <Link to="/jobs/$id" params={{ id: jobId }} {...props} />}
        aria-label={`Job ${jobId}`}
      >
        <Image
          src={output.thumbnailUrl ?? output.url}
          alt={`Output ${output.index} of ${jobId}`}
          h={200}
          loading="lazy"
        />
      </UnstyledButton>
      <Text size="xs" lineClamp={2} title={prompt ?? undefined}>
        {prompt ?? 'no prompt'}
      </Text>
      <Text size="xs" c="dimmed" truncate>
        {tenantId} · {model}
      </Text>
    </Paper>
  );
}

/** The newest pictures of every tenant. */
export function GalleryView() {
  const filters = route.useSearch();
  const navigate = route.useNavigate();
  const query = useInfiniteQuery({
    queryKey: ['gallery', filters],
    queryFn: ({ pageParam, signal }) =>
      read(galleryPageSchema, '/gallery', {
        query: { ...filters, limit: PAGE, cursor: pageParam ?? undefined },
        signal,
      }),
    initialPageParam: null as string | null,
    getNextPageParam: ({ nextCursor }) => nextCursor,
  });
  const items = query.data?.pages.flatMap(({ data }) => data) ?? [];
  return (
    <>
      <PageHead title="Gallery" description="The newest pictures." />
      <form
        aria-label="Filters"
        key={JSON.stringify(filters)}
        onSubmit={(event) => {
          event.preventDefault();
          const given = new FormData(event.currentTarget);
          const search = Object.fromEntries([...given].filter(([, value]) => value !== ''));
          void navigate({ search, replace: true });
        }}
      >
        <Group align="flex-end" gap="sm" mb="md">
          <TextInput name="tenantId" label="Tenant" defaultValue={filters.tenantId ?? ''} />
          <TextInput name="model" label="Model" defaultValue={filters.model ?? ''} />
          <Button type="submit" variant="light">
            Filter
          </Button>
        </Group>
      </form>
      <Pages query={query} isEmpty={items.length === 0} empty="No picture matches.">
        <SimpleGrid cols={{ base: 2, sm: 3, md: 4, lg: 6 }}>
          {items.map((item) => (
            <Picture key={`${item.jobId}/${item.output.index}`} item={item} />
          ))}
        </SimpleGrid>
      </Pages>
    </>
  );
}
