import type { Problem } from '@afterimage/job-schemas';
import { html } from 'hono/html';

/** What a browser shows to somebody who may not see the console: why, and a way to go on. No script runs in it. */
export function refusalPage({ title, detail, requestId }: Problem) {
  return html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width" />
        <title>${title} – Afterimage</title>
        <style>
          :root {
            color-scheme: light dark;
          }
          body {
            font-family: system-ui, sans-serif;
            margin: 15vh auto 0;
            max-width: 32rem;
            padding: 0 1rem;
          }
        </style>
      </head>
      <body>
        <main>
          <h1>${title}</h1>
          <p>${detail}</p>
          <p>Request: <code>${requestId}</code></p>
          <p><a href="/">Try again</a></p>
        </main>
      </body>
    </html>`;
}
