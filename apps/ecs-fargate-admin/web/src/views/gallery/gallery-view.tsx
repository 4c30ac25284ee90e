import { galleryPageSchema, type GalleryPage } from '@afterimage/admin-schemas';
import { Image, Paper, SimpleGrid, Text, UnstyledButton } from '@mantine/core';
import { getRouteApi, Link } from '@tanstack/react-router';
import { FilterForm } from '../../parts/filter-form.tsx';
import { PageHead } from '../../parts/page-head.tsx';
import { Pages } from '../../parts/pages.tsx';
import { usePages } from '../../parts/use-pages.ts';

const route = getRouteApi('/gallery');
const PAGE = 24;
const FILTERS = [
  { name: 'tenantId', label: 'Tenant' },
  { name: 'model', label: 'Model' },
] as const;

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
  const { query, items } = usePages(galleryPageSchema, '/gallery', { query: { ...filters, limit: PAGE } });
  return (
    <>
      <PageHead title="Gallery" description="The newest pictures." />
      <FilterForm fields={FILTERS} values={filters} onFilter={(search) => void navigate({ search, replace: true })} />
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
