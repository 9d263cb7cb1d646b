import { describe, expect, test } from 'vitest';
import type { BilingualText, Check } from '../../src/policy/index.ts';
import { CATALOGUE, CHECKS } from '../../src/policy/index.ts';
import { WITNESS_LABEL } from '../../src/report/witness-labels.ts';
import { articleOf, plainText } from '../support/page.ts';
import { plantedPage } from '../support/planted-page.ts';

/** Names of things that are the same in every language. */
const NAMES =
  /\b(?:ACL|AWS|aws|DNS|DHCP|VPC|JSON|PIPL|GDPR|IP|ICP|IPv[46]|API|NAT|EC2|ECS|ECR|RDS|KMS|RIR|Lite|DB-IP|SHA-256|CloudTrail|Postgres|Neo4j|Redis|PIPIA|URL|TLS|BYOIP|English|domicile|jq|openssl|docs\/verify\.md|result\.json|KEY\.pem|LOG_UNSIGNED|ctid|standard|enterprise|CN|SG|DE|US|TW|E\d+)\b/g;

/** Runs of Latin letters that are no name: what nobody translated. */
function english(text: string): readonly string[] {
  return [...text.replaceAll(NAMES, ' ').matchAll(/[A-Za-z]{3,}/g)].map(([word]) => word);
}

const HAN = /\p{Script=Han}/u;

function places(text: string): readonly string[] {
  return [...new Set([...text.matchAll(/\{(\w+)\}/g)].map(([, name]) => name ?? ''))].toSorted();
}

const WORDS: readonly (readonly [string, BilingualText])[] = [
  ...Object.entries(CATALOGUE).map(([id, text]) => [`catalogue ${id}`, text] as const),
  ...[...CHECKS].flatMap(([id, check]) =>
    textsOf(check.words).map(([key, text]) => [`${id} ${key}`, text] as const),
  ),
];

function textsOf({ claim, ...groups }: Check['words']): readonly (readonly [string, BilingualText])[] {
  return [
    ['claim', claim],
    ...Object.entries(groups).flatMap(
      ([group, texts]: readonly [string, Readonly<Record<string, BilingualText>>]) =>
        Object.entries(texts).map(([key, text]): readonly [string, BilingualText] => [
          `${group}.${key}`,
          text,
        ]),
    ),
  ];
}

describe('the words of every check', () => {
  test.each(WORDS)('%s stands in both languages, with the same places to fill', (_name, { en, zh }) => {
    expect(en).toMatch(/[a-z]{2}/);
    expect(en).not.toMatch(HAN);
    expect(zh).toMatch(HAN);
    expect(english(zh.replaceAll(/\{\w+\}|\b[a-z]+\.[a-z-]+\b/g, ' '))).toEqual([]);
    expect(places(zh)).toEqual(places(en));
  });

  test('the search for untranslated words finds one', () => {
    expect(english('日志 logs 缺失')).toEqual(['logs']);
  });
});

describe('a report over every plant', async () => {
  const { result, page } = await plantedPage();

  test('leaves no place unfilled', () => {
    expect(plainText(page).match(/\{[a-z]\w*\}/gi)).toBeNull();
  });

  test('has no English in its Chinese article but identifiers and names', () => {
    const { deployment, run, processing } = result;
    const names = [
      deployment.customer,
      deployment.operator,
      run.runBy,
      ...processing.map(({ entity }) => entity),
    ];
    const shown = articleOf(page, 'zh-CN')
      .replaceAll(/<(code|time)\b[^>]*>.*?<\/\1>/gs, ' ')
      .replaceAll(/<(\w+)[^>]* lang="en"[^>]*>.*?<\/\1>/gs, ' ');
    const text = names.reduce((left, name) => left.replaceAll(name, ' '), plainText(shown));
    const identifiers = /[\w.*-]+(?:[/:._][\w.*-]+)+|\b[a-z]+(?:-[a-z0-9]+)+\b|\b(?:rds|ecs|s3|kms)\b/g;
    expect(english(text.replaceAll(identifiers, ' '))).toEqual([]);
  });

  test('has a word in both languages for every witness label that is no identifier', () => {
    const labels = result.controls.flatMap(({ findings, positive, disclosed }) =>
      [...findings, ...positive, ...disclosed].flatMap(({ witness }) => witness.map(({ label }) => label)),
    );
    const unknown = labels.filter(
      (label) => !Object.hasOwn(WITNESS_LABEL, label) && /^[A-Za-z]+(?:[ -][A-Za-z]+)*$/.test(label),
    );
    expect([...new Set(unknown)]).toEqual([]);
  });
});
